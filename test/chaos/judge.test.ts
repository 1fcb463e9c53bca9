/** Whether the judge of a run sees what was broken: violations are planted into what is known of an honest one. */
import { expect } from 'chai'
import type { Act, Whole } from './evidence.js'
import { judge } from './judge.js'
import { citizens, rosterOf, versionsIn, type ListedRow } from './people.js'

const HERE = { journal: 'sgo', account: 'p-00' }
const entered: Act = { person: 'citizen-00', what: 'entered', ...HERE }
const of = (what: Act['what'], place: Partial<typeof HERE> = HERE): Act => ({ person: 'citizen-00', what, ...place })

/** What opens a door or shuts it: pressed, and seen ten milliseconds later. */
const at = (what: Act['what'], pressed: number): Act => ({ ...of(what), pressed, seen: pressed + 10 })
const cameIn = (since: number, until = since + 1) => ({ person: 'citizen-00', ...HERE, since, until })

/** One person came in, agreed, took it back, agreed again, unlinked, linked again and signed out; somebody tried their answer. */
const honest: Whole = {
  acts: [
    ...[at('agreed', 1_000), entered, at('withdrew', 2_000), at('agreed', 3_000)],
    ...[at('unlinked', 4_000), at('relinked', 5_000), of('signed out', {})],
  ],
  entered: [
    cameIn(1_005),
    cameIn(1_500),
    cameIn(2_005),
    cameIn(3_005),
    cameIn(2_100, 3_099),
    cameIn(4_005),
    cameIn(4_100, 5_000),
  ],
  redeemed: [{ handle: 'aaa' }, { handle: 'bbb' }],
  redeemedRows: 2,
  importedRows: 2,
  thefts: [{ person: 'citizen-00', status: 403 }],
  imports: [
    { version: 1, end: 'killed', found: [0] },
    { version: 2, end: 'killed', found: [2] },
    { version: 3, end: 'imported', found: [3] },
  ],
  accounts: { 'citizen-00': ['p-00'], 'citizen-01': ['k-01'] },
  kept: {
    'citizen-00': {
      links: [{ ...HERE, active: true }],
      consents: [HERE, { ...HERE, withdrawn: true }],
      events: {
        ...{ 'journal.entered': 1, 'link.ended': 1, 'link.resumed': 1, 'session.closed': 1 },
        ...{ 'consent.given': 2, 'consent.withdrawn': 1 },
      },
    },
    'citizen-01': { links: [], consents: [], events: {} },
  },
  verified: { 'D7FW-2NQ9': 1 },
  codes: { k: 1 },
  audit: undefined,
  stuck: [],
  nodes: [],
  dropped: 0,
}
const own = honest.kept['citizen-00']!
const keeping = (change: Partial<typeof own>): Partial<Whole> => ({ kept: { 'citizen-00': { ...own, ...change } } })

const planted: Readonly<Record<string, readonly [Partial<Whole>, RegExp]>> = {
  'a handle that worked twice': [{ redeemed: [{ handle: 'aaa' }, { handle: 'aaa' }] }, /The handle aaa worked 2 times/],
  'a handle without its row of the audit': [{ redeemedRows: 1 }, /2 handles were redeemed, and the audit has 1/],
  'a link that was lost': [keeping({ links: [] }), /the link to sgo p-00 should stand/],
  'a link that ended and shows as active to nobody': [keeping({ links: [{ ...HERE, active: false }] }), /should stand/],
  'an unlinking that was lost': [{ acts: [entered, of('unlinked')] }, /should not stand/],
  'two active links to one account': [
    keeping({
      links: [
        { ...HERE, active: true },
        { ...HERE, active: true },
      ],
    }),
    /2 active links/,
  ],
  'a consent that was lost': [keeping({ consents: [] }), /0 consents stand for sgo p-00/],
  'a consent given twice': [keeping({ consents: [HERE, HERE] }), /2 consents stand/],
  'a consent that stands though it was taken back': [
    { acts: [at('agreed', 1_000), entered, at('withdrew', 2_000)] },
    /1 consents stand for sgo p-00/,
  ],
  'the record of a consent that was taken back and got lost': [
    keeping({ consents: [HERE] }),
    /of 1 withdrawn consents to sgo p-00 0 are kept/,
  ],
  'somebody let in after a withdrawal': [
    { entered: [cameIn(2_011, 2_999)] },
    /citizen-00 withdrew the consent to sgo p-00, and was let in/,
  ],
  'somebody let in after a withdrawal who never agreed again': [
    { acts: [at('agreed', 1_000), at('withdrew', 2_000)], entered: [cameIn(9_000)] },
    /and was let in/,
  ],
  'somebody let in by what they had taken off': [
    { entered: [cameIn(4_011, 4_999)] },
    /citizen-00 took off sgo p-00, and was let in/,
  ],
  'a row of the audit about a withdrawal that was lost': [
    keeping({ events: { ...own.events, 'consent.withdrawn': 0 } }),
    /withdrew 1 times.*0 rows/,
  ],
  'a row of the audit that was lost': [
    keeping({ events: { ...own.events, 'link.ended': 0 } }),
    /unlinked 1 times.*0 rows/,
  ],
  'somebody who arrived as another': [
    { entered: [{ ...cameIn(1), person: 'citizen-01' }] },
    /citizen-01 arrived in sgo as p-00/,
  ],
  "somebody linked to what is another's": [
    { kept: { ...honest.kept, 'citizen-01': { links: [{ ...HERE, active: true }], consents: [], events: {} } } },
    /citizen-01 is linked to p-00/,
  ],
  'an answer that worked for a thief': [
    { thefts: [{ person: 'citizen-00', status: 200 }] },
    /worked for somebody else/,
  ],
  'a session in the hands of a thief': [
    { thefts: [{ person: 'citizen-00', status: 403, userId: '1' }] },
    /holds a session of 1/,
  ],
  'an answer that opened two sessions': [
    { verified: { 'D7FW-2NQ9': 2 } },
    /The answer to login D7FW-2NQ9 worked 2 times/,
  ],
  'a code that worked twice': [{ codes: { k: 2 } }, /A code of account k worked 2 times/],
  'an import that was lost': [
    { imports: [{ version: 1, end: 'imported', found: [0] }] },
    /After list 1 was imported.*version 0/,
  ],
  'half an import': [{ imports: [{ version: 1, end: 'killed', found: [0, 1, -1] }] }, /version 0 and 1/],
  'an import undone by a later one that was killed': [
    {
      imports: [
        { version: 1, end: 'imported', found: [1] },
        { version: 2, end: 'killed', found: [0] },
      ],
    },
    /After list 2/,
  ],
  'an import without its row of the audit': [{ importedRows: 1 }, /2 lists were imported, and the audit has 1/],
  'an audit that does not verify': [{ audit: 'row 7' }, /not whole: row 7/],
  'somebody who was stuck': [{ stuck: ['citizen-00'] }, /More than a repeated click/],
  'a node that said what it must not': [{ nodes: ['node 1 ended by itself'] }, /node 1/],
  'a click dropped while a node was told to stop': [{ dropped: 1 }, /1 clicks were dropped/],
}

describe('chaos: the judge', () => {
  it('finds nothing in an honest run', () => {
    expect(judge(honest)).to.deep.equal([])
  })

  for (const [what, [change, found]] of Object.entries(planted))
    it(`sees ${what}`, () => {
      expect(judge({ ...honest, ...change }).join('\n')).to.match(found)
    })
})

describe('chaos: lists that tell which one they are', () => {
  const people = citizens(10)
  const rowsOf = (version: number): ListedRow[] =>
    rosterOf(people, 'school-1', version)
      .split('\n')
      .slice(1, -1)
      .map(line => line.split(';'))
      .map(([, login = '', , , , , className = '']) => ({ login, className }))

  it('a whole one is its version, a mixture or a part is not', () => {
    const [one, two] = [rowsOf(1), rowsOf(2)]
    expect(versionsIn(one, 2)).to.deep.equal([1])
    const gone = one.filter(({ login }) => login.startsWith('o1-')).map(row => ({ ...row, missingSince: 1 }))
    expect(versionsIn([...two, ...gone], 2)).to.deep.equal([2])
    expect(versionsIn([...one, ...two.filter(({ login }) => login.startsWith('o2-'))], 2)).to.deep.equal([1, 2, -1])
    expect(versionsIn(two.slice(0, -1), 2)).to.deep.equal([2, -1])
    expect(versionsIn([...two.slice(0, 20), ...one.slice(20, -3), ...two.slice(-3)], 2)).to.deep.equal([2, -1])
  })
})
