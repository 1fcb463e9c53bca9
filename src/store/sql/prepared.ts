/**
 * Queries of the road of a login: built and compiled once, asked with other values ever after. Kysely takes as long to build
 * a statement as SQLite takes to answer it.
 */
import type { Compilable, CompiledQuery, InsertObject, Kysely, QueryResult } from 'kysely'
import type { Tables } from '../tables.js'

/** Stands in the compiled query for a value that is known only when it is asked. */
class Given {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** Any property of it is the mark of that name. */
const marks: object = new Proxy({}, { get: (_target, name) => new Given(String(name)) })

/** Asks in a transaction, or alone on the database that it was prepared for. */
export type Prepared<G, R> = (db: Kysely<Tables>, given: G) => Promise<QueryResult<R>>

/**
 * @param build writes the query; of what is given it may use properties as values, and nothing else: it runs once, when
 *   nothing is known yet
 */
export function prepared<G extends object, R>(
  db: Kysely<Tables>,
  build: (db: Kysely<Tables>, given: G) => Compilable<R>,
): Prepared<G, R> {
  const compiled = build(db, marks as G).compile()
  return (asked, given) => asked.executeQuery(filled(compiled, given))
}

function filled<R>(compiled: CompiledQuery<R>, given: object): CompiledQuery<R> {
  const values = given as Readonly<Record<string, unknown>>
  const parameters = compiled.parameters.map(value => (value instanceof Given ? values[value.name] : value))
  return { ...compiled, parameters }
}

/** Whole rows into one table; all rows of one call have the same columns. */
export function preparedInsert<T extends keyof Tables>(
  db: Kysely<Tables>,
  table: T,
): (db: Kysely<Tables>, rows: readonly InsertObject<Tables, T>[]) => Promise<unknown> {
  const known = new Map<string, CompiledQuery>()
  return (asked, rows) => {
    const shape = `${rows.length} ${Object.keys(rows[0] ?? {}).join()}`
    const compiled = known.get(shape) ?? db.insertInto(table).values(rows).compile()
    known.set(shape, compiled)
    return asked.executeQuery({ ...compiled, parameters: rows.flatMap(row => Object.values(row)) })
  }
}
