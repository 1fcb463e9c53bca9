/** Everything that a store keeps about people, written and read once. */
import { systemChance } from '../../src/base/chance.js'
import { newCode } from '../../src/identity/codes.js'
import type { Store } from '../../src/store/open.js'
import {
  claim,
  entered,
  key,
  MINUTE,
  NUMBER,
  pendingLogout,
  person,
  record,
  session,
  SNILS,
  started,
  T0,
} from '../contract/samples.js'
import { deposit, entering } from '../contract/entering.js'
import { brought, code, shown } from '../contract/codes.js'
import { answer, confirmation, device, given } from '../contract/confirmations.js'
import { creation } from '../contract/creations.js'
import { giving } from '../contract/consents.js'
import { event, link } from '../contract/links.js'
import { message } from '../contract/messages.js'
import { request } from '../contract/requests.js'
import { visit } from '../contract/visits.js'

export const KEY = key('session-1')
const received = { attributes: [{ name: 'lastName', values: ['Ъюникова'] }] }

/** Everything that a login, a logout and an import write. */
export async function live(store: Store): Promise<void> {
  await store.logins.start(started())
  await store.logins.claim(claim({ session: session('session-1', { received }) }))
  await store.logins.choose('login-1', 'choice-1')
  await store.sessions.touch(KEY, T0 + 5 * MINUTE)
  await store.logins.enter(entering({ deposit, entered: entered('a-1', { mark: 'https://sgo.example/Ъюникова' }) }))
  await store.visits.open('visit-1', visit(), T0 + 5 * MINUTE)
  await store.logouts.start(pendingLogout())
  await store.roster.replace('sgo', 'school-1', [record(), record('yunikova-2', { role: 'teacher' })], { now: T0 })
  await store.roster.replace('sgo', 'school-1', [record()], { now: T0 })
  const who = store.pseudonyms.forAudit(person)
  await store.audit.record({
    at: T0,
    what: 'login.verified',
    result: 'ok',
    number: NUMBER,
    person: who,
    facts: { n: 1 },
  })
  await store.consents.give(giving())
  await store.links.make(link(), event('link.made'))
  await store.requests.file([request()], event('login.refused'))
  await store.creations.begin(creation(), event('account.asked'))
  await store.codes.make([code()], event('code.made'))
  await store.codes.look(brought(), shown)
  await store.codes.find(brought({ code: newCode(systemChance) }))
  await store.confirmations.start(confirmation(), event('confirmation.started'))
  await store.confirmations.answer(answer({ remember: device() }), given)
  await store.noticeChoices.choose(person, ['consents'], event('notices.chosen'), message())
  await store.rateCounts.add([{ key: 'starts 192.0.2.1', minute: T0 / MINUTE, count: 9 }])
  await store.check()
}

/** @returns what every port has to say about it */
export async function read(store: Store): Promise<unknown> {
  return {
    login: await store.logins.find('login-1', T0),
    session: await store.sessions.find(KEY, T0),
    visit: await store.visits.find('visit-1', 'sgo', T0),
    logout: await store.logouts.find('logout-1', T0),
    accounts: await store.roster.bySnils(SNILS),
    events: await store.audit.byNumber(NUMBER),
    consent: await store.consents.find(person, 'choice-1'),
    links: await store.links.around(person, ['a-1']),
    requests: await store.requests.of(person),
    creations: await store.creations.of(person),
    codes: await store.codes.living('sgo', 'school-1', T0),
    confirmation: await store.confirmations.find(KEY, { what: 'link', about: 'a-1' }),
    devices: await store.devices.of(person, T0),
    subject: store.pseudonyms.forJournal(person, 'sgo'),
  }
}
