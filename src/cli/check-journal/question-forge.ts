/** Makes questions of our server as the bridge would, and such as it never would. */
import { randomId, systemChance } from '../../base/chance.js'
import type { DoorTools, ServerCall } from '../../journals/connector.js'
import { openNewAccounts, type NewAccountsBlock } from '../../journals/new-account.js'
import { openOldLogin, type OldLoginBlock } from '../../journals/old-login.js'
import { openSigner } from '../../journals/signer.js'
import type { TokenType } from '../../journals/token.js'
import type { Order } from './forge.js'
import * as jwt from './jwt.js'

type Wrong = Pick<Order, 'ahead' | 'issuer' | 'audience' | 'key'>

export interface QuestionForge {
  /** Each time another one. */
  ask(order?: Wrong): ServerCall
  /** The same words, rightly signed, under another name of what they are. */
  retyped(typ: TokenType): ServerCall
}

/** What an account is wanted under, and for whom. */
interface Wish {
  readonly key: string
  readonly subject: string
}

export interface NewAccountForge extends QuestionForge {
  wish(): Wish
  ask(order?: Wrong & { readonly wish?: Wish }): ServerCall
}

type ToolsFor = (order: Order) => DoorTools

const asked = <Block extends OldLoginBlock | NewAccountsBlock>(block: Block, { audience }: Wrong): Block => ({
  ...block,
  ...(audience !== undefined && { audience }),
})

function retypedBy(block: OldLoginBlock | NewAccountsBlock, toolsFor: ToolsFor, ask: () => ServerCall) {
  return (typ: TokenType): ServerCall => {
    const call = ask()
    const [[name, text]] = Object.entries(call.fields) as [[string, string]]
    return { ...call, fields: { [name]: openSigner(block, toolsFor({}))(jwt.read(text).claims, typ) } }
  }
}

/** About a login that nobody has. */
export function oldLoginForge(block: OldLoginBlock, school: string, toolsFor: ToolsFor): QuestionForge {
  const ask: QuestionForge['ask'] = (order = {}) => {
    const login = `check-journal-${randomId(systemChance).slice(0, 8)}`
    return openOldLogin(asked(block, order), toolsFor(order)).ask({ login, password: randomId(systemChance), school })
  }
  return { ask, retyped: retypedBy(block, toolsFor, ask) }
}

/** For people who do not exist. */
export function newAccountForge(block: NewAccountsBlock, school: string, toolsFor: ToolsFor): NewAccountForge {
  const wish = (): Wish => ({ key: randomId(systemChance), subject: `check-journal-${randomId(systemChance)}` })
  const ask: NewAccountForge['ask'] = ({ wish: { key, subject } = wish(), ...order } = {}) => {
    const given = { school, role: block.roles[0]!, lastName: 'Проверкина', firstName: 'Проба' }
    return openNewAccounts(asked(block, order), toolsFor(order)).ask({ key, person: { subject, given } })
  }
  return { wish, ask, retyped: retypedBy(block, toolsFor, ask) }
}
