/** CAS clients that are not ours: mod_auth_cas in a real Apache, and php-cas in a real PHP. */
import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Page } from './browser.js'

/** A program that serves one journal, and what its pages say about who is there. */
export interface Client {
  readonly settings: object
  readonly page: string
  who(page: Page): { readonly user: string; readonly role: string; readonly name: string }
  /** @param bridge where the bridge stands */
  start(folder: string, port: number, bridge: string): Promise<ChildProcess>
}

export const modAuthCas: Client = {
  settings: { singleLogout: 'redirected', attributes: { sn: '{lastName}', 'urn:role': '{role}' } },
  page: '/secure/page.html',
  // headers are octets; fetch reads them as Latin-1
  who: ({ headers }) => {
    const read = (name: string) => Buffer.from(headers.get(name) ?? '', 'latin1').toString()
    return { user: read('x-user'), role: read('x-role'), name: read('x-name') }
  },
  async start(folder, port, bridge) {
    const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_cas', 'headers']
    await mkdir(join(folder, 'secure'))
    await mkdir(join(folder, 'cookies'))
    await chmod(join(folder, 'cookies'), 0o777)
    await writeFile(join(folder, 'secure/page.html'), 'here')
    await writeFile(
      join(folder, 'apache.conf'),
      `ServerRoot ${folder}
      Listen 127.0.0.1:${port}
      ServerName 127.0.0.1:${port}
      PidFile ${folder}/pid
      ErrorLog "|/bin/cat"
      ${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
      ${modules.map(name => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
      DocumentRoot ${folder}
      CASVersion 2
      CASLoginURL ${bridge}/cas/client/login
      CASValidateURL ${bridge}/cas/client/p3/serviceValidate
      CASCookiePath ${folder}/cookies/
      CASAttributePrefix CAS-
      CASSSOEnabled On
      <Location /secure>
        AuthType CAS
        CASScrubRequestHeaders On
        CASAuthNHeader CAS-User
        Require valid-user
        Header always set X-User "expr=%{req:CAS-User}"
        Header always set X-Role "expr=%{req:CAS-urn_role}"
        Header always set X-Name "expr=%{req:CAS-sn}"
      </Location>`,
    )
    return listening(spawn('/usr/sbin/apache2', ['-DFOREGROUND', '-f', join(folder, 'apache.conf')]), 'resuming normal')
  },
}

export const phpCas: Client = {
  settings: { attributes: { sn: '{lastName}', 'urn:role': '{role}' } },
  page: '/index.php',
  who: ({ text }) => {
    const { user, attributes } = JSON.parse(text) as { user: string; attributes: Record<string, string> }
    expect(attributes).to.include({ longTermAuthenticationRequestTokenUsed: 'false' })
    return { user, role: attributes['urn_role']!, name: attributes['sn']! }
  },
  async start(folder, port, bridge) {
    await writeFile(
      join(folder, 'index.php'),
      `<?php
      error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED);
      require 'CAS.php';
      $bridge = parse_url('${bridge}');
      phpCAS::client(CAS_VERSION_3_0, $bridge['host'], $bridge['port'], '/cas/client', 'http://' . $_SERVER['HTTP_HOST']);
      // php-cas knows no http but by hand
      phpCAS::setServerLoginURL('${bridge}/cas/client/login?service=' . urlencode(phpCAS::getServiceURL()));
      phpCAS::setServerServiceValidateURL('${bridge}/cas/client/p3/serviceValidate');
      phpCAS::setNoCasServerValidation();
      phpCAS::handleLogoutRequests(true, ['127.0.0.1', 'localhost']);
      phpCAS::forceAuthentication();
      echo json_encode(['user' => phpCAS::getUser(), 'attributes' => phpCAS::getAttributes()]);`,
    )
    await mkdir(join(folder, 'sessions'))
    const php = spawn('php', ['-d', `session.save_path=${folder}/sessions`, '-S', `127.0.0.1:${port}`, '-t', folder])
    return listening(php, 'started')
  },
}

/** @returns once it says that it is there */
function listening(program: ChildProcess, words: string): Promise<ChildProcess> {
  let said = ''
  return new Promise((resolve, reject) => {
    program.once('exit', code => reject(new Error(`ended with ${String(code)}:\n${said}`)))
    for (const stream of [program.stdout!, program.stderr!])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes(words)) resolve(program)
      })
  })
}
