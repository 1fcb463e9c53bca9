/** A database in which everything stands under old keys, and what is left of them. */
import Database from 'libsql'
import { keyStates, rotate } from '../../src/login/rotating.js'
import { openStore, type Store, type StoreOptions } from '../../src/store/open.js'
import { ending, rotated } from '../../src/store/rotation/rotated.js'
import { answer, device, given, start } from '../contract/confirmations.js'
import { giving, withdrawal } from '../contract/consents.js'
import { HOUR, IDP, logoutOrder, notice, T0 } from '../contract/samples.js'
import { namedKey, options, temporaryFile } from './databases.js'
import { live } from './living.js'

export const DAY = 24 * HOUR
export const [oldData, newData, oldLookup, newLookup] = [
  namedKey('d1'),
  namedKey('d2'),
  namedKey('l2', 7),
  namedKey('l3'),
]
/** The new keys in front, the old ones still listed. */
export const both: Partial<StoreOptions> = { dataKeys: [newData, oldData], lookupKeys: [newLookup, oldLookup] }
export const onlyNew: Partial<StoreOptions> = { dataKeys: [newData], lookupKeys: [newLookup] }

export const limits = { loginAudit: 365 * DAY, securityAudit: 1096 * DAY }
export const at = (now: number) => ({ clock: { now: () => now } })
export const move = ({ rotation }: Store) => rotate({ rotation, ...at(T0), pause: () => Promise.resolve() })
export const states = ({ rotation }: Store, now = T0) => keyStates({ rotation, ...at(now) }, limits)

/** Everything there is, in each of its forms. */
export async function everything(store: Store): Promise<void> {
  await live(store)
  await store.copies.revise({ source: 's', entityId: IDP }, () => ({
    write: [{ ...{ source: 's', entityId: IDP, id: 'copy-1', state: 'active', essence: 'e', xml: '<x/>' }, ...{ firstSeen: T0, lastSeen: T0 } }],
    remove: [],
  })) // prettier-ignore
  const notices = [notice('notice-1', { mark: 'https://sgo.example/Ъюникова' })]
  await store.logouts.obey(logoutOrder({ name: '_nobody', sessionIndexes: ['_none'] }), T0, T0, () => ({ ends: [], notices, events: [] })) // prettier-ignore
  await store.logouts.start({
    ...(await store.logouts.find('logout-1', T0))!,
    id: 'logout-2',
    back: 'https://sgo.example/',
  })
  const child = { journal: 'sgo', school: 'school-1', id: '501', name: 'ъюников яков' }
  await store.consents.give(giving({ id: 'consent-2', choice: 'choice-2' }, { child }))
  await store.consents.withdraw(['consent-2'], withdrawal())
  // the withdrawal took the trust from the device of before
  await start(store, { id: 'confirmation-2', sentAt: T0 + 1 })
  await store.confirmations.answer(answer({ remember: device() }), given)
}

export async function filled(): Promise<string> {
  const file = temporaryFile()
  const store = await openStore(options(`sqlite:${file}`))
  await everything(store)
  await store.close()
  return file
}

export const open = (file: string, change: Partial<StoreOptions> = both): Promise<Store> =>
  openStore(options(`sqlite:${file}`, change))

export type Cell = readonly [column: string, value: string]

/** @returns every value of every table that names one of these keys */
export function under(file: string, ...ids: readonly string[]): readonly Cell[] {
  const raw = new Database(file)
  const tables = raw.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[]
  const cells = tables.flatMap(({ name }) =>
    (raw.prepare(`select * from "${name}"`).all() as Record<string, unknown>[]).flatMap(row =>
      Object.entries(row)
        .filter(([, value]) => typeof value === 'string' && ids.some(id => value.includes(`${id}.`)))
        .map(([column, value]): Cell => [`${name}.${column}`, String(value)]),
    ),
  )
  raw.close()
  return cells
}

/** The check values of the keys themselves stay until the keys go. */
export const left = (file: string, ...ids: readonly string[]): readonly string[] =>
  columns(under(file, ...ids)).filter(column => column !== 'key_checks.check_value')

export const columns = (cells: readonly Cell[]): readonly string[] =>
  [...new Set(cells.map(([column]) => column))].sort()

export const listed = new Set([
  ...rotated.flatMap(({ table, sealed, values = {}, repeated }) => [
    ...[...sealed, ...Object.keys(values)].map(column => `${table}.${column}`),
    ...(repeated ? [`${repeated.table}.${repeated.column}`] : []),
  ]),
  ...ending.map(({ table, column }) => `${table}.${column}`),
  'logout_requests.session_index_hmacs',
  'key_checks.check_value',
])
