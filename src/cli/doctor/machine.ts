/** The machine under the bridge: Node.js, its languages, the disk, the database. */
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { openStoreOf } from '../../compose.js'
import type { Configuration } from '../../settings/configuration.js'
import { green, red, yellow, type Patient, type Remark } from './patient.js'

export function nodeVersion(version: string): Remark {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    return red('node', `Node.js ${version} is too old`, 'install Node.js 22 or 24')
  if (major === 20)
    return yellow('node', `Node.js ${version} gets no security fixes any more`, 'install Node.js 22 or 24')
  if (major % 2 === 1)
    return yellow('node', `Node.js ${version} is no version for long use`, 'install Node.js 22 or 24')
  return green('node', `Node.js ${version}`)
}

/** A Node.js that was built small knows no Russian, and pages would show dates of another country. */
export function language(month = new Intl.DateTimeFormat('ru', { month: 'long' }).format(0)): Remark {
  return month === 'январь'
    ? green('language', 'Russian dates can be written')
    : yellow('language', 'this Node.js cannot write Russian dates', 'install the usual build of Node.js (full ICU)')
}

const GIB = 1024 ** 3

/** @param folder of the database */
export function disk(folder: string, free = freeOctets(folder)): readonly Remark[] {
  if (free === undefined) return []
  const shown = `${(free / GIB).toFixed(1)} GiB free where the database lies`
  if (free < GIB / 10) return [red('disk', shown, 'make room: with a full disk nobody can sign in')]
  if (free < GIB) return [yellow('disk', shown, 'make room before it is full')]
  return [green('disk', shown)]
}

function freeOctets(folder: string): number | undefined {
  if (!existsSync(folder)) return undefined
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

export async function database({ configuration }: Patient): Promise<readonly Remark[]> {
  const path = configuration.settings.storage.database.replace(/^sqlite:/, '')
  if (!existsSync(path)) return [notYet(path)]
  return [...(await opened(configuration)), ...readers(path), ...disk(dirname(path))]
}

/** The first start makes file and folder: it may only if it may write in the nearest folder that is there. */
export function notYet(path: string, trouble: (folder: string) => string | undefined = writingTrouble): Remark {
  let folder = dirname(path)
  while (!existsSync(folder)) folder = dirname(folder)
  const code = trouble(folder)
  return code === undefined
    ? yellow('database', `${path} is not there yet`, 'nothing before the first start; afterwards look for the right folder') // prettier-ignore
    : red('database', `${path} is not there, and this user may not write in ${folder} (${code})`, 'name a writable folder in storage.database, or give the user of the bridge the right to write there') // prettier-ignore
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
async function opened(configuration: Configuration): Promise<readonly Remark[]> {
  try {
    const store = await openStoreOf(configuration)
    await store.check().finally(() => store.close())
    return [green('database', 'the database opens with these keys and takes a write')]
  } catch (error) {
    if (!(error instanceof Error) || !['StoreError', 'StoreUnavailable'].includes(error.name)) throw error
    const [what = '', ...fix] = error.message.split(/(?<=\.) /)
    return [
      red(
        'database',
        what.replace(/\.$/, ''),
        fix.join(' ').replace(/\.$/, '') || 'see what holds or protects the file',
      ),
    ]
  }
}

/** Windows keeps rights elsewhere. */
function readers(path: string): readonly Remark[] {
  const others = process.platform === 'win32' ? 0 : statSync(path).mode & 0o007
  return others === 0
    ? []
    : [yellow('database', `${path} may be read by every user of this machine`, `chmod o-rwx ${path}`)]
}
