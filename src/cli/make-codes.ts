import { open, rename, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { systemChance } from '../base/chance.js'
import { newCode, type NewCode } from '../identity/codes.js'
import { codesWanted, type CodesWanted } from '../identity/codes-wanted.js'
import { openStoreOf } from '../compose.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { slipsPage, type Slip } from './code-slips.js'
import { CLASS, codesFor, LOGIN, ROLE, type CodesFlags } from './codes-input.js'
import { CODE_LIVES } from '../words/code.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { progressOn } from './progress.js'
import { checkPlace, JOURNAL, SCHOOL } from './roster-input.js'

interface Flags extends CodesFlags {
  readonly out?: string
  readonly everybody?: boolean
  readonly again?: boolean
}

export const makeCodes: CommandMaker = (desk, finish) =>
  newCommand(desk, 'make-codes', {
    about:
      'Makes codes for people whom the list does not know by СНИЛС, and writes slips to be printed (A4), cut up and handed ' +
      'out. A code can be used once, for 14 days. Nobody can read it again later: what is kept is an HMAC.',
    examples: [
      '--journal sgo --school school-1 --class 5А --role parent',
      '--journal sgo --school school-1 --login p-1001 --everybody --again --out slip.html',
    ],
    exitCodes: '0 made, 1 nobody needs a code, 2 unusable input',
  })
    .requiredOption(...JOURNAL)
    .requiredOption(...SCHOOL)
    .option(...CLASS)
    .option(...ROLE)
    .option(...LOGIN)
    .option('--everybody', 'also for those who have a СНИЛС in the list')
    .option('--again', 'also for those who have a code; the old one then counts no more')
    .option('--out <file>', 'HTML file for the slips; it must not exist yet (codes-JOURNAL-SCHOOL.html)')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await run(desk, flags))
    })

async function run(desk: Desk, flags: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(flags.config, desk.env)
  checkPlace(configuration, flags)
  const of = codesFor(flags)
  const file = flags.out ?? `codes-${flags.journal}-${flags.school}.html`
  if (existsSync(file)) throw new UnusableInput(`Файл ${file} уже есть. Назовите другой: --out ФАЙЛ.html.`)
  const store = await openStoreOf(configuration)
  const progress = progressOn(desk)
  try {
    progress.say('Читаю список…')
    const wanted = await whoNeedsOne(store, flags, of, desk.clock.now())
    progress.say(`Готовлю коды: ${wanted.entries.length}…`)
    if (wanted.entries.length > 0) await make(desk, configuration, store, flags, wanted, file)
    progress.end()
    if (flags.json) sayJson(desk, asJson(wanted, file))
    else say(desk, ...told(wanted, file))
    return wanted.entries.length > 0 ? 0 : 1
  } finally {
    progress.end()
    await store.close()
  }
}

type Store = Awaited<ReturnType<typeof openStoreOf>>

async function whoNeedsOne(
  { roster, links, codes }: Store,
  { journal, school, everybody = false, again = false }: Flags,
  of: Parameters<typeof codesWanted>[1],
  now: number,
): Promise<CodesWanted> {
  const linked = new Set<string>()
  for await (const { accountId } of links.inSchool(journal, school)) linked.add(accountId)
  const living = await codes.living(journal, school, now)
  return codesWanted(await roster.entries({ journal, school }), of, { linked, living }, { everybody, again })
}

/** The slips lie on the disk before a code counts, and get their name when it does: no code counts that nobody has. */
async function make(
  desk: Desk,
  configuration: Configuration,
  store: Store,
  { journal, school }: Flags,
  { entries }: CodesWanted,
  file: string,
): Promise<void> {
  const now = desk.clock.now()
  const slips = entries.map((entry): Slip => ({ entry, code: newCode(systemChance) }))
  const made = slips.map(({ entry, code }): NewCode => ({
    ...{ code, accountId: entry.accountId, journal, school, madeAt: now, expiresAt: now + CODE_LIVES },
  }))
  const part = `${file}.part`
  await writeForOwner(part, pageOf(configuration, { journal, school }, slips, now))
  const facts = { school, codes: made.length }
  try {
    await store.codes.make(made, { at: now, what: 'code.made', result: 'ok', journal, facts })
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await rename(part, file)
}

function pageOf(
  { settings }: Configuration,
  { journal, school }: { readonly journal: string; readonly school: string },
  slips: readonly Slip[],
  now: number,
): string {
  const place = settings.schools.find(({ code }) => code === school)
  return slipsPage({
    school: place?.title ?? school,
    journal: settings.journals.find(each => each.journal.id === journal)?.journal.title ?? journal,
    support: place?.support ?? {},
    address: `${settings.publicUrl}/me/code`,
    scanned: new URL('/code', settings.publicUrl).href,
    until: day.format(now + CODE_LIVES - 86_400_000),
    slips,
  })
}

const day = new Intl.DateTimeFormat('ru-RU', { timeZone: 'Europe/Moscow', dateStyle: 'long' })

/** Only for who runs the command, and on the disk when it returns. */
async function writeForOwner(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw new UnusableInput(
      (error as NodeJS.ErrnoException).code === 'EEXIST'
        ? `Остался файл ${path} от запуска, который прервали: коды в нём могут действовать. Уберите его или назовите другой: --out ФАЙЛ.html.`
        : `Файл ${path} не записать (${(error as NodeJS.ErrnoException).code ?? ''}). Назовите другое место: --out ФАЙЛ.html.`,
    )
  })
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const asJson = ({ entries, leftOut }: CodesWanted, file: string) => ({
  made: entries.map(({ login, role }) => ({ login, role })),
  leftOut,
  ...(entries.length > 0 && { file }),
})

function told({ entries, leftOut }: CodesWanted, file: string): string[] {
  const others = [
    ['есть СНИЛС в списке, код не нужен (--everybody сделает и им)', leftOut.bySnils],
    ['запись уже привязана', leftOut.linked],
    ['код уже выдан и ещё действует (--again сделает новый, прежний перестанет действовать)', leftOut.living],
  ] as const
  return [
    ...(entries.length > 0
      ? [
          `Сделано кодов: ${entries.length}. Талоны: ${file}`,
          'Напечатайте, разрежьте, раздайте лично в руки и удалите файл. Коды действуют 14 дней.',
        ]
      : ['Кодов не сделано: никому из выбранных код не нужен.']),
    ...others.filter(([, count]) => count > 0).map(([why, count]) => `Пропущено ${count}: ${why}.`),
  ]
}
