/**
 * Journals around the receivers that we give away, one row a language. Each stands on a port of its own and has the
 * addresses of its row; its diary, which only those see who are in, is `/diary/`.
 */
import { spawn } from 'node:child_process'
import { projectFile } from '../../src/base/project-file.js'
import { servePhp } from './php.js'
import {
  environment,
  listening,
  MONO,
  PYTHON,
  startCsharp,
  startJava,
  startPython,
  type ReceiverSettings,
  type RunningReceiver,
} from './receivers.js'
import { has } from './require.js'

export interface KitSettings extends ReceiverSettings {
  /** The bridge brings its token by a form. */
  readonly post?: boolean
}

export interface Kit {
  readonly name: string
  /** false means: skip */
  isThere(): boolean
  start(settings: KitSettings, port: number): Promise<RunningReceiver>
  readonly login: string
  readonly sso: string
  readonly logout: string
}

const usual = { login: '/login', sso: '/sso', logout: '/sso-logout' } as const

/** What a school's PHP would write before its own pages. */
const PHP_DIARY = `<?php
require '../logout.php';
session_start();
$account = isset($_SESSION['bridge_account']) ? $_SESSION['bridge_account'] : null;
if (!$account || bridge_session_ended($account['sid'])) { http_response_code(403); exit('<h1>Войдите</h1>'); }
echo '<h1>Дневник</h1><p>', htmlspecialchars($account['login'] . ' ' . (isset($account['child']) ? $account['child'] : '')), '</p>';`

const startPhp: Kit['start'] = ({ journal = 'sgo', audience = journal, ...settings }, port) =>
  servePhp(
    ['receiver.php', 'logout.php'],
    { ...settings, journal, audience },
    { port, pages: { 'diary/index.php': PHP_DIARY } },
  )

const startNode: Kit['start'] = (settings, port) => {
  const env = { ...environment(settings), ...(settings.post && { POST: 'yes' }) }
  return listening(spawn(process.execPath, [projectFile('docs/integrators/node/demo.mjs'), String(port)], { env }))
}

export const kits = {
  php: {
    ...{ name: 'PHP', isThere: () => has('php', 'php-cli'), start: startPhp },
    ...{ login: '/receiver.php?login=1', sso: '/receiver.php', logout: '/logout.php' },
  },
  node: { name: 'Node.js', isThere: () => true, start: startNode, ...usual },
  python: { name: 'Python', isThere: () => has(PYTHON, 'python3'), start: startPython, ...usual },
  java: { name: 'Java', isThere: () => has('javac', 'default-jdk-headless'), start: startJava, ...usual },
  csharp: { name: 'C#', isThere: () => has('mcs', MONO) && has('mono', MONO), start: startCsharp, ...usual },
} as const satisfies Readonly<Record<string, Kit>>

/** The same as bridge.yaml has it: a signed link with the key of the demo's first journal. */
export const kitJournal = (id: string, { name, sso, logout }: Kit, origin: string, more: object = {}) => ({
  ...{ id, title: name, schools: ['school-1'], roles: ['parent'], returnTo: [`${origin}/diary/*`] },
  connector: {
    ...{ kind: 'signed-link', alg: 'HS256', key: { file: 'certs/sgo.key' }, requireState: true },
    ...{ url: origin + sso, logoutUrl: origin + logout, ...more },
  },
})
