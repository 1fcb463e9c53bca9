/** `npm run bench -- import [postgres://USER@HOST/EMPTY-DATABASE]`: 50,000 rows of a list, from the file's octets to the last row on the disk. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importRoster } from '../../src/identity/roster-import.js'
import { openStore } from '../../src/store/open.js'

const ROWS = 50_000
const key = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) })
const HEADER = 'Роль;Логин;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Класс;Код ребёнка;ФИО ребёнка;Класс ребёнка;E-mail'

/** Made-up numbers with their check number. */
function snilsOf(i: number): string {
  const nine = String(900_000_000 + i)
  const sum = Array.from(nine, Number).reduce((total, digit, place) => total + digit * (9 - place), 0)
  return nine + String((sum % 101) % 100).padStart(2, '0')
}

/** Half parents, half pupils. @param from where the numbers of the people begin */
export function list(rows: number, change = '', from = 0): Buffer {
  const lines = Array.from({ length: rows }, (_, row) => {
    const i = from + row
    const name = `Фамилия${i};Имя${i};Отчество${change}`
    return i % 2 === 0
      ? `родитель;p-${i};${name};12.04.1986;${snilsOf(i)};;c-${i};Фамилия${i} Ребёнок;5А;p${i}@mail.example`
      : `ученик;u-${i};${name};15.09.2014;${snilsOf(i)};5А;;;;`
  })
  return Buffer.from([HEADER, ...lines].join('\n'))
}

export async function benchImport(quick: boolean, postgres?: string): Promise<void> {
  const rows = quick ? ROWS / 10 : ROWS
  const folder = await mkdtemp(join(tmpdir(), 'bridge-bench-'))
  const limits = { idle: 900_000, absolute: 28_800_000 }
  const database = postgres ?? `sqlite:${join(folder, 'bench.db')}`
  const password = process.env['PGPASSWORD'] ?? ''
  const store = await openStore({ database, postgres: { password }, dataKeys: [key('d1', 1)], lookupKeys: [key('l1', 2)], limits }) // prettier-ignore
  const round = async (what: string, file: Buffer) => {
    const [start, cpu] = [performance.now(), process.cpuUsage()]
    const { written, plan } = await importRoster(store.roster, file, { journal: 'sgo', school: 'school-1', dryRun: false, now: Date.now() }) // prettier-ignore
    const seconds = (performance.now() - start) / 1000
    const { user, system } = process.cpuUsage(cpu)
    if (!written) throw new Error('the list was not written')
    const { added, changed, unchanged } = plan!
    process.stdout.write(
      `${what.padEnd(24)} ${seconds.toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s of CPU), ${Math.round(rows / seconds)} accounts a second (${added.length} added, ${changed.length} changed, ${unchanged} the same)\n`,
    )
  }
  try {
    await round('first import', list(rows))
    await round('the same again', list(rows))
    await round('everything changed', list(rows, 'а'))
  } finally {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
}
