/**
 * Attacks on an address where the bridge's server asks the journal's: who may ask there. Whoever must not ask must hear no answer at
 * all. Of an old login the questions are about one that nobody has, so that nobody is locked out.
 */
import type { ServerCall } from '../../journals/connector.js'
import type { TokenType } from '../../journals/token.js'
import type { Attack, Came } from './attack.js'
import { openBrowser } from './browser.js'
import * as jwt from './jwt.js'
import type { NewAccountForge, QuestionForge } from './question-forge.js'
import { shownAnswer, type Scene } from './scene.js'

interface Questions {
  /** Before the name of each attack. */
  readonly prefix: string
  readonly forge: (scene: Scene) => QuestionForge | undefined
  /** Name in the answer that is true or false. */
  readonly said: string
  /** What is asked, after «a question». */
  readonly about: string
  readonly expected: string
  readonly docs: string
  /** Other messages that the same words must not be taken from. */
  readonly typ: TokenType
  readonly others: readonly TokenType[]
}

const oldLogin: Questions = {
  ...{ prefix: 'check', said: 'valid', typ: 'login-check+jwt', others: ['JWT', 'logout+jwt'] },
  ...{ about: 'about a login that nobody has', expected: '200 {"valid":false}', docs: 'old-login.md' },
  forge: ({ forge }) => forge.oldLogin,
}

const newAccount: Questions = {
  ...{ prefix: 'create', said: 'created', typ: 'new-account+jwt', others: ['JWT', 'logout+jwt', 'login-check+jwt'] },
  ...{ about: 'for an account of a person who does not exist', expected: '200 {"created":true,"login":…}, or false' },
  ...{ docs: 'new-account.md', forge: ({ forge }) => forge.newAccount },
}

const fixOf = ({ typ }: Questions): string =>
  `Answer 400 unless signature, algorithm, typ (${typ}), issuer, audience and time are right and jti is new: else anybody may ask there.`

interface Heard {
  /** Whether there was an answer to the question. */
  readonly said: boolean
  readonly shown: string
  readonly answer: Readonly<Record<string, unknown>>
}

async function ask({ network }: Scene, { said }: Questions, { to, fields }: ServerCall): Promise<Heard> {
  const reply = await openBrowser(network).post(to, fields)
  const answer = reply.status === 200 ? objectIn(reply.body) : {}
  return { said: typeof answer[said] === 'boolean', shown: shownAnswer({ answer: reply, at: to }), answer }
}

function objectIn(body: Uint8Array): Heard['answer'] {
  try {
    const read: unknown = JSON.parse(Buffer.from(body).toString())
    return typeof read === 'object' && read !== null ? (read as Heard['answer']) : {}
  } catch {
    return {}
  }
}

/** Messages that must earn no answer. */
const asking = (
  questions: Questions,
  id: string,
  sent: string,
  make: (forge: QuestionForge) => readonly ServerCall[],
): Attack => ({
  ...{ id: `${questions.prefix}-${id}`, sent, blind: true, fix: fixOf(questions), expected: 'neither yes nor no' },
  async run(scene) {
    const forge = questions.forge(scene)
    if (!forge) return undefined
    let came = ''
    for (const call of make(forge)) {
      const { said, shown } = await ask(scene, questions, call)
      came = `${shown}, ${said ? 'and an answer' : 'no answer'}`
      if (said) return { open: true, came }
    }
    return { open: false, came }
  },
})

const respelt = (call: ServerCall, change: (token: jwt.Jwt) => readonly string[]): readonly ServerCall[] => {
  const [[name, text]] = Object.entries(call.fields) as [[string, string]]
  return change(jwt.read(text)).map(token => ({ ...call, fields: { [name]: token } }))
}

const attacksOn = (questions: Questions): readonly Attack[] => [
  {
    ...{ id: `${questions.prefix}-honest`, sent: `an honest question ${questions.about}`, blind: true },
    expected: questions.expected,
    fix: `Compare url, alg, key and audience of the settings with the journal; docs/integrators/${questions.docs} says what it must answer.`,
    run: scene => honest(questions, scene),
  },
  asking(questions, 'other-key', 'a question signed with a key of our own', forge => [forge.ask({ key: 'other' })]),
  asking(questions, 'unsigned', 'a question with a broken signature, and with alg: none', forge =>
    respelt(forge.ask(), token => [jwt.brokenSignature(token), ...jwt.algNone(token)]),
  ),
  asking(questions, 'stale', 'a question of ten minutes ago, and one of ten minutes ahead', forge =>
    [-600_000, 600_000].map(ahead => forge.ask({ ahead })),
  ),
  asking(questions, 'other-audience', 'a question to another journal, and one of another bridge', forge => [
    forge.ask({ audience: 'check-journal-other' }),
    forge.ask({ issuer: 'https://check-journal.example' }),
  ]),
  asking(questions, 'other-type', 'the same words as messages of other types', forge =>
    questions.others.map(typ => forge.retyped(typ)),
  ),
  {
    ...{ id: `${questions.prefix}-replay`, sent: 'the same honest question twice, and twice at once', blind: true },
    ...{ expected: 'one answer', fix: fixOf(questions), run: scene => replay(questions, scene) },
  },
]

async function honest(questions: Questions, scene: Scene): Promise<Came | undefined> {
  const forge = questions.forge(scene)
  if (!forge) return undefined
  const { said, shown } = await ask(scene, questions, forge.ask())
  return { open: !said, came: `${shown}, ${said ? 'and an answer' : 'no answer that can be read'}` }
}

async function replay(questions: Questions, scene: Scene): Promise<Came | undefined> {
  const forge = questions.forge(scene)
  if (!forge) return undefined
  const [first, second] = [forge.ask(), forge.ask()]
  const inTurn = [await ask(scene, questions, first), await ask(scene, questions, first)]
  const atOnce = await Promise.all([second, second, second].map(call => ask(scene, questions, call)))
  const most = Math.max(...[inTurn, atOnce].map(all => all.filter(({ said }) => said).length))
  return { open: most > 1, came: `${most} answers to the same question` }
}

/** Another message under the same key, as after an answer that got lost, and several at once, as from two nodes. */
async function sameKey(scene: Scene): Promise<Came | undefined> {
  const forge: NewAccountForge | undefined = scene.forge.newAccount
  if (!forge) return undefined
  const wish = forge.wish()
  const heard = await Promise.all([0, 1, 2].map(() => ask(scene, newAccount, forge.ask({ wish }))))
  heard.push(await ask(scene, newAccount, forge.ask({ wish })))
  const logins = new Set(heard.map(({ answer }) => String(answer['login'])))
  const made = heard.every(({ answer }) => answer['created'] === true)
  const declined = heard.every(({ answer }) => answer['created'] === false)
  const came = made
    ? `${logins.size} accounts under one key`
    : `${heard.filter(({ said }) => said).length} answers of 4`
  return { open: !declined && !(made && logins.size === 1), came }
}

export const questions: readonly Attack[] = [
  ...attacksOn(oldLogin),
  ...attacksOn(newAccount),
  {
    ...{ id: 'create-same-key', sent: 'four messages under one key, three of them at once', blind: true },
    ...{ expected: 'the same account every time', run: sameKey },
    fix: 'Keep the key with the account, under a unique index, and answer the account that has it: else a lost answer makes a second one.',
  },
]
