/** Whoever holds the database, and not its keys, changes nothing in the audit unseen. */
import { expect } from 'chai'
import fc from 'fast-check'
import Database from 'libsql'
import { openStore, type Store } from '../../src/store/open.js'
import type { Finding } from '../../src/login/chain-ports.js'
import { examined, logged, takeAll, write } from '../contract/chain.js'
import { HOUR, NUMBER, T0 } from '../contract/samples.js'
import { options, temporaryFile } from './databases.js'

const COLUMNS = [
  'at', 'what', 'result', 'number', 'code', 'address', 'device', 'idp', 'authn_method', 'person', 'journal', 'account_id', 'facts', 'checks',
] as const // prettier-ignore

const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind)

interface Crime {
  readonly store: Store
  readonly raw: Database.Database
  readonly file: string
}

/** Twelve rows: a chain of three entries behind its beginning, and two rows that are not taken in yet. */
async function scene(use: (crime: Crime) => Promise<void>): Promise<void> {
  const file = temporaryFile()
  const store = await openStore(options(`sqlite:${file}`))
  await write(store, 5)
  await write(store, 3, {
    what: 'login.refused',
    result: 'refused',
    code: 'saml.expired',
    person: 'pseudonym',
    journal: 'sgo',
  })
  await store.audit.record(logged(8, { checks: [], device: 'Firefox', idp: 'https://idp.example', accountId: 'a-1', authnMethod: 'PWD' })) // prettier-ignore
  await write(store, 1)
  await takeAll(store)
  await write(store, 2)
  expect(await examined(store)).to.deep.include({ findings: [], rows: 10, loose: 2 })
  const raw = new Database(file)
  try {
    await use({ store, raw, file })
  } finally {
    raw.close()
    await store.close()
  }
}

const found = async ({ store }: Crime) => (await examined(store)).findings

describe('the chain of the audit against whoever holds the database', () => {
  it('finds every change of every column of every row, taken in or not', async () => {
    await scene(async crime => {
      const seqs = (crime.raw.prepare('select seq from audit_events order by seq').all() as { seq: number }[]).map(
        row => row.seq,
      )
      const text = fc.oneof(
        fc.constant(null),
        fc.string({ maxLength: 20 }),
        fc.constantFrom('ok', NUMBER, '{}', '[]', ''),
      )
      const change = fc.record({ seq: fc.constantFrom(...seqs), column: fc.constantFrom(...COLUMNS), text, at: fc.integer({ min: 0, max: 2 ** 40 }) }) // prettier-ignore
      await fc.assert(
        fc.asyncProperty(change, async ({ seq, column, text, at }) => {
          const before = crime.raw.prepare(`select ${column} as value from audit_events where seq = ?`).all(seq) as { value: unknown }[] // prettier-ignore
          const value = column === 'at' ? at : ['what', 'result'].includes(column) ? (text ?? 'x') : text
          fc.pre(before[0]!.value !== value)
          const put = crime.raw.prepare(`update audit_events set ${column} = ? where seq = ?`)
          put.run([value, seq])
          const findings = await found(crime)
          put.run([before[0]!.value, seq])
          expect(findings.map(each => each.seq)).to.deep.equal([seq])
          expect(kinds(findings)[0]).to.be.oneOf(['row-changed', 'row-unproven'])
        }),
        { numRuns: 300 },
      )
      expect(await found(crime)).to.deep.equal([])
    })
  })

  const crimes: readonly (readonly [string, string, readonly Partial<Finding>[]])[] = [
    ['a row taken out', 'delete from audit_events where seq = 3', [{ kind: 'row-missing', seq: 3 }]],
    [
      'two rows that change places',
      'update audit_events set seq = 99 where seq = 2; update audit_events set seq = 2 where seq = 3; update audit_events set seq = 3 where seq = 99',
      [{ kind: 'row-changed', seq: 2 }, { kind: 'row-changed', seq: 3 }],
    ],
    [
      'a row put in where it will be taken in',
      "insert into audit_events (at, what, result, stamp) values (1, 'login.verified', 'ok', 'AAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA')",
      [{ kind: 'row-unproven', seq: 13 }],
    ],
    ['a row put in as of an older version', "insert into audit_events (at, what, result) values (1, 'login.verified', 'ok')", [{ kind: 'row-unproven', seq: 13 }]],
    [
      'a row put into an entry',
      "insert into audit_events (at, what, result, entry) values (1, 'login.verified', 'ok', 2)",
      [{ kind: 'row-inserted', seq: 13, position: 2 }],
    ],
    ['a row that claims an entry that never was', 'update audit_events set entry = 77 where seq = 12', [{ kind: 'row-inserted', seq: 12 }]],
    [
      'a row written twice',
      'insert into audit_events (at, what, result, number, address, facts, stamp) select at, what, result, number, address, facts, stamp from audit_events where seq = 1',
      [{ kind: 'row-doubled', seq: 13 }],
    ],
    [
      'a row moved to another entry',
      'update audit_events set entry = 3 where seq = 1',
      [{ kind: 'row-missing', seq: 1, position: 2 }, { kind: 'row-inserted', seq: 1, position: 3 }],
    ],
    ['a stamp taken off', 'update audit_events set stamp = null where seq = 12', [{ kind: 'row-unproven', seq: 12 }]],
    ['an entry taken out of the middle, with its rows', 'delete from audit_chain where position = 3; delete from audit_events where entry = 3', [{ kind: 'entry-missing', position: 3 }]],
    ['the beginning taken away', "delete from audit_chain where position = 1", [{ kind: 'entry-missing', position: 1 }]],
    [
      'an entry whose list was shortened',
      "update audit_chain set body = '[]' where position = 4; delete from audit_events where entry = 4",
      [{ kind: 'entry-changed', position: 4 }],
    ],
    ['an entry that is no entry', "update audit_chain set body = 'x' where position = 3", [{ kind: 'entry-changed', position: 3 }]],
    ['an entry made younger', 'update audit_chain set at = at + 1 where position = 2', [{ kind: 'entry-changed', position: 2 }]],
    [
      'a cut that we did not make',
      "insert into audit_chain select 5, at, 'cut', '[[1,1]]', mac from audit_chain where position = 4; delete from audit_events where seq = 1",
      [{ kind: 'entry-changed', position: 5 }],
    ],
    [
      'a base that we did not make',
      "update audit_chain set kind = 'base' where position = 2; delete from audit_chain where position = 1",
      [{ kind: 'entry-changed', position: 2 }],
    ],
  ] // prettier-ignore

  for (const [name, statement, expected] of crimes) {
    it(`names ${name}`, () =>
      scene(async crime => {
        crime.raw.exec(statement)
        const findings = await found(crime)
        for (const each of expected)
          expect(
            findings.some(one => Object.entries(each).every(([key, value]) => one[key as keyof Finding] === value)),
            JSON.stringify(findings),
          ).to.equal(true)
      }))
  }

  it('still names a row that was put in after the bridge has taken it in, and one that went before entries were pruned', () =>
    scene(async crime => {
      crime.raw.exec("insert into audit_events (at, what, result) values (1, 'login.verified', 'ok')")
      crime.raw.exec('delete from audit_events where seq = 1')
      await takeAll(crime.store)
      expect(await crime.store.chain.prune()).to.equal(0)
      expect((await found(crime)).map(({ kind, seq }) => [kind, seq])).to.deep.equal([
        ['row-missing', 1],
        ['row-unproven', 13],
      ])
    }))

  it('goes on after a process that never said goodbye', () =>
    scene(async ({ file }) => {
      const other = await openStore(options(`sqlite:${file}`))
      expect((await examined(other)).loose).to.equal(2)
      await write(other, 3)
      await takeAll(other)
      expect(await examined(other))
        .to.include({ rows: 15, loose: 0 })
        .and.to.deep.include({ findings: [] })
      await other.close()
    }))

  it('vouches for rows of an older version as they stood when it began', async () => {
    const file = temporaryFile()
    const store = await openStore(options(`sqlite:${file}`))
    const raw = new Database(file)
    raw.exec("insert into audit_events (at, what, result) values (1, 'login.verified', 'ok')")
    await takeAll(store, T0 + HOUR)
    expect(await examined(store))
      .to.include({ rows: 1 })
      .and.to.deep.include({ findings: [] })
    raw.exec("update audit_events set result = 'failed'")
    expect(kinds((await examined(store)).findings)).to.deep.equal(['row-changed'])
    raw.close()
    await store.close()
  })
})
