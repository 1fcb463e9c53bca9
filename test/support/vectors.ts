/** Signed links by a fixed key and clock: good ones, and ones with one thing wrong. Whatever our signer can make, it made. */
import { createHmac } from 'node:crypto'
import type { Entry } from '../../src/journals/connector.js'
import { entryOf, journalOf } from '../contract/connector.js'
import { opener, toolsOf } from '../journals/door-tools.js'

export const VECTOR = {
  ...{ key: 'test-vector-key-of-the-bridge-0001', now: 1_795_507_200 },
  ...{ bridge: 'https://vhod.school.example', audience: 'sgo' },
} as const

export interface Vector {
  readonly id: string
  readonly ru: string
  readonly en: string
  readonly token: string
  /** The journal lets in only those who began there. */
  readonly requireState?: boolean
  /** What the receiver must do: the login of whom it lets in, or the word of the refusal. */
  readonly login?: string
  readonly refused?: string
}

interface Making {
  readonly issuer?: string
  readonly key?: string
  /** Seconds from the clock of the vectors to the bridge's. */
  readonly ahead?: number
  readonly block?: object
  readonly entry?: Partial<Entry>
}

const given = { account: 'a-7Zc0', login: 'p-1001', role: 'parent', school: 'school-1', child: 'c-501' } as const
const unusual = { ...given, login: `ё.о'нил😀`, lastName: 'Ёжикова-О’Нил', firstName: `Д'Арья 👩‍👧` }
const names = { account: '{account}', role: '{role}', school: '{school}' }
const byForm = (claims: object): object => ({ method: 'post', claims: { ...names, ...claims } })
const released = ['account', 'login', 'role', 'school', 'child', 'lastName', 'firstName'] as const
const wrong = (subject: string) => new Error(`nothing was changed: ${subject}`)

/** Each row as the page lists it; the same text every time. */
export function vectors(): readonly Vector[] {
  let made = 0
  /** What our connector sends; no two with one `jti`. */
  const sent = ({ issuer = VECTOR.bridge, key = VECTOR.key, ahead = 0, block, entry }: Making = {}): string => {
    const byte = ++made
    const tools = {
      ...{ ...toolsOf(journalOf(released), (VECTOR.now + ahead) * 1_000), issuer, secret: () => Buffer.from(key) },
      chance: { bytes: (count: number) => Buffer.alloc(count, byte) },
    }
    const door = opener('signed-link')({ url: 'https://sgo.school.example/sso', alg: 'HS256', ...block }, tools)
    const { handOff } = door.handOff(entryOf({ person: { subject: 'test-subject', given }, ...entry }))
    return handOff.how === 'post' ? handOff.fields['token']! : handOff.to.searchParams.get('token')!
  }
  const good = sent()
  return [...accepted(sent, good), ...forged(sent, good), ...misdirected(sent, good), ...misshapen(sent)]
}

type Sender = (making?: Making) => string

const accepted = (sent: Sender, good: string): readonly Vector[] => [
  { id: 'good', ru: 'верный пропуск', en: 'a good token', token: good, login: given.login },
  {
    ...{ id: 'unusual-names', login: unusual.login },
    ...{ ru: 'верный: в логине и в имени «Ё», апострофы, эмодзи', en: 'good: Ё, apostrophes and emoji in login and name' },
    token: sent({
      block: byForm({ login: '{login}', fio: '{lastName} {firstName}' }),
      entry: { person: { subject: 'test-subject', given: unusual } },
    }),
  },
  { id: 'clock-ahead', ru: 'верный: часы моста впереди на 30 секунд', en: 'good: the bridge’s clock is 30 seconds ahead', token: sent({ ahead: 30 }), login: given.login },
  { id: 'just-expired', ru: 'верный: кончился 29 секунд назад', en: 'good: expired 29 seconds ago', token: sent({ ahead: -89 }), login: given.login },
] // prettier-ignore

const forged = (sent: Sender, good: string): readonly Vector[] => [
  { id: 'bad-signature', ru: 'в подписи изменён один знак', en: 'one letter of the signature changed', token: spoilt(sent(), otherSignature), refused: 'token-signature' },
  { id: 'other-key', ru: 'подписан другим ключом', en: 'signed with another key', token: sent({ key: 'test-vector-key-of-somebody-else-1' }), refused: 'token-signature' },
  { id: 'other-account', ru: 'под прежней подписью другая учётная запись', en: 'another account under the old signature', token: spoilt(sent(), ([head, claims, mac]) => [head, part(changed(textOf(claims), 'a-7Zc0', 'a-7Zc1')), mac].join('.')), refused: 'token-signature' },
  { id: 'alg-none', ru: '`alg` `none`, подпись прежняя', en: '`alg` `none` above the old signature', token: spoilt(sent(), ([, claims, mac]) => [part('{"alg":"none","typ":"JWT"}'), claims, mac].join('.')), refused: 'token-algorithm' },
  { id: 'alg-none-unsigned', ru: '`alg` `none`, подписи нет', en: '`alg` `none` without a signature', token: spoilt(sent(), ([, claims]) => `${part('{"alg":"none","typ":"JWT"}')}.${claims}.`), refused: 'token-form' },
  { id: 'alg-hs512', ru: '`alg` `HS512`, подписан им же и тем же ключом', en: '`alg` `HS512`, signed so with the same key', token: spoilt(sent(), ([, claims]) => signed('{"alg":"HS512","typ":"JWT"}', textOf(claims), 'sha512')), refused: 'token-algorithm' },
  { id: 'alg-rs256', ru: '`alg` `RS256`, подписан HS256 тем же ключом', en: '`alg` `RS256`, signed as HS256 with the same key', token: spoilt(sent(), ([, claims]) => signed('{"alg":"RS256","typ":"JWT"}', textOf(claims))), refused: 'token-algorithm' },
  { id: 'replay', ru: 'тот же `good` ещё раз', en: '`good` once more', token: good, refused: 'token-used' },
] // prettier-ignore

const misdirected = (sent: Sender, good: string): readonly Vector[] => [
  { id: 'expired', ru: 'кончился 30 секунд назад', en: 'expired 30 seconds ago', token: sent({ ahead: -90 }), refused: 'token-expired' },
  { id: 'not-yet-valid', ru: 'будет выдан через 31 секунду', en: 'issued in 31 seconds', token: sent({ ahead: 31 }), refused: 'token-early' },
  { id: 'other-audience', ru: 'для другого журнала', en: 'for another journal', token: sent({ block: { audience: 'eljur' } }), refused: 'token-audience' },
  { id: 'other-issuer', ru: 'от другого моста', en: 'from another bridge', token: sent({ issuer: 'https://vhod.school.example.evil.example' }), refused: 'token-issuer' },
  { id: 'issuer-with-slash', ru: 'в `iss` лишняя косая черта', en: 'a slash too many in `iss`', token: sent({ issuer: `${VECTOR.bridge}/` }), refused: 'token-issuer' },
  { id: 'foreign-state', ru: '`state`, которого журнал не давал', en: 'a `state` that the journal never gave', token: sent({ entry: { state: 'of-another-browser' } }), refused: 'state-foreign' },
  { id: 'no-state', ru: '`state` нет, а журнал его требует', en: 'no `state`, which the journal demands', token: good, requireState: true, refused: 'state-foreign' },
] // prettier-ignore

const misshapen = (sent: Sender): readonly Vector[] => [
  { id: 'signature-goes-on', ru: 'за подписью ещё четыре знака', en: 'four more letters behind the signature', token: `${sent()}AAAA`, refused: 'token-signature' },
  { id: 'fourth-part', ru: 'за подписью ещё одна часть', en: 'a fourth part', token: `${sent()}.e30`, refused: 'token-form' },
  { id: 'padding', ru: 'подпись кончается на `=`', en: 'the signature ends with `=`', token: `${sent()}=`, refused: 'token-form' },
  { id: 'standard-base64', ru: 'подпись обычным base64 (`+` и `/`)', en: 'the signature in standard base64 (`+` and `/`)', token: spoilt(withBoth(sent), ([head, claims, mac]) => [head, claims, mac.replaceAll('-', '+').replaceAll('_', '/')].join('.')), refused: 'token-form' },
  { id: 'alg-twice', ru: '`alg` в заголовке дважды, подпись верна', en: '`alg` twice in the header, well signed', token: spoilt(sent(), ([, claims]) => signed('{"alg":"none","alg":"HS256","typ":"JWT"}', textOf(claims))), refused: 'token-form' },
  { id: 'login-twice', ru: '`login` дважды, подпись верна', en: '`login` twice, well signed', token: spoilt(sent(), ([head, claims]) => signed(textOf(head), changed(textOf(claims), '"login":', '"login":"t-1","login":'))), refused: 'token-form' },
  { id: 'no-login', ru: 'нет `login`', en: 'no `login`', token: sent({ block: byForm({}) }), refused: 'token-form' },
  { id: 'expiry-as-text', ru: '`exp` — строка, подпись верна', en: '`exp` is a string, well signed', token: spoilt(sent(), ([head, claims]) => signed(textOf(head), textOf(claims).replace(/"exp":(\d+)/, '"exp":"$1"'))), refused: 'token-form' },
  { id: 'logout-token', ru: 'сообщение о выходе вместо пропуска (`typ` `logout+jwt`)', en: 'a logout token instead (`typ` `logout+jwt`)', token: spoilt(sent(), ([head, claims]) => signed(changed(textOf(head), 'JWT', 'logout+jwt'), textOf(claims))), refused: 'token-form' },
] // prettier-ignore

const part = (text: string): string => Buffer.from(text).toString('base64url')
const textOf = (encoded: string): string => Buffer.from(encoded, 'base64url').toString()

/** Signed as ours is, whatever stands in it. */
function signed(header: string, claims: string, digest = 'sha256'): string {
  const body = `${part(header)}.${part(claims)}`
  return `${body}.${createHmac(digest, VECTOR.key).update(body).digest('base64url')}`
}

function spoilt(token: string, change: (parts: readonly [string, string, string]) => string): string {
  const other = change(token.split('.') as [string, string, string])
  if (other === token) throw wrong(token)
  return other
}

function changed(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw wrong(text)
  return text.replace(from, to)
}

const otherSignature = ([head, claims, mac]: readonly [string, string, string]): string =>
  [head, claims, (mac.startsWith('A') ? 'B' : 'A') + mac.slice(1)].join('.')

/** One whose signature has both letters by which base64url differs from base64. */
function withBoth(sent: Sender): string {
  for (;;) {
    const token = sent()
    const [mac] = token.split('.').slice(-1)
    if (mac!.includes('-') && mac!.includes('_')) return token
  }
}
