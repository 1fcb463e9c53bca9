/** The table of a product -> a table with our titles, as a mapping says. */
import { foldName } from './names.js'
import type { Condition, Mapping } from './roster-mapping.js'
import type { Table, TableRow } from './roster-table.js'
import { RosterFileError } from './roster-text.js'

interface MappedTable extends Table {
  /** Rows that the mapping leaves out. */
  readonly skipped: number
}

type Cell = (row: TableRow) => string

/** @throws RosterFileError when a column that the mapping names is missing or is there twice */
export function mapped({ header, rows }: Table, mapping: Mapping): MappedTable {
  const find = finder(header)
  const wanted = [...mapping.only, ...mapping.skip].flatMap(Object.keys)
  const sources = Object.entries(mapping.columns).map(([ours, theirs]) => ({ ours, theirs: [theirs].flat() }))
  const present = sources.filter(({ ours, theirs }) => !mapping.optional.includes(ours) || theirs.every(find.has))
  find.all([...present.flatMap(({ theirs }) => theirs), ...wanted])

  const columns = [
    ...present.map(({ ours, theirs }) => ({ ours, cell: joined(theirs.map(find.place)) })),
    ...Object.entries(mapping.fixed).map(([ours, value]) => ({ ours, cell: () => value })),
  ].map(({ ours, cell }) => ({ ours, cell: translated(cell, mapping.values[ours]) }))
  const holds = (row: TableRow, condition: Condition) =>
    Object.entries(condition).every(([column, words]) => {
      const word = foldName(row.cells[find.place(column)] ?? '')
      return [words].flat().some(each => foldName(each) === word)
    })
  const counts = (row: TableRow) =>
    (mapping.only.length === 0 || mapping.only.some(condition => holds(row, condition))) &&
    !mapping.skip.some(condition => holds(row, condition))
  const kept = rows.filter(counts)
  return {
    header: columns.map(({ ours }) => ours),
    // whatever stands beyond the header keeps standing there: the row is refused for it
    rows: kept.map(row => ({
      line: row.line,
      cells: [...columns.map(({ cell }) => cell(row)), ...row.cells.slice(header.length)],
    })),
    skipped: rows.length - kept.length,
  }
}

const joined =
  (places: readonly number[]): Cell =>
  row =>
    places
      .map(place => row.cells[place] ?? '')
      .filter(text => text !== '')
      .join(' ')

function translated(cell: Cell, words: Readonly<Record<string, string>> | undefined): Cell {
  if (!words) return cell
  const ours = new Map(Object.entries(words).map(([theirs, word]) => [foldName(theirs), word]))
  return row => {
    const text = cell(row)
    return ours.get(foldName(text)) ?? text
  }
}

function finder(header: readonly string[]) {
  const places = new Map<string, number[]>()
  header.forEach((title, i) => {
    const key = foldName(title)
    places.set(key, [...(places.get(key) ?? []), i])
  })
  const of = (title: string) => places.get(foldName(title)) ?? []
  const shown = () =>
    header
      .filter(title => title !== '')
      .slice(0, 30)
      .map(title => `«${title.slice(0, 40)}»`)
      .join(', ')
  return {
    has: (title: string) => of(title).length > 0,
    place: (title: string) => of(title)[0]!,
    all(titles: readonly string[]) {
      const missing = titles.filter(title => of(title).length === 0)
      if (missing.length > 0)
        throw new RosterFileError(
          `В файле нет столбцов, которые называет файл соответствия: ${[...new Set(missing)].join(', ')}. Есть: ${shown()}.`,
        )
      const twice = titles.filter(title => of(title).length > 1)
      if (twice.length > 0)
        throw new RosterFileError(
          `Столбцы стоят в файле дважды: ${[...new Set(twice)].join(', ')}. Оставьте по одному.`,
        )
    },
  }
}
