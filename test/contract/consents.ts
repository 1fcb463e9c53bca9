/** What Consents must do, whichever database is behind them. */
import { expect } from 'chai'
import type { ConsentText } from '../../src/consent/consent.js'
import type { Consents, Giving } from '../../src/login/consent-ports.js'
import type { Store } from '../../src/store/open.js'
import { HOUR, MINUTE, NUMBER, person, T0, together, using, type Open } from './samples.js'

export const text = (version = '2026-09', whole = `Согласие ${version}`): ConsentText => ({
  version,
  whole,
  hash: `hash of ${whole}`,
})

export const giving = (change: Partial<Giving['consent']> = {}, more: Partial<Giving> = {}): Giving => ({
  consent: {
    id: 'consent-1',
    person: 'pseudonym',
    subject: 'subject-in-sgo',
    choice: 'choice-1',
    accountId: 'a-1',
    school: 'school-1',
    journal: 'sgo',
    role: 'parent',
    version: '2026-09',
    hash: text().hash,
    rule: 'representative',
    level: 'confirmed',
    authnMethod: 'PWD',
    number: NUMBER,
    at: T0,
    details: {
      name: 'Ъюникова Ёжика Щукинична',
      login: 'yunikova@pochta.example',
      address: '192.0.2.77',
      device: 'Ъюзер-агент',
      child: { id: 'opaque-501', name: 'Ъюников Яков', className: '5А' },
    },
    ...change,
  },
  by: person,
  child: { journal: 'sgo', school: 'school-1', id: 'opaque-501', name: 'ъюников яков' },
  event: { at: T0, what: 'consent.given', result: 'ok', number: NUMBER },
  ...more,
})

const DAY = 24 * HOUR
const other = { ...person, userId: '2' }

export const withdrawal = (at = T0 + MINUTE): Parameters<Consents['withdraw']>[1] => ({
  now: at,
  destroyAt: at + 14 * DAY,
  number: NUMBER,
  event: { at, what: 'consent.withdrawn', result: 'ok', number: NUMBER },
})

const events = async (store: Store): Promise<readonly string[]> =>
  (await store.audit.byNumber(NUMBER)).map(({ what }) => what)

export function consentsContract(driver: string, open: Open): void {
  describe(`consents: ${driver}`, () => {
    textsContract(open)
    givingContract(open)
    childContract(open)
    withdrawalContract(open)
  })
}

function textsContract(open: Open): void {
  it(
    'keeps every text whole and for good, and never two under one version',
    using(open, async store => {
      expect(await store.consents.keepTexts([text('1'), text('2')], T0)).to.deep.equal([])
      expect(await store.consents.keepTexts([text('2'), text('3')], T0)).to.deep.equal([])
      expect(await store.consents.text(text('1').hash)).to.deep.equal(text('1'))
      expect(await store.consents.keepTexts([text('4'), text('2', 'другой')], T0)).to.deep.equal(['2'])
      expect(await store.consents.text(text('4').hash), 'nothing of it').to.equal(undefined)
      expect(await store.consents.text(text('2').hash)).to.deep.equal(text('2'))
      expect(
        await store.consents.keepTexts([text('5', text('1').whole)], T0),
        'the same under a new name',
      ).to.deep.equal([])
    }),
  )
}

function givingContract(open: Open): void {
  it(
    'finds what a person gave for a choice, and for no other, whatever else is known of the person today',
    using(open, async store => {
      expect(await store.consents.give(giving())).to.equal(true)
      const found = await store.consents.find({ ...person, lastName: 'Другая', email: 'x@y.example' }, 'choice-1')
      expect(found).to.deep.equal(giving().consent)
      expect(await store.consents.find(person, 'choice-2')).to.equal(undefined)
      expect(await store.consents.find(other, 'choice-1')).to.equal(undefined)
      expect(await events(store)).to.deep.equal(['consent.given'])
    }),
  )

  it(
    'writes the same consent once, of fifty who give it at the same moment',
    using(open, async store => {
      const written = await together(i => store.consents.give(giving({ id: `consent-${i}` })))
      expect(written.filter(Boolean)).to.have.length(1)
      expect(await store.consents.ofPerson(person)).to.have.length(1)
      expect(await events(store)).to.have.length(1)
    }),
  )

  it(
    'lets the consent to a later text end the one before',
    using(open, async store => {
      await store.consents.give(giving())
      await store.consents.give(giving({ id: 'consent-2', hash: 'later', version: '2', at: T0 + DAY }))
      expect((await store.consents.find(person, 'choice-1'))!.id).to.equal('consent-2')
      const all = await store.consents.ofPerson(person)
      expect(all.map(({ id, ended }) => [id, ended])).to.deep.equal([
        ['consent-2', undefined],
        ['consent-1', { at: T0 + DAY, how: 'superseded' }],
      ])
      expect(await store.consents.ofAccount('a-1')).to.deep.equal(all)
      expect(await store.consents.ofAccount('a-2')).to.deep.equal([])
    }),
  )

  it(
    'writes nothing at all when the event cannot be written',
    using(open, async store => {
      await store.consents.give(giving())
      const spoilt = { ...giving().event, what: null as never }
      const later = giving({ id: 'consent-2', hash: 'later' }, { event: spoilt })
      const failed = await store.consents.give(later).catch(() => 'failed')
      expect(failed).to.equal('failed')
      expect(await store.consents.ofPerson(person)).to.deep.equal([giving().consent])
    }),
  )
}

function childContract(open: Open): void {
  const child = giving().child!
  it(
    'finds the consents of representatives by the number or the name of the child, in that journal of that school',
    using(open, async store => {
      await store.consents.give(giving())
      await store.consents.give(
        giving({ id: 'relative', choice: 'choice-2' }, { by: other, child: undefined as never }),
      )
      const found = async (change: Partial<typeof child>) =>
        (await store.consents.ofChild({ ...child, id: 'x', name: 'x', ...change })).map(({ id }) => id)
      expect(await found({ id: child.id })).to.deep.equal(['consent-1'])
      expect(await found({ name: child.name })).to.deep.equal(['consent-1'])
      expect(await found(child)).to.deep.equal(['consent-1'])
      expect(await found({})).to.deep.equal([])
      expect(await found({ ...child, journal: 'eljur' })).to.deep.equal([])
      expect(await found({ ...child, school: 'school-2' })).to.deep.equal([])
      expect(await found({ id: child.name, name: child.id }), 'a name is no number').to.deep.equal([])
      await store.consents.withdraw(['consent-1'], withdrawal())
      expect(await found(child)).to.deep.equal([])
    }),
  )
}

function withdrawalContract(open: Open): void {
  it(
    'ends what stands, once, with its event, and leaves everything else',
    using(open, async store => {
      await store.consents.give(giving())
      await store.consents.give(giving({ id: 'consent-2', choice: 'choice-2' }))
      const ended = { ...giving().consent, ended: { at: T0 + MINUTE, how: 'withdrawn' } }
      expect(await store.consents.withdraw(['consent-1', 'unknown'], withdrawal())).to.deep.equal([ended])
      expect(await store.consents.find(person, 'choice-1')).to.equal(undefined)
      expect((await store.consents.find(person, 'choice-2'))!.id).to.equal('consent-2')
      expect(await store.consents.withdraw(['consent-1'], withdrawal(T0 + HOUR))).to.deep.equal([])
      expect(await store.consents.withdraw([], withdrawal())).to.deep.equal([])
      expect((await events(store)).filter(what => what === 'consent.withdrawn')).to.have.length(1)
      expect(await store.consents.ofPerson(person)).to.deep.include(ended)
    }),
  )

  it(
    'lets it be given again',
    using(open, async store => {
      await store.consents.give(giving())
      await store.consents.withdraw(['consent-1'], withdrawal())
      expect(await store.consents.give(giving({ id: 'consent-2', at: T0 + HOUR }))).to.equal(true)
      expect((await store.consents.find(person, 'choice-1'))!.id).to.equal('consent-2')
    }),
  )
}
