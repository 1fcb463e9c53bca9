/** What the commands about the school's list are given: a place of the settings, a file, a mapping. */
import { basename } from 'node:path'
import { readMapping, type Mapping } from '../identity/roster-mapping.js'
import type { Configuration } from '../settings/configuration.js'
import { UnusableInput, type Desk } from './desk.js'
import { readInput, readTextInput } from './input.js'

export interface Place {
  readonly journal: string
  readonly school: string
}

export interface ListFlags extends Place {
  readonly mapping?: string
  readonly sheet?: string
}

export const JOURNAL = ['--journal <id>', 'journal whose accounts the list names'] as const
export const SCHOOL = ['--school <code>', 'school whose list it is'] as const
export const MAPPING = ['--mapping <file>', 'YAML file that says which columns of the list mean what'] as const
export const SHEET = ['--sheet <title>', 'sheet of an XLSX book, when several hold something'] as const

/** @throws UnusableInput naming what there is instead */
export function checkPlace({ settings }: Configuration, { journal, school }: Place): void {
  const ids = settings.journals.map(each => each.journal.id)
  const found = settings.journals.find(each => each.journal.id === journal)
  if (!found) throw new UnusableInput(`В настройках нет журнала ${journal}. Есть: ${ids.join(', ')}.`)
  const { schools } = found.journal
  if (!schools.includes(school))
    throw new UnusableInput(`Журналом ${journal} не пользуется школа ${school}. Его школы: ${schools.join(', ')}.`)
}

export interface SomePlace {
  readonly journal?: string
  readonly school?: string
}

/** Either may be left out. @throws UnusableInput naming what there is instead */
export function checkSomePlace({ settings }: Configuration, { journal, school }: SomePlace): void {
  const [ids, codes] = [settings.journals.map(each => each.journal.id), settings.schools.map(each => each.code)]
  if (journal !== undefined && !ids.includes(journal))
    throw new UnusableInput(`В настройках нет журнала ${journal}. Есть: ${ids.join(', ')}.`)
  if (school !== undefined && !codes.includes(school))
    throw new UnusableInput(`В настройках нет школы ${school}. Есть: ${codes.join(', ')}.`)
}

export interface ListInput {
  readonly octets: Buffer
  readonly mapping?: Mapping
  readonly sheet?: string
}

/** @throws UnusableInput, RosterFileError */
export async function readList(desk: Desk, file: string, { mapping, sheet }: ListFlags): Promise<ListInput> {
  return {
    octets: await readInput(desk, file, 64 * 1024 * 1024),
    ...(mapping !== undefined && { mapping: readMapping(await readTextInput(desk, mapping), basename(mapping)) }),
    ...(sheet !== undefined && { sheet }),
  }
}
