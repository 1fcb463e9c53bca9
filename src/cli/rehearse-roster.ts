import { openStoreOf } from '../compose.js'
import { rehearse, type RosterRehearsal } from '../identity/roster-rehearsal.js'
import { readRoster } from '../identity/roster-import.js'
import { loadConfiguration } from '../settings/configuration.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { oneLine } from './printable.js'
import { progressOn } from './progress.js'
import { checkPlace, JOURNAL, MAPPING, readList, SCHOOL, SHEET, type ListFlags } from './roster-input.js'

interface Flags extends ListFlags {
  readonly config: string
  readonly json?: true
}

export const rehearseRoster: CommandMaker = (desk, finish) =>
  newCommand(desk, 'rehearse-roster', {
    about:
      'Holds a list that is not imported yet against the rules in force and the links that people have: who would find no account any more, who would be refused ' +
      'since a number stands on several people, who would find others than today. Writes nothing; people are named by login.',
    examples: ['people.csv --journal sgo --school school-1'],
    exitCodes: '0 nobody loses anything, 1 somebody is lost, doubled or changed, 2 unusable input (a refused row, too)',
  })
    .argument('<file>', 'XLSX or CSV file, or - for standard input')
    .requiredOption(...JOURNAL)
    .requiredOption(...SCHOOL)
    .option(...MAPPING)
    .option(...SHEET)
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (file: string, flags: Flags) => {
      finish(await run(desk, file, flags))
    })

async function run(desk: Desk, file: string, flags: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(flags.config, desk.env)
  checkPlace(configuration, flags)
  const progress = progressOn(desk)
  progress.say('Читаю файл…')
  const { octets, ...reading } = await readList(desk, file, flags)
  const { refused, records } = await readRoster(octets, reading)
  if (refused.length > 0)
    throw new UnusableInput(`Отклонено строк: ${refused.length}. Какие и почему, скажет import-roster с --dry-run.`)
  const store = await openStoreOf(configuration)
  try {
    progress.say('Сравниваю…')
    const { journal: id, school } = flags
    const { journals, schools } = configuration.settings
    const { journal } = journals.find(each => each.journal.id === id)!
    const destination = { journal, school, schools: new Map(schools.map(each => [each.code, each])), now: desk.clock.now() } // prettier-ignore
    const links = []
    for await (const link of store.links.inSchool(id, school)) links.push(link)
    const found = rehearse(await store.roster.entries({ school }), records, links, destination)
    progress.end()
    if (flags.json) sayJson(desk, { ...found })
    else say(desk, ...told(found))
    return found.lost.length + found.doubled.length + found.changed.length > 0 ? 1 : 0
  } finally {
    progress.end()
    await store.close()
  }
}

const sections = [
  { of: 'lost', title: 'Потеряют доступ' },
  { of: 'doubled', title: 'Один СНИЛС у разных людей, вход будет закрыт' },
  { of: 'changed', title: 'Увидят не то, что раньше' },
  { of: 'gained', title: 'Получат доступ' },
] as const

const MOST = 50

function told(found: RosterRehearsal): string[] {
  const head = `Людей с СНИЛС или привязкой: ${found.people}, без изменений: ${found.same}. Ничего не записано.`
  return [
    head,
    ...sections.flatMap(({ of, title }) => {
      const changes = found[of]
      if (changes.length === 0) return []
      const more = changes.length > MOST ? [`  … и ещё ${changes.length - MOST}; все: --json`] : []
      return ['', `${title}: ${changes.length}`, ...changes.slice(0, MOST).map(each => `  ${shown(each)}`), ...more]
    }),
  ]
}

function shown({ logins, before, after, refused }: RosterRehearsal['lost'][number]): string {
  const places = (list: readonly string[]) => (list.length === 0 ? 'ничего' : list.map(oneLine).join(', '))
  const why = refused === undefined ? '' : ` (${refused})`
  return `${logins.map(oneLine).join(', ')}: было ${places(before)}; станет ${places(after)}${why}`
}
