/** What every way into a journal must keep to, whatever it sends. A kind's own test is one call. */
import { expect } from 'chai'
import type { ReleasedPerson } from '../../src/consent/release.js'
import type { Door, Entry, HandOff, ServerCall } from '../../src/journals/connector.js'

/** Opens a hand-off as the journal does: with a verifier that is not ours. It rejects what is not meant for it. */
export interface Journals {
  /** @param tellable with an address for the end of sessions */
  open(at: number, tellable?: boolean): Door
  /** @returns every claim that the journal received, checked at `at` */
  receive(handOff: HandOff, at: number): Promise<Readonly<Record<string, unknown>>>
  /** The same journal with another key, the same key with another audience. */
  /** @returns every claim of the message that a session has ended */
  receiveLeave(call: ServerCall, at: number): Promise<Readonly<Record<string, unknown>>>
  receiveAsStranger(handOff: HandOff, at: number, stranger: 'key' | 'audience'): Promise<unknown>
}

/** Seconds: no kind lets a hand-off live longer. */
const LONGEST = 60
const AT = Date.parse('2026-11-24T08:00:00.700Z')

const person: ReleasedPerson = {
  subject: 'Qm9yaW5nLWJ1dC1wYWlyd2lzZQ',
  account: { id: 'a-7Zc0', login: 'p-1001', role: 'parent', school: 'school-1' },
  childId: 'c-501',
}
const sid = 'c2lkLW9mLXRoaXMtam91cm5hbA'
/** Not on the release list of any kind. A careless caller may carry it along. */
const secrets = ['Ёжикова', "Д'Артаньян", 'Зульфия', '90000000174', '900-000-001 74', '1000000001', 'e@mail.example']
const careless = {
  ...person,
  snils: secrets[3],
  userId: secrets[5],
  account: { ...person.account, lastName: secrets[0], firstName: secrets[2] },
  person: { lastName: `${secrets[0]!}-${secrets[1]!}`, snils: secrets[4], email: secrets[6] },
} as ReleasedPerson

const address = ({ to, ...rest }: HandOff): string =>
  decodeURIComponent(to.href) + ('fields' in rest ? JSON.stringify(rest.fields) : '')

/** Every base64url piece of the text, decoded, beside the text itself. */
const laidOpen = (text: string): string =>
  text + (text.match(/[A-Za-z0-9_-]{8,}/g) ?? []).map(piece => Buffer.from(piece, 'base64url').toString()).join('\n')

export function connectorContract(kind: string, released: readonly string[], journals: () => Promise<Journals>): void {
  describe(`way into a journal: ${kind}`, () => {
    const send = async (entry: Entry) => {
      const journal = await journals()
      return { journal, handOff: journal.open(AT).handOff(entry) }
    }

    it('sends the account, the child and the pairwise name', async () => {
      const { journal, handOff } = await send({ person, sid })
      const got = await journal.receive(handOff, AT)
      const { subject, account, childId } = person
      expect(got).to.include({ sub: subject, sid, account: account.id, login: account.login, child: childId })
      expect(got).to.include({ role: account.role, school: account.school })
    })

    it('sends the browser to its own origin', async () => {
      const { journal, handOff } = await send({ person, sid })
      expect(handOff.to.origin).to.equal(journal.open(AT).origin)
    })

    it('sends nothing outside the release list, even when handed more', async () => {
      const returnTo = new URL('https://sgo.school.example/diary/')
      const { journal, handOff } = await send({ person: careless, sid, returnTo, state: 's' })
      expect(released).to.include.members(Object.keys(await journal.receive(handOff, AT)))
      for (const secret of secrets) expect(laidOpen(address(handOff))).not.to.contain(secret)
    })

    it('is over after 60 seconds at most', async () => {
      const { journal, handOff } = await send({ person, sid })
      await journal.receive(handOff, AT)
      let refused = false
      await journal.receive(handOff, AT + LONGEST * 1000).catch(() => (refused = true))
      expect(refused).to.equal(true)
    })

    it('never gives two hand-offs the same id', async () => {
      const journal = await journals()
      const door = journal.open(AT)
      const ids = await Promise.all(
        Array.from({ length: 20 }, async () => (await journal.receive(door.handOff({ person, sid }), AT)).jti),
      )
      expect(new Set(ids).size).to.equal(20)
      expect(ids.every(id => typeof id === 'string' && id.length >= 22)).to.equal(true)
    })

    it('tells the end of a session by the names of the hand-off, to nobody but the address of the settings', async () => {
      const { journal, handOff } = await send({ person, sid })
      const got = await journal.receive(handOff, AT)
      const call = journal.open(AT).leave!({ subject: person.subject, sid })
      const left = await journal.receiveLeave(call, AT)
      expect(call.to.href).to.equal('https://sgo.school.example/sso-logout')
      expect([left.sub, left.sid, left.iss, left.aud]).to.deep.equal([got.sub, got.sid, got.iss, got.aud])
      expect(left.events).to.deep.equal({ 'http://schemas.openid.net/event/backchannel-logout': {} })
      expect((left.exp as number) - (left.iat as number)).to.be.at.most(120)
      expect(left).not.to.have.any.keys('nonce', 'login', 'account', 'role', 'school')
    })

    it('cannot be told when no address is set', async () => {
      const journal = await journals()
      expect(journal.open(AT, false).leave).to.equal(undefined)
    })

    for (const stranger of ['key', 'audience'] as const) {
      it(`is worth nothing to a journal with another ${stranger}`, async () => {
        const { journal, handOff } = await send({ person, sid })
        await journal.receive(handOff, AT)
        let refused = false
        await journal.receiveAsStranger(handOff, AT, stranger).catch(() => (refused = true))
        expect(refused).to.equal(true)
      })
    }

    for (const state of ['x', 'ёжик 😀👩‍👧‍👦 &=+%25#/?"\'<>\\', '😀'.repeat(256), '\u0000\n\t', '']) {
      it(`brings state back unchanged: ${JSON.stringify(state).slice(0, 40)}`, async () => {
        const { journal, handOff } = await send({ person, sid, state })
        expect((await journal.receive(handOff, AT)).state).to.equal(state)
      })
    }

    it('brings the return address back, and invents neither it nor state nor child', async () => {
      const returnTo = new URL('https://sgo.school.example/diary/?q=%D1%91&a=1')
      const { journal, handOff } = await send({ person, sid, returnTo })
      expect((await journal.receive(handOff, AT)).return_to).to.equal(returnTo.href)
      const { subject, account } = person
      const bare = await journal.receive(journal.open(AT).handOff({ person: { subject, account }, sid }), AT)
      expect(bare).not.to.have.any.keys('return_to', 'state', 'child')
    })
  })
}
