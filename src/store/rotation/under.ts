import { sql } from 'kysely'

/** Every value names its key: `d1.…` */
export const under = (value: string, id: string): boolean => value.startsWith(`${id}.`)

/** The same in SQL; ids may hold `_`, which `like` takes for any letter. */
export const isUnder = (column: string, id: string) =>
  sql<boolean>`substr(${sql.ref(column)}, 1, ${sql.lit(id.length + 1)}) = ${`${id}.`}`
