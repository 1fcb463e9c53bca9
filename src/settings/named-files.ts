/** What bridge.yaml needs beside itself: the files and variables that it names, whatever the setting is called. */
import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { valueAt } from './explain.js'
import { bridgeYaml } from './schema.js'
import { readSecrets, type NamedKey } from './secrets.js'
import type { Sources } from './read-file.js'

export interface NamedBeside {
  /** Whole paths of files that are there. */
  readonly files: readonly string[]
  /** Keys of the database, as whole paths; they are kept apart from it. */
  readonly apart: readonly string[]
  readonly variables: readonly string[]
}

/** Longer texts name no file. */
const LONGEST_PATH = 1_000

/** @param raw bridge.yaml as plain values */
export function namedBeside(raw: unknown, folder: string): NamedBeside {
  const apart = ['lookup', 'data'].flatMap(kind => filesUnder(valueAt(raw, ['secrets', kind]), folder))
  const files = filesUnder(raw, folder).filter(file => !apart.includes(file))
  return { files: [...new Set(files)], apart: [...new Set(apart)], variables: [...new Set(variablesUnder(raw))] }
}

function filesUnder(value: unknown, folder: string): string[] {
  return leavesOf(value).flatMap(({ text }) => {
    if (text.length > LONGEST_PATH || text.includes('\0')) return []
    const path = resolve(folder, text)
    return statSync(path, { throwIfNoEntry: false })?.isFile() ? [path] : []
  })
}

const variablesUnder = (value: unknown): string[] =>
  leavesOf(value).flatMap(({ key, text }) => (key === 'env' ? [text] : []))

interface Leaf {
  readonly key: string
  readonly text: string
}

function leavesOf(value: unknown, key = ''): readonly Leaf[] {
  if (typeof value === 'string') return [{ key, text: value }]
  if (Array.isArray(value)) return value.flatMap(each => leavesOf(each, key))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => leavesOf(each, name))
}

/** Keys of the database, and from where to where a file of one goes that was brought along. */
export interface DatabaseKeys {
  readonly lookup: readonly NamedKey[]
  readonly data: readonly NamedKey[]
  readonly files: readonly { readonly from: string; readonly to: string }[]
}

/**
 * @param brought folder with the key files under their own names, when they do not lie where the settings name them
 * @throws RangeError naming every key that is missing or is none
 */
export function databaseKeys(raw: unknown, sources: Sources, brought?: string): DatabaseKeys {
  const secrets = bridgeYaml.shape.secrets.parse(valueAt(raw, ['secrets']))
  const files: { from: string; to: string }[] = []
  const found = <Entry extends { readonly file?: string }>(entries: readonly Entry[]): Entry[] =>
    entries.map(entry => {
      if (entry.file === undefined || brought === undefined) return entry
      const move = { from: resolve(brought, basename(entry.file)), to: resolve(sources.folder, entry.file) }
      files.push(move)
      return { ...entry, file: move.from }
    })
  const [lookup, data] = [found(secrets.lookup), found(secrets.data)]
  const reading = readSecrets({ secrets: { ...secrets, session: [], tokens: [], lookup, data } }, sources)
  if (reading.findings.length > 0)
    throw new RangeError(
      reading.findings.map(({ path, message }) => `${path.slice(0, 2).join('.')}: ${message}`).join('; '),
    )
  return { lookup: reading.secrets.lookup, data: reading.secrets.data, files }
}
