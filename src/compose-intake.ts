/** From settings to the folders that lists arrive in, and one look into all of them. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Logger } from 'pino'
import { RosterFileError } from './identity/roster-import.js'
import { takeIn, type Handled, type Inbox, type IntakePorts } from './intake/intake.js'
import type { Configuration } from './settings/configuration.js'

export const inboxesOf = ({ settings }: Configuration): Inbox[] =>
  (settings.rosterImports ?? []).map(({ journal, school, folder, mapping }) => ({
    journal,
    school,
    folder,
    ...(mapping !== undefined && { mapping: () => readMappingFile(mapping) }),
  }))

function readMappingFile(path: string): { text: string; name: string } {
  try {
    return { text: readFileSync(path, 'utf8'), name: basename(path) }
  } catch (cause) {
    throw new RosterFileError(`Файл соответствия ${path} не читается: проверьте путь и права.`, { cause })
  }
}

interface Looked {
  readonly handled: readonly Handled[]
  /** Sentences about folders into which nobody could look. */
  readonly problems: readonly string[]
}

/** A folder that is not there hinders no other. */
export async function lookIntoFolders(ports: IntakePorts, inboxes: readonly Inbox[]): Promise<Looked> {
  const handled: Handled[] = []
  const problems: string[] = []
  for (const inbox of inboxes) {
    try {
      handled.push(...(await takeIn(ports, inbox)))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      problems.push(error.message)
    }
  }
  return { handled, problems }
}

interface Lists {
  readonly every: number
  look(): Promise<void>
}

/** What a running bridge does by the clock; the log names neither files nor people. */
export function listsOf(configuration: Configuration, ports: IntakePorts, log: Logger): Lists | undefined {
  const inboxes = inboxesOf(configuration)
  if (inboxes.length === 0) return undefined
  return {
    every: configuration.settings.rosterImportEvery,
    async look() {
      const { handled, problems } = await lookIntoFolders(ports, inboxes)
      for (const { journal, school, outcome } of handled) {
        const facts = { journal, school, outcome }
        if (outcome === 'done') log.info(facts, 'a list was imported from its folder')
        else log.warn(facts, 'a list in its folder was not imported; its report says why')
      }
      for (const problem of problems) log.error(problem)
    },
  }
}
