/** The mock IdP makes, the judge judges: keys and metadata as both publish them, the same clock and chance for every message. */
import type { Oddity } from '../../src/mock-idp/oddities.js'
import type { Fault, Shape } from '../../src/mock-idp/fault.js'
import { idpMetadata } from '../../src/mock-idp/metadata.js'
import { defaultPeople, personOfKey } from '../../src/mock-idp/people.js'
import { makeResponse, modern, type Made, type Order } from '../../src/mock-idp/respond.js'
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import { readIdpMetadata } from '../../src/saml/metadata.js'
import { judgeResponse, type Asked, type Verdict } from '../../src/saml/response.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import type { ServiceProvider, TrustedIdp } from '../../src/saml/trust.js'
import { at, countedChance, makeParties } from '../mock-idp/stand.js'
import { comparable } from './comparable.js'

export const NOW = at
const REQUEST = '_request'
const ENTITY_ID = 'https://idp.example/idp/shibboleth'

export interface Courtroom {
  readonly idp: TrustedIdp
  readonly sp: ServiceProvider
  readonly order: Omit<Order, 'chance'>
  /** With the same chance every time. */
  make(order?: Partial<Order>): Made
  /** The row's own message, and whether it differs from the unspoilt one of the same shape. */
  spoilt(row: Fault | Oddity, order?: Partial<Order>): { readonly made: Made; readonly changed: boolean }
  judge(posted: string, changes?: Partial<Asked>): Verdict
}

export async function openCourtroom(): Promise<Courtroom> {
  const { key, sp } = await makeParties()
  const idp = readIdpMetadata(idpMetadata(ENTITY_ID, 'https://idp.example', [key]), {
    legacyAlgorithms: false,
    cbc: 'never',
    acceptUnsolicited: false,
  })
  const order: Omit<Order, 'chance'> = {
    entityId: ENTITY_ID,
    key,
    serviceProvider: readServiceProvider(spMetadata(sp)),
    acsUrl: sp.acsUrl,
    inResponseTo: REQUEST,
    person: personOfKey(defaultPeople(), 'mother'),
    now: NOW,
  }
  const make: Courtroom['make'] = (more = {}) => makeResponse({ ...order, chance: countedChance(), ...more })
  const compare = (made: Made): string => comparable(made.base64, sp.decryption[0]!.privateKey)
  const honests = new Map<string, string>()
  const honestlike = (shape: Partial<Shape>): string => {
    const key = JSON.stringify(shape)
    const known = honests.get(key) ?? compare(make({ shape }))
    honests.set(key, known)
    return known
  }
  return {
    idp,
    sp,
    order,
    make,
    spoilt(row, more) {
      // leaving a signature out is a change of its own, so only then the usual shape is the honest one
      const { sign, encrypt } = row.shape?.(modern) ?? modern
      const shape = sign === 'none' ? {} : { sign, encrypt }
      const made = make({ ...more, fault: row.name })
      return { made, changed: compare(made) !== honestlike(shape) }
    },
    judge: (posted, changes = {}) =>
      judgeResponse(posted, { idp, sp, request: { id: REQUEST, at: NOW, forced: false }, now: NOW, ...changes }),
  }
}

/** What became of it, in one word. */
export const outcomeOf = (verdict: Verdict): string => (verdict.accepted ? 'accepted' : verdict.refusal.code)
