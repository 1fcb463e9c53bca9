/** The machine under the bridge: Node.js, its languages, the disk, the database. */
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Instant } from '../../base/clock.js'
import { readDatabaseAddress } from '../../base/database-address.js'
import { openStoreOf } from '../../compose.js'
import { leftBehind } from '../../compose-backup.js'
import { keyStates, type KeyState } from '../../login/rotating.js'
import type { Configuration } from '../../settings/configuration.js'
import { counted } from '../printable.js'
import {
  countedInRussian,
  green,
  quoted,
  red,
  verbatim,
  yellow,
  type Patient,
  type Remark,
  type Said,
} from './patient.js'
import { shortLived } from './short-lived.js'
import { watchRemarks } from './watch.js'

export function nodeVersion(version: string): Remark {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const it = `Node.js ${version}`
  if (major < 20 || (major === 20 && minor < 19))
    return red('node', { en: `${it} is too old`, ru: `${it} слишком старый` }, NEWER_NODE)
  if (major === 20)
    return yellow(
      'node',
      { en: `${it} gets no security fixes any more`, ru: `${it} больше не получает исправлений безопасности` },
      NEWER_NODE,
    )
  if (major % 2 === 1)
    return yellow('node', { en: `${it} is no version for long use`, ru: `${it} — не для долгой службы` }, NEWER_NODE)
  return green('node', verbatim(it))
}

const NEWER_NODE = { en: 'install Node.js 22 or 24', ru: 'поставьте Node.js 22 или 24' }

/** A Node.js that was built small knows no Russian, and pages would show dates of another country. */
export function language(month = new Intl.DateTimeFormat('ru', { month: 'long' }).format(0)): Remark {
  return month === 'январь'
    ? green('language', { en: 'Russian dates can be written', ru: 'даты пишутся по-русски' })
    : yellow(
        'language',
        { en: 'this Node.js cannot write Russian dates', ru: 'этот Node.js не умеет писать даты по-русски' },
        {
          en: 'install the usual build of Node.js (full ICU)',
          ru: 'поставьте обычную сборку Node.js (full ICU)',
        },
      )
}

const GIB = 1024 ** 3

/** @param folder of the database */
export function disk(folder: string, free = freeOctets(folder)): readonly Remark[] {
  if (free === undefined) return []
  const size = (free / GIB).toFixed(1)
  const shown = {
    en: `${size} GiB free where the database lies`,
    ru: `там, где лежит база, свободно ${size.replace('.', ',')} ГиБ`,
  }
  if (free < GIB / 10)
    return [
      red('disk', shown, {
        en: 'make room: with a full disk nobody can sign in',
        ru: 'освободите место: с полным диском никто не войдёт',
      }),
    ]
  if (free < GIB)
    return [
      yellow('disk', shown, { en: 'make room before it is full', ru: 'освободите место, пока диск не заполнился' }),
    ]
  return [green('disk', shown)]
}

function freeOctets(folder: string): number | undefined {
  if (!existsSync(folder)) return undefined
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

export async function database({ configuration, now }: Patient): Promise<readonly Remark[]> {
  const address = readDatabaseAddress(configuration.settings.storage.database)
  if (address?.kind !== 'sqlite') return opened(configuration, now)
  const { path } = address
  if (!existsSync(path)) return [notYet(path)]
  return [...(await opened(configuration, now)), ...readers(path), ...copiesLeft(path), ...disk(dirname(path))]
}

/** The first start makes file and folder: it may only if it may write in the nearest folder that is there. */
export function notYet(path: string, trouble: (folder: string) => string | undefined = writingTrouble): Remark {
  let folder = dirname(path)
  while (!existsSync(folder)) folder = dirname(folder)
  const code = trouble(folder)
  return code === undefined
    ? yellow('database', { en: `${path} is not there yet`, ru: `${path} пока нет` }, FIRST_START)
    : red(
        'database',
        {
          en: `${path} is not there, and this user may not write in ${folder} (${code})`,
          ru: `${path} нет, и этому пользователю нельзя писать в ${folder} (${code})`,
        },
        {
          en: 'name a writable folder in storage.database, or give the user of the bridge the right to write there',
          ru: 'укажите в storage.database папку, в которую можно писать, или дайте пользователю моста право писать туда',
        },
      )
}

const FIRST_START = {
  en: 'nothing before the first start; afterwards look for the right folder',
  ru: 'до первого запуска ничего; потом ищите правильную папку',
}

/** @returns the code of the system, e.g. EROFS */
function writingTrouble(folder: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK)
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown reason'
  }
}

/** Opens it as the bridge does: schema, keys, and a write that is on the disk. */
async function opened(configuration: Configuration, now: Instant): Promise<readonly Remark[]> {
  try {
    const store = await openStoreOf(configuration, { now: () => now })
    const look = async () => {
      const beside = await shortLived(store, configuration)
      // the rest asks both
      if (beside.some(({ light }) => light === 'red')) return beside
      await store.check()
      const { rotation } = store
      const keys = await keyStates({ rotation, clock: { now: () => now } }, configuration.settings.retention)
      return [
        ...beside,
        ...undone(await store.switchedOff()),
        ...olderKeys(keys),
        ...(await watchRemarks(store.watching, configuration, now)),
      ]
    }
    const others = await look().finally(() => store.close())
    return [green('database', OPENS), ...others]
  } catch (error) {
    if (!(error instanceof Error) || !['StoreError', 'StoreUnavailable'].includes(error.name)) throw error
    return [ofError(error)]
  }
}

const OPENS = {
  en: 'the database opens with these keys and takes a write',
  ru: 'база открывается этими ключами и принимает запись',
}

/** Databases complain in English only: what is wrong, and then, maybe, what to do. */
function ofError({ message }: Error): Remark {
  const [first = '', ...rest] = message.split(/(?<=\.) /)
  const [what, fix] = [first.replace(/\.$/, ''), rest.join(' ').replace(/\.$/, '')]
  return red(
    'database',
    { en: what, ru: `с базой не вышло; причина ${quoted(what)}` },
    fix === ''
      ? { en: 'see what holds or protects the file', ru: 'посмотрите, кто держит этот файл или чем он защищён' }
      : { en: fix, ru: `устраните эту причину; совет ${quoted(fix)}` },
  )
}

function undone(off: readonly string[]): readonly Remark[] {
  if (off.length === 0) return []
  const switches = off.map(name => `${name} = off`).join(', ')
  const what = {
    en: `the PostgreSQL server runs with ${switches}: a power cut would let an answer of the IdP in twice`,
    ru: `сервер PostgreSQL работает с ${switches}: после отключения света один ответ IdP сработал бы дважды`,
  }
  return [yellow('database', what, { en: 'switch it on: docs/postgresql.md', ru: 'включите: docs/ru/postgresql.md' })]
}

/** A change of keys that was begun and forgotten, or one that is over. */
export const olderKeys = (keys: readonly KeyState[]): readonly Remark[] =>
  keys.flatMap(({ secret, id, state, until, kept }) => {
    const name = `secrets.${secret} ${id}`
    const rows = kept.reduce((sum, each) => sum + each.rows, 0)
    if (state === 'rows' && until === undefined)
      return [yellow('keys', standing(rows, name), verbatim('npx --no-install bridge rotate-data-key'))]
    return state === 'free' ? [yellow('keys', nothingUnder(name), TAKE_OUT)] : []
  })

const standing = (rows: number, name: string): Said => ({
  en: `${counted(rows, 'value')} stand under the older key ${name}`,
  ru: `под старым ключом ${name} ещё ${countedInRussian(rows, 'значение', 'значения', 'значений')}`,
})

const nothingUnder = (name: string): Said => ({
  en: `nothing stands under ${name} any more`,
  ru: `под ключом ${name} больше ничего нет`,
})

const TAKE_OUT = {
  en: 'run rotate-data-key once more, then take it out of the settings: docs/ru/smena-klyuchey.md',
  ru: 'выполните rotate-data-key ещё раз и уберите этот ключ из настроек: docs/ru/smena-klyuchey.md',
}

/** Nobody would look for them, and what people had destroyed would live on in them. */
const copiesLeft = (path: string): readonly Remark[] =>
  leftBehind(path).map(each =>
    yellow(
      'database',
      {
        en: `${each} was left by a backup or restore that was cut off, and a copy of the database may be in it`,
        ru: `${each} остался от прерванной команды backup или restore, и в нём может быть копия базы`,
      },
      {
        en: 'delete it; the next backup or restore does so, too',
        ru: 'удалите его; следующая команда backup или restore сделает это и сама',
      },
    ),
  )

/** Windows keeps rights elsewhere. */
function readers(path: string): readonly Remark[] {
  const others = process.platform === 'win32' ? 0 : statSync(path).mode & 0o007
  if (others === 0) return []
  const what = {
    en: `${path} may be read by every user of this machine`,
    ru: `${path} может прочесть каждый пользователь этой машины`,
  }
  return [yellow('database', what, verbatim(`chmod o-rwx ${path}`))]
}
