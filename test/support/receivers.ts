/** Starts the small journals that show integrators how the receivers for Python, Java and C# are used, as they would be started. */
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
export const MONO = 'mono-mcs mono-runtime'

export async function startPython(settings: ReceiverSettings, port = 0): Promise<RunningReceiver> {
  const folder = mkdtempSync(join(tmpdir(), 'receiver-'))
  const file = projectFile('docs/integrators/python/demo.py')
  const env = { ...environment(settings), USED: join(folder, 'used.db'), PYTHONDONTWRITEBYTECODE: '1' }
  return listening(spawn(PYTHON, [file, String(port)], { env }), folder)
}

/** Compiled for Java 8, which is what the receiver promises. */
export async function startJava(settings: ReceiverSettings, port = 0): Promise<RunningReceiver> {
  const classes = await (javaClasses ??= compileJava())
  return listening(
    spawn(
      'java',
      ['-XX:TieredStopAtLevel=1', '-Dsun.net.httpserver.nodelay=true', '-cp', classes, 'Demo', String(port)],
      { env: environment(settings) },
    ),
  )
}

/** Compiled as C# 5, which is what the compiler inside .NET Framework knows, and run by Mono. */
export async function startCsharp(settings: ReceiverSettings, port = 0): Promise<RunningReceiver> {
  const program = await (csharpProgram ??= compileCsharp())
  return listening(spawn('mono', [program, String(port)], { env: { ...environment(settings), HOST: '127.0.0.1' } }))
}

let javaClasses: Promise<string> | undefined
let csharpProgram: Promise<string> | undefined

async function compileJava(): Promise<string> {
  const { folder, files } = sourcesOf('java')
  const flags = ['--release', '8', '-Xlint:-options', '-encoding', 'UTF-8', '-d', folder]
  await promisify(execFile)('javac', [...flags, ...files])
  return folder
}

async function compileCsharp(): Promise<string> {
  const { folder, files } = sourcesOf('csharp')
  const program = join(folder, 'demo.exe')
  await promisify(execFile)('mcs', ['-langversion:5', '-warnaserror', `-out:${program}`, ...files])
  return program
}

function sourcesOf(language: string): { readonly folder: string; readonly files: readonly string[] } {
  const [folder, sources] = [mkdtempSync(join(tmpdir(), 'receiver-')), projectFile(`docs/integrators/${language}`)]
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return { folder, files: readdirSync(sources).map(name => join(sources, name)) }
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
