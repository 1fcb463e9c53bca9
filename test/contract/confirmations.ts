/** What Confirmations and Devices must do, whichever database is behind them. */
import { expect } from 'chai'
import { newConfirmCode, type ConfirmCode } from '../../src/confirm/code.js'
import type { CodeAnswer, NewConfirmation, NewDevice } from '../../src/login/confirm-ports.js'
import type { Store } from '../../src/store/open.js'
import { CODE_TRIES, type DeviceKey } from '../../src/words/confirming.js'
import type { Person } from '../../src/words/person.js'
import { giving, withdrawal } from './consents.js'
import { event, link, somebodyElse } from './links.js'
import { HOUR, key, MINUTE, NUMBER, OTHER_SNILS, person, T0, together, using, without, type Open } from './samples.js'

const KEY = key('session-1')
const PURPOSE = { what: 'link', about: 'a-1' } as const
const CODE = '042137' as ConfirmCode
const WRONG = '042138' as ConfirmCode
const DEVICE = 'device-key' as DeviceKey
const DAY = 24 * HOUR

export const confirmation = (change: Partial<NewConfirmation> = {}): NewConfirmation => ({
  ...{ id: 'confirmation-1', session: KEY, purpose: PURPOSE, way: 'email', code: CODE },
  ...{ sentAt: T0, expiresAt: T0 + 10 * MINUTE },
  ...change,
})
export const device = (change: Partial<NewDevice> = {}): NewDevice => ({
  ...{ id: 'device-1', key: DEVICE, name: 'Ъюникова-браузер', trustedUntil: T0 + 90 * DAY },
  ...change,
})
export const answer = (change: Partial<CodeAnswer> = {}): CodeAnswer => ({
  ...{ session: KEY, purpose: PURPOSE, code: CODE, person, address: '192.0.2.77', now: T0 + MINUTE },
  ...change,
})

const started = event('confirmation.started')
export const given = event('confirmation.given')
export const start = (store: Store, change: Partial<NewConfirmation> = {}) =>
  store.confirmations.start(confirmation(change), started)
const tell = (store: Store, change: Partial<CodeAnswer> = {}) => store.confirmations.answer(answer(change), given)
const kinds = async (store: Store) => (await store.audit.byNumber(NUMBER)).map(({ what }) => what)
const trusts = (store: Store, who: Person = person, now = T0 + HOUR, keys = [DEVICE]) =>
  store.devices.trusts(keys, who, now)

export function confirmationsContract(driver: string, open: Open): void {
  describe(`confirmations: ${driver}`, () => {
    codesOf(open)
    guesses(open)
  })
  describe(`devices: ${driver}`, () => {
    trust(open)
    endsOfTrust(open)
  })
}

function codesOf(open: Open): void {
  it(
    'is right once, and told so twice',
    using(open, async store => {
      expect(await store.confirmations.find(KEY, PURPOSE)).to.equal(undefined)
      await start(store)
      const sent = { id: 'confirmation-1', way: 'email', sentAt: T0, expiresAt: T0 + 10 * MINUTE, locked: false }
      expect(await store.confirmations.find(KEY, PURPOSE)).to.deep.equal(sent)
      expect(await tell(store)).to.equal('confirmed')
      expect(await tell(store, { code: WRONG })).to.equal('confirmed-before')
      expect(await store.confirmations.find(KEY, PURPOSE)).to.deep.equal({ ...sent, confirmedAt: T0 + MINUTE })
      expect(await kinds(store)).to.deep.equal(['confirmation.started', 'confirmation.given'])
    }),
  )

  it(
    'confirms nothing else: no other purpose, account or session',
    using(open, async store => {
      await start(store)
      for (const change of [
        { purpose: { what: 'entry' } },
        { purpose: { what: 'link', about: 'a-2' } },
        { purpose: { what: 'unlink', about: 'a-1' } },
        { session: key('session-2') },
      ] as const) {
        expect(await tell(store, change)).to.equal('expired')
        expect(await store.confirmations.find(change.session ?? KEY, change.purpose ?? PURPOSE)).to.equal(undefined)
      }
      await start(store, { id: 'confirmation-2', purpose: { what: 'entry' }, code: WRONG })
      expect(await tell(store, { purpose: { what: 'entry' } }), 'the code of the link').to.equal('wrong')
    }),
  )

  it(
    'ends with its time, with the next one, and when it never left the house',
    using(open, async store => {
      await start(store)
      expect(await tell(store, { now: T0 + 10 * MINUTE })).to.equal('expired')
      await start(store, { id: 'confirmation-2', code: WRONG, sentAt: T0 + MINUTE })
      expect(await tell(store)).to.equal('wrong')
      expect(await tell(store, { code: WRONG })).to.equal('confirmed')
      await start(store, { id: 'confirmation-3', session: key('session-3') })
      await store.confirmations.drop('confirmation-3')
      expect(await tell(store, { session: key('session-3') })).to.equal('expired')
      expect(await store.confirmations.sweep(T0 + DAY)).to.equal(1)
    }),
  )
}

function guesses(open: Open): void {
  it(
    'is locked after five wrong answers, also of fifty at one moment, and the right one comes too late',
    using(open, async store => {
      await start(store)
      const answers = await together(() => tell(store, { code: WRONG }))
      expect(answers.filter(each => each === 'wrong')).to.have.length(CODE_TRIES - 1)
      expect(await tell(store)).to.equal('locked')
      expect((await store.confirmations.find(KEY, PURPOSE))?.locked).to.equal(true)
      expect(await kinds(store)).to.deep.equal(['confirmation.started'])
    }),
  )

  it(
    'hears nobody who has guessed ten times in an hour, whatever code and session',
    using(open, async store => {
      for (const id of ['1', '2']) {
        await start(store, { id, sentAt: T0 + Number(id) })
        for (let i = 0; i < CODE_TRIES; i++) await tell(store, { code: WRONG })
      }
      await start(store, { id: '3', session: key('session-3'), sentAt: T0 + 3 })
      expect(await tell(store, { session: key('session-3') })).to.equal('limit')
      const later = T0 + HOUR + 2 * MINUTE
      await start(store, { id: '4', sentAt: later, expiresAt: later + MINUTE })
      expect(await tell(store, { now: later })).to.equal('confirmed')
    }),
  )

  it('draws every code as often as any other', () => {
    const drawn = (...numbers: number[]) =>
      newConfirmCode({
        bytes: () => {
          const octets = Buffer.alloc(4)
          octets.writeUInt32BE(numbers.shift()!)
          return octets
        },
      })
    expect(drawn(7)).to.equal('000007')
    expect(drawn(4_294_967_295, 4_294_000_000, 1_999_999)).to.equal('999999')
  })
}

function trust(open: Open): void {
  it(
    'is given with the right answer alone, and holds for that person, that cookie and that time',
    using(open, async store => {
      await start(store)
      await tell(store, { code: WRONG, remember: device() })
      expect(await trusts(store)).to.equal(false)
      await tell(store, { remember: device() })
      expect(await trusts(store)).to.equal(true)
      expect(await trusts(store, somebodyElse)).to.equal(false)
      expect(await trusts(store, person, T0 + HOUR, ['other-key' as DeviceKey])).to.equal(false)
      expect(await trusts(store, person, T0 + HOUR, [])).to.equal(false)
      expect(await trusts(store, person, T0 + 90 * DAY)).to.equal(false)
      const [shown] = await store.devices.of(person, T0 + HOUR)
      expect(shown).to.deep.equal({ ...without(device(), 'key'), since: T0 + MINUTE })
      expect(await store.devices.of(somebodyElse, T0 + HOUR)).to.deep.equal([])
      expect(await store.devices.sweep(T0 + 90 * DAY)).to.equal(1)
    }),
  )
}

function endsOfTrust(open: Open): void {
  const trusted = (use: (store: Store) => Promise<void>) =>
    using(open, async store => {
      await store.links.make(link(), event('link.made'))
      await store.consents.give(giving())
      await start(store)
      await tell(store, { remember: device() })
      expect(await trusts(store)).to.equal(true)
      await use(store)
      expect(await trusts(store)).to.equal(false)
    })

  it(
    'ends when its owner forgets it, and by nobody else',
    trusted(async store => {
      const forgotten = event('device.forgotten')
      expect(await store.devices.forget(somebodyElse, 'device-1', forgotten)).to.equal(false)
      expect(await trusts(store)).to.equal(true)
      expect(await store.devices.forget(person, 'device-1', forgotten)).to.equal(true)
      expect(await kinds(store)).to.include('device.forgotten')
    }),
  )

  it(
    'ends with a link',
    trusted(async store => {
      expect(await store.links.end(somebodyElse, 'link-1', T0 + HOUR, event('link.ended'))).to.equal(false)
      expect(await trusts(store)).to.equal(true)
      await store.links.end(person, 'link-1', T0 + HOUR, event('link.ended'))
    }),
  )

  it(
    'ends with a consent',
    trusted(async store => {
      await store.consents.withdraw(['consent-1'], withdrawal())
    }),
  )

  it(
    'ends when the person comes with another СНИЛС',
    using(open, async store => {
      await start(store)
      await tell(store, { remember: device() })
      expect(await trusts(store, { ...person, snils: OTHER_SNILS })).to.equal(false)
      expect(await trusts(store, without(person, 'snils'))).to.equal(false)
      expect(await trusts(store)).to.equal(true)
    }),
  )
}
