/** What Outbox, NoticeChoices and the sightings of devices must do, whichever database is behind them. */
import { expect } from 'chai'
import type { Sighting } from '../../src/login/confirm-ports.js'
import type { NewMessage, WaitingMessage } from '../../src/login/message-ports.js'
import type { Store } from '../../src/store/open.js'
import type { DeviceKey } from '../../src/words/confirming.js'
import { brought, code } from './codes.js'
import { giving, withdrawal } from './consents.js'
import { device } from './confirmations.js'
import { entering } from './entering.js'
import { event, link, somebodyElse } from './links.js'
import {
  claim,
  HOUR,
  MINUTE,
  NUMBER,
  person,
  session,
  signIn,
  started,
  T0,
  together,
  using,
  without,
  type Open,
} from './samples.js'

export const message = (change: Partial<NewMessage> = {}): NewMessage => ({
  ...{ id: 'message-1', kind: 'accounts', person, number: NUMBER, to: 'yunikova@pochta.example' },
  ...{ subject: 'Ъюникова: тема', text: 'Ъюникова: текст', at: T0 },
  ...change,
})
const waiting = (change: Partial<WaitingMessage> = {}): WaitingMessage => ({
  ...without(message(), 'person', 'at'),
  ...{ since: T0, attempts: 0 },
  ...change,
})
const chosen = event('notices.chosen')
const due = (store: Store, now = T0 + HOUR) => store.outbox.due(now, now + MINUTE, 10)
const ids = async (store: Store) => (await due(store)).map(({ id }) => id)
const KEY = 'device-key' as DeviceKey

const sighting = (change: Partial<Sighting> = {}) =>
  ({
    at: 'new',
    person,
    now: T0,
    device: without(device(), 'trustedUntil'),
    message: message({ kind: 'devices' }),
    ...change,
  }) as Sighting
async function seen(store: Store, id: string, what: Sighting): Promise<void> {
  await store.logins.start(started(id))
  const assertion = { idp: person.idp, id: `_${id}`, rememberUntil: T0 + HOUR }
  await store.logins.claim(claim({ login: id, assertion, session: session(id), sighting: what }))
}

export function messagesContract(driver: string, open: Open): void {
  describe(`messages: ${driver}`, () => {
    writing(open)
    sending(open)
  })
  describe(`sightings of devices: ${driver}`, () => sightings(open))
}

function writing(open: Open): void {
  it(
    'are written with what they tell of, and not without it',
    using(open, async store => {
      await store.links.make(link(), event('link.made'))
      expect(await store.links.end(somebodyElse, 'link-1', T0, event('link.ended'), message())).to.equal(false)
      expect(await ids(store)).to.deep.equal([])
      await store.links.end(person, 'link-1', T0, event('link.ended'), message())
      expect(await due(store, T0)).to.deep.equal([waiting()])
      await store.consents.withdraw(['consent-1'], { ...withdrawal(), message: message({ id: 'message-2' }) })
      await store.consents.give(giving())
      await store.consents.withdraw(['consent-1'], { ...withdrawal(), message: message({ id: 'message-3' }) })
      await store.codes.make([code()], event('code.made'))
      await store.codes.use(
        brought(),
        link({ ground: 'code', id: 'l-2' }),
        event('code.used'),
        message({ id: 'message-4' }),
      )
      await signIn(store, session())
      await store.logins.enter(
        entering({ link: link({ id: 'l-3', accountId: 'a-3' }), message: message({ id: 'message-5' }) }),
      )
      expect(await ids(store)).to.have.members(['message-1', 'message-3', 'message-4', 'message-5'])
    }),
  )

  it(
    'are not written for whoever does not want that kind, and told once that it was switched off',
    using(open, async store => {
      expect(await store.noticeChoices.off(person)).to.deep.equal([])
      await store.noticeChoices.choose(person, ['accounts'], chosen)
      await store.noticeChoices.choose(
        person,
        ['accounts', 'devices'],
        chosen,
        message({ id: 'last', kind: 'devices' }),
      )
      expect(await store.noticeChoices.off(person)).to.deep.equal(['devices', 'accounts'])
      expect(await store.noticeChoices.off(somebodyElse)).to.deep.equal([])
      await store.links.make(link(), event('link.made'))
      await store.links.end(person, 'link-1', T0, event('link.ended'), message())
      expect(await ids(store)).to.deep.equal(['last'])
      await store.noticeChoices.choose(person, [], chosen)
      expect(await store.noticeChoices.off(person)).to.deep.equal([])
    }),
  )
}

function sending(open: Open): void {
  it(
    'go to one of fifty, again when they were put off long enough, and never when they are forgotten',
    using(open, async store => {
      await store.noticeChoices.choose(person, [], chosen, message())
      const answers = await together(() => store.outbox.due(T0, T0 + MINUTE, 10))
      expect(answers.flat()).to.deep.equal([waiting()])
      expect(await due(store, T0 + MINUTE - 1)).to.deep.equal([])
      await store.outbox.putOff('message-1', T0 + 5 * MINUTE)
      expect(await due(store, T0 + 5 * MINUTE)).to.deep.equal([waiting({ attempts: 1 })])
      await store.outbox.forget('message-1')
      expect(await due(store, T0 + 24 * HOUR)).to.deep.equal([])
    }),
  )
}

function sightings(open: Open): void {
  it(
    'make a device known to its person alone, with a message once',
    using(open, async store => {
      expect(await store.devices.knows([KEY], person)).to.equal(false)
      await seen(store, 'one', sighting())
      expect(await store.devices.knows(['other' as DeviceKey, KEY], person)).to.equal(true)
      expect(await store.devices.knows([KEY], somebodyElse)).to.equal(false)
      expect(await store.devices.knows([], person)).to.equal(false)
      expect(await ids(store)).to.deep.equal(['message-1'])
      expect(await store.devices.trusts([KEY], person, T0), 'seen is not trusted').to.equal(false)
      expect(await store.devices.of(person, T0)).to.deep.equal([])
    }),
  )

  it(
    'forget a device after a year without a sign-in',
    using(open, async store => {
      const DAY = 24 * HOUR
      await seen(store, 'one', sighting())
      await seen(store, 'two', sighting({ at: 'known', keys: [KEY], now: T0 + 100 * DAY }))
      expect(await store.devices.sweep(T0 + 465 * DAY - 1)).to.equal(0)
      expect(await store.devices.sweep(T0 + 465 * DAY)).to.equal(1)
    }),
  )
}
