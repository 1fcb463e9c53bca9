/** Starts the small journals that show integrators how the receivers for Python and Java are used, as they would be started. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectFile } from '../../src/base/project-file.js'

export interface ReceiverSettings {
  readonly bridge: string
  /** Its id in the settings; `sgo` when absent. */
  readonly journal?: string
  readonly audience?: string
  readonly alg: string
  readonly key: string
  readonly home: string
  readonly requireState: boolean
  /** Seconds. */
  readonly now?: number
}

export interface RunningReceiver {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  readonly close: () => void
}

/** Debian's own, whatever other Pythons there are: it is the one that has the package cryptography. */
export const PYTHON = '/usr/bin/python3'

export async function startPython(settings: ReceiverSettings, port = 0): Promise<RunningReceiver> {
  const folder = mkdtempSync(join(tmpdir(), 'receiver-'))
  const file = projectFile('docs/integrators/python/demo.py')
  const env = { ...environment(settings), USED: join(folder, 'used.db'), PYTHONDONTWRITEBYTECODE: '1' }
  return listening(spawn(PYTHON, [file, String(port)], { env }), folder)
}

/** Compiled for Java 8, which is what the receiver promises. */
export async function startJava(settings: ReceiverSettings, port = 0): Promise<RunningReceiver> {
  const classes = await (compiled ??= compile())
  return listening(
    spawn(
      'java',
      ['-XX:TieredStopAtLevel=1', '-Dsun.net.httpserver.nodelay=true', '-cp', classes, 'Demo', String(port)],
      { env: environment(settings) },
    ),
  )
}

let compiled: Promise<string> | undefined

async function compile(): Promise<string> {
  const [folder, sources] = [mkdtempSync(join(tmpdir(), 'receiver-')), projectFile('docs/integrators/java')]
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const files = readdirSync(sources).map(name => join(sources, name))
  await promisify(execFile)('javac', [
    '--release',
    '8',
    '-Xlint:-options',
    '-encoding',
    'UTF-8',
    '-d',
    folder,
    ...files,
  ])
  return folder
}

export const environment = ({
  bridge,
  journal = 'sgo',
  audience = journal,
  alg,
  key,
  home,
  requireState,
  now,
}: ReceiverSettings) => ({
  ...{ PATH: process.env['PATH'], BRIDGE: bridge, JOURNAL: journal, AUDIENCE: audience, ALG: alg, KEY: key },
  ...{ HOME_URL: home, REQUIRE_STATE: requireState ? 'yes' : 'no' },
  ...(now !== undefined && { NOW: String(now) }),
})

export async function listening(program: ChildProcess, folder?: string): Promise<RunningReceiver> {
  let said = ''
  const port = await new Promise<string>((resolve, reject) => {
    program.once('exit', code => reject(new Error(`the receiver ended with ${String(code)}: ${said}`)))
    program.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
    program.stdout?.on('data', (chunk: Buffer) => {
      const [, found] = /^listening on (\d+)/m.exec(chunk.toString()) ?? []
      if (found) resolve(found)
    })
  })
  return {
    origin: `http://127.0.0.1:${port}`,
    close() {
      program.kill()
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
