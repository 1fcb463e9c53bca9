/** A folder of PHP files, served as a school's site would serve them. */
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { projectFile } from '../../src/base/project-file.js'

export interface PhpSite {
  /** `http://127.0.0.1:49152`, without a slash. */
  readonly origin: string
  close(): void
}

export interface PhpOptions {
  readonly port?: number
  /** Further pages of the journal, by path. */
  readonly pages?: Readonly<Record<string, string>>
}

/** @param files of docs/integrators/php. `who.php` beside them prints who is signed in. */
export async function servePhp(
  files: readonly string[],
  settings: object,
  { port: wanted = 0, pages = {} }: PhpOptions = {},
): Promise<PhpSite> {
  const folder = mkdtempSync(join(tmpdir(), 'receiver-'))
  for (const file of files) copyFileSync(projectFile(`docs/integrators/php/${file}`), join(folder, file))
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...settings, usedFile: join(folder, 'used.txt') }))
  const read = "<?php return json_decode(file_get_contents(__DIR__ . '/settings.json'), true);"
  writeFileSync(join(folder, 'settings.php'), read)
  const who = "<?php session_start(); echo bin2hex(implode(' ', $_SESSION['bridge_account']));"
  writeFileSync(join(folder, 'who.php'), who)
  for (const [path, text] of Object.entries(pages)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const php = spawn('php', ['-d', `session.save_path=${folder}`, '-S', `127.0.0.1:${wanted}`, '-t', folder])
  const port = await new Promise<string>((resolve, reject) => {
    php.once('exit', code => reject(new Error(`php ended with ${String(code)}`)))
    php.stderr.on('data', (chunk: Buffer) => {
      const [, found] = /127\.0\.0\.1:([0-9]+)\) started/.exec(chunk.toString()) ?? []
      if (found) resolve(found)
    })
  })
  return {
    origin: `http://127.0.0.1:${port}`,
    close() {
      php.kill()
      rmSync(folder, { recursive: true })
    },
  }
}

interface PhpRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface PhpAnswer {
  readonly status: number
  readonly to: string | null
  readonly text: string
  readonly cookie: string
  readonly headers: Headers
}

/** One request, no redirect followed; `cookie` of the answer adds to what was sent. */
export async function askPhp(url: string, init: PhpRequest = {}, cookie = ''): Promise<PhpAnswer> {
  const answer = await fetch(url, { redirect: 'manual', ...init, headers: { ...init.headers, cookie } })
  const set = answer.headers.getSetCookie().map(line => line.split(';')[0]!)
  const pairs = [cookie.split('; '), set].flat().filter(pair => pair !== '')
  const jar = new Map(pairs.map(pair => [pair.split('=')[0]!, pair]))
  return {
    status: answer.status,
    to: answer.headers.get('location'),
    text: await answer.text(),
    cookie: [...jar.values()].join('; '),
    headers: answer.headers,
  }
}
