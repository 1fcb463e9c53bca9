import { openStoreOf } from '../compose.js'
import { qualityOf, type RosterQuality, type Row } from '../identity/roster-quality.js'
import { roleTitles } from '../words/account.js'
import { loadConfiguration } from '../settings/configuration.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, type Desk, type ExitCode } from './desk.js'
import { oneLine } from './printable.js'
import { checkSomePlace, type SomePlace } from './roster-input.js'

interface Flags extends SomePlace {
  readonly config: string
  readonly json?: true
}

export const rosterReport: CommandMaker = (desk, finish) =>
  newCommand(desk, 'roster-report', {
    about:
      'Shows what is wrong with the imported lists: accounts without СНИЛС, one СНИЛС on several people, logins that stand twice, ' +
      'parents without e-mail, pupils whom no parent names, accounts that are missing. Rows are named by login, people never.',
    examples: ['', '--journal sgo --school school-1'],
    exitCodes: '0 nothing to mend, 1 something to mend, 2 unusable input',
  })
    .option('--journal <id>', 'only this journal')
    .option('--school <code>', 'only this school')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await run(desk, flags))
    })

async function run(desk: Desk, { config, json, journal, school }: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(config, desk.env)
  const of = { ...(journal !== undefined && { journal }), ...(school !== undefined && { school }) }
  checkSomePlace(configuration, of)
  const store = await openStoreOf(configuration)
  try {
    const entries = await store.roster.entries(of)
    const quality = qualityOf(entries, new Date(desk.clock.now()).toISOString().slice(0, 10))
    if (json) sayJson(desk, { ...quality })
    else say(desk, ...told(quality))
    return sections.some(({ of }) => of(quality).length > 0) ? 1 : 0
  } finally {
    await store.close()
  }
}

interface Section {
  readonly title: string
  /** Each a line: one row, or rows that belong together. */
  readonly of: (quality: RosterQuality) => readonly (readonly Row[])[]
  readonly advice: string
}

const each = (rows: readonly Row[]): readonly (readonly Row[])[] => rows.map(row => [row])

const sections: readonly Section[] = [
  { title: 'Без СНИЛС', of: q => each(q.withoutSnils), advice: 'эти люди не войдут через Госуслуги, пока школа не впишет номер' },
  { title: 'Не сходится контрольное число СНИЛС', of: q => each(q.badSnils), advice: 'номер вписан с ошибкой, сверьте со свидетельством' },
  { title: 'Один СНИЛС у разных людей', of: q => q.sharedSnils, advice: 'вход закрыт всем, на ком стоит этот номер; чаще всего в строку ребёнка вписан номер родителя' },
  { title: 'Один логин дважды', of: q => q.loginTwice, advice: 'проверьте, чьи это учётные записи и не отличаются ли они только большими буквами' },
  { title: 'Родители без e-mail', of: q => each(q.parentsWithoutEmail), advice: 'с ними не связаться, если вход не удастся' },
  { title: 'Ученики, которых не назвал ни один родитель', of: q => each(q.pupilsWithoutParent), advice: 'родители не увидят ребёнка; сверьте код или ФИО ребёнка в строках родителей' },
  { title: 'Срок полномочий вышел', of: q => each(q.authorityOver), advice: 'продлите «Действует до» или уберите строку' },
  { title: 'Выбыли из списка', of: q => each(q.missing), advice: 'последние загрузки их не называют, войти они не могут' },
] // prettier-ignore

const MOST = 50

function told(quality: RosterQuality): string[] {
  const found = sections.flatMap(({ title, of, advice }) => {
    const lines = of(quality)
    if (lines.length === 0) return []
    const more = lines.length > MOST ? [`  … и ещё ${lines.length - MOST}; все: --json`] : []
    return ['', `${title}: ${lines.length} (${advice})`, ...lines.slice(0, MOST).map(rows => `  ${rows.map(shown).join(' и ')}`), ...more] // prettier-ignore
  })
  return [`Учётных записей: ${quality.accounts}.`, ...(found.length > 0 ? found : ['Замечаний нет.'])]
}

function shown(row: Row & { readonly since?: number }): string {
  const since = row.since === undefined ? '' : `, с ${new Date(row.since).toISOString().slice(0, 10)}`
  return `${oneLine(row.login)} (${row.journal}, ${row.school}, ${roleTitles[row.role]}${since})`
}
