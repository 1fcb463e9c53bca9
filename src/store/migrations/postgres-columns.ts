/** Migrations are written once, in the words of SQLite; this says them in those of PostgreSQL. */
import { type KyselyPlugin, RawNode } from 'kysely'

/**
 * `collate "C"`: texts stand in the order of their octets, as in SQLite, and an index does not break when the library that
 * knows the order of languages changes with the operating system.
 */
const words: readonly (readonly [RegExp, string])[] = [
  [/\binteger primary key autoincrement\b/g, 'bigint generated always as identity primary key'],
  [/(?<=[(,]\s*\w+ )text\b|(?<=\badd column \w+ )text\b/g, 'text collate "C"'],
]

const inPostgres = (statement: string): string =>
  words.reduce((text, [pattern, instead]) => text.replace(pattern, instead), statement)

export const postgresColumns: KyselyPlugin = {
  transformQuery: ({ node }) =>
    RawNode.is(node) ? RawNode.create(node.sqlFragments.map(inPostgres), node.parameters) : node,
  transformResult: ({ result }) => Promise.resolve(result),
}
