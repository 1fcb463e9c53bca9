/** Opens the door of one kind as the settings would. */
import { systemChance } from '../../src/base/chance.js'
import type { Door, DoorTools, SecretRef } from '../../src/journals/connector.js'
import { kinds } from '../../src/journals/kinds.js'
import type { Journal } from '../../src/words/journal.js'
import { AT, journalOf } from '../contract/connector.js'

export const SECRET = 'k5n2v8Qx0rLwYb7TzJ3hGd9sUe4aPm6C'
export const OTHER = 'another-key-of-thirty-two-letters'
export const ISSUER = 'https://vhod.school.example'

export const toolsOf = (journal: Journal = journalOf(), at = AT): DoorTools => ({
  journal,
  issuer: ISSUER,
  clock: { now: () => at },
  chance: systemChance,
  tokenKeys: [],
  secret: (ref: SecretRef) => Buffer.from('env' in ref && ref.env === 'NEW' ? OTHER : SECRET),
})

export const opener =
  (kind: string) =>
  (block: object, tools: DoorTools = toolsOf()): Door => {
    const connector = kinds.get(kind)!
    return connector.open(connector.schema.parse({ key: { env: 'SGO_KEY' }, ...block }), tools)
  }

/** @returns the complaints about settings, as one text; empty when there are none */
export const complaints = (kind: string, block: object): string =>
  JSON.stringify(kinds.get(kind)!.schema.safeParse({ key: { env: 'SGO_KEY' }, ...block }).error?.issues ?? '')

/** Two keys at once, as while a journal's people change theirs. */
export const twoKeys = [
  { id: 'k2', env: 'NEW' },
  { id: 'k1', env: 'OLD' },
]
