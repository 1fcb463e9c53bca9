/** What every way into a journal must do. A new kind joins by one more call of `connectorContract` in its own test. */
import { expect } from 'chai'
import type { Door, Entry, Passage, ServerCall } from '../../src/journals/connector.js'
import type { Journal } from '../../src/words/journal.js'
import { without } from './samples.js'
import { releasable, usuallyReleased, type Releasable, type Released } from '../../src/words/released.js'

/** What one journal understood of a hand-off, by our names. */
export interface Received {
  /** What makes this hand-off count once. */
  readonly id: string
  readonly subject?: string
  readonly sid?: string
  readonly returnTo?: string
  readonly state?: string
  readonly given: Released
  /** Everything that arrived, as it arrived. */
  readonly all: unknown
}

/** The journal's half of one kind, written with verifiers that are not ours. It rejects what is not meant for it. */
export interface JournalSide {
  /** Opens the door as settings would; every name of `journal.release` is to be sent where the kind may send it. */
  open(at: number, journal: Journal, tellable: boolean): Door
  receive(passage: Passage, at: number): Promise<Received>
  /** The same journal with another key, or another journal with the same key. */
  receiveAsStranger(passage: Passage, at: number, stranger: 'key' | 'audience'): Promise<unknown>
  /** @returns subject and sid of the message that a session has ended, in so far as the kind tells them */
  receiveLeave?(call: ServerCall, at: number): Promise<{ readonly subject?: string; readonly sid?: string }>
}

export interface Kind {
  readonly name: string
  /** Whether names and the like may travel: not in an address. */
  readonly carriesNames: boolean
  /** What its protocol has no place for. */
  readonly lacks?: readonly ('subject' | 'sid' | 'state' | 'returnTo' | Releasable)[]
  /** Where journals of this kind hear of the end of a session; absent when they are not told by a message. */
  readonly logoutUrl?: string
  readonly side: () => Promise<JournalSide>
}

/** Seconds: no kind lets a hand-off live longer. */
const LONGEST = 60
export const AT = Date.parse('2026-11-24T08:00:00.700Z')
export const HOME = 'https://sgo.school.example'

export const journalOf = (release: readonly Releasable[] = usuallyReleased, id = 'sgo'): Journal => ({
  id,
  title: 'Сетевой Город',
  schools: ['school-1'],
  roles: ['parent'],
  returnTo: [`${HOME}/diary/*`],
  requireState: false,
  release,
})

const account = { account: 'a-7Zc0', login: 'p-1001', role: 'parent', school: 'school-1', child: 'c-501' } as const
/** What only bodies may carry: names as people have them. */
const names = {
  lastName: `Ёжикова-Д'Артаньян`,
  firstName: 'Зульфия-Мария 👩‍👧‍👦',
  middleName: 'Ї'.repeat(100),
  birthDate: '2014-05-31',
  email: 'e+tag@mail.example',
  mobile: '+7(900)0000174',
  snils: '90000000174',
  userId: '1000000001',
  childName: 'Ёлка "О’Нил" <b>&amp;',
} as const
const subject = 'Qm9yaW5nLWJ1dC1wYWlyd2lzZQ'
const sid = 'c2lkLW9mLXRoaXMtam91cm5hbA'

export const entryOf = (more: Partial<Entry> = {}): Entry => ({
  person: { subject, given: account },
  sid,
  school: 'school-1',
  authenticatedAt: AT - 1_000,
  fresh: true,
  ...more,
})
/** A careless caller hands over more than the journal may get. */
const careless = entryOf({ person: { subject, given: { ...account, ...names } } })

/** Every base64url or percent-encoded piece of the text, decoded, beside the text itself. */
function laidOpen(text: string): string {
  const decoded = text.replace(/(?:%[0-9A-Fa-f]{2})+/g, piece =>
    Buffer.from(piece.replaceAll('%', ''), 'hex').toString(),
  )
  const pieces = (decoded.match(/[A-Za-z0-9_+/-]{8,}/g) ?? []).map(piece => Buffer.from(piece, 'base64url').toString())
  return [text, decoded, ...pieces].join('\n')
}

const outward = ({ handOff, deposit }: Passage): string =>
  laidOpen(handOff.to.href) +
  ('fields' in handOff ? laidOpen(JSON.stringify(handOff.fields)) : '') +
  laidOpen(JSON.stringify(deposit?.content ?? {}))

async function isRefused(trial: Promise<unknown>): Promise<boolean> {
  return trial.then(
    () => false,
    () => true,
  )
}

export function connectorContract(kind: Kind): void {
  const has = (name: NonNullable<Kind['lacks']>[number]): boolean => !kind.lacks?.includes(name)
  const send = async (entry: Entry, journal = journalOf()) => {
    const side = await kind.side()
    const passage = side.open(AT, journal, false).handOff(entry)
    return { side, passage, receive: (at = AT) => side.receive(passage, at) }
  }

  describe(`way into a journal: ${kind.name}`, () => {
    it('sends the account, the child and the pairwise name', async () => {
      const got = await (await send(entryOf())).receive()
      for (const [name, value] of Object.entries(account))
        if (has(name as Releasable)) expect(got.given, name).to.have.property(name, value)
      if (has('subject')) expect(got.subject).to.equal(subject)
      if (has('sid')) expect(got.sid).to.equal(sid)
    })

    it('sends the browser to one of its own origins', async () => {
      const { side, passage } = await send(entryOf())
      expect(side.open(AT, journalOf(), false).origins).to.include(passage.handOff.to.origin)
    })

    it('sends nothing that the release list does not name, even when handed more', async () => {
      const { passage, receive } = await send(careless)
      expect(Object.keys((await receive()).given).filter(name => !(name in account))).to.deep.equal([])
      for (const secret of Object.values(names)) expect(outward(passage)).not.to.contain(secret)
    })

    it('leaves out an account that the list does not name', async () => {
      const given = { login: account.login }
      const { receive } = await send(entryOf({ person: { subject, given } }), journalOf(['login']))
      expect((await receive()).given).to.deep.equal(has('login') ? given : {})
    })

    if (kind.carriesNames)
      it('brings names over byte for byte, with Ё, apostrophes, a hundred characters and emoji', async () => {
        const { passage, receive } = await send(careless, journalOf(releasable))
        expect((await receive()).given).to.include(names)
        for (const value of Object.values(names)) expect(laidOpen(passage.handOff.to.href)).not.to.contain(value)
      })

    it('is over after 60 seconds at most', async () => {
      const { side, passage } = await send(entryOf())
      expect(await isRefused(side.receive(passage, AT + LONGEST * 1_000))).to.equal(true)
      await side.receive(passage, AT)
    })

    it('never gives two hand-offs the same id', async () => {
      const side = await kind.side()
      const door = side.open(AT, journalOf(), false)
      const ids = await Promise.all(
        Array.from({ length: 20 }, async () => (await side.receive(door.handOff(entryOf()), AT)).id),
      )
      expect(new Set(ids).size).to.equal(20)
      for (const id of ids) expect(id).to.have.lengthOf.at.least(22)
    })

    for (const stranger of ['key', 'audience'] as const) {
      it(`is worth nothing to a journal with another ${stranger}`, async () => {
        const { side, passage } = await send(entryOf())
        expect(await isRefused(side.receiveAsStranger(passage, AT, stranger))).to.equal(true)
        await side.receive(passage, AT)
      })
    }

    if (has('state'))
      for (const state of ['x', 'ёжик 😀👩‍👧‍👦 &=+%25#/?"\'<>\\', '😀'.repeat(256), '\n\t', '']) {
        it(`brings state back unchanged: ${JSON.stringify(state).slice(0, 40)}`, async () => {
          expect((await (await send(entryOf({ state }))).receive()).state).to.equal(state)
        })
      }

    it('brings the return address back, and invents neither it nor state nor child', async () => {
      const returnTo = new URL(`${HOME}/diary/?q=%D1%91&a=1`)
      const got = await (await send(entryOf({ returnTo }))).receive()
      if (has('returnTo')) expect(got.returnTo).to.equal(returnTo.href)
      const childless = without(account, 'child')
      const bare = await (await send(entryOf({ person: { subject, given: childless } }))).receive()
      expect(bare.state).to.equal(undefined)
      expect(bare.given).not.to.have.property('child')
      if (has('returnTo')) expect(bare.returnTo).to.equal(undefined)
    })

    if (kind.logoutUrl !== undefined) leaveContract(kind, kind.logoutUrl)
  })
}

function leaveContract(kind: Kind, logoutUrl: string): void {
  it('tells the end of a session by the names of the hand-off, to nobody but the address of the settings', async () => {
    const side = await kind.side()
    const door = side.open(AT, journalOf(), true)
    const { mark } = door.handOff(entryOf())
    const call = door.leave!({ subject, sid, ...(mark !== undefined && { mark }) })
    expect(call.to.href).to.equal(logoutUrl)
    const got = await side.receiveLeave!(call, AT)
    if (!kind.lacks?.includes('subject')) expect(got.subject).to.equal(subject)
    if (!kind.lacks?.includes('sid')) expect(got.sid).to.equal(sid)
    expect(laidOpen(JSON.stringify(call.fields))).not.to.contain(account.login)
  })

  it('cannot be told when no address is set', async () => {
    expect((await kind.side()).open(AT, journalOf(), false).leave).to.equal(undefined)
  })
}
