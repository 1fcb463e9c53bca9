/** The attacker that we give away finds no door open in the receivers that we give away. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { run } from '../cli/desk.js'
import { makeFolder, type Folder } from '../cli/folder.js'
import { freePorts } from '../support/free-ports.js'
import { PYTHON, startJava, startPython } from '../support/receivers.js'
import { has } from '../support/require.js'

describe('check-journal against our receivers', () => {
  let folder: Folder
  before(async () => (folder = await makeFolder()))
  after(() => folder.remove())

  const kits = [
    ['Python', startPython, () => has(PYTHON, 'python3')],
    ['Java', startJava, () => has('javac', 'default-jdk-headless')],
  ] as const
  for (const [name, start, isThere] of kits)
    it(`finds every door of the receiver for ${name} shut`, async function () {
      if (!isThere()) this.skip()
      const [port] = await freePorts(1)
      const key = (await readFile(join(folder.path, 'certs', 'sgo.key'), 'utf8')).trim()
      const home = `http://127.0.0.1:${port!}/diary/`
      const settings = { bridge: 'http://localhost:8080', alg: 'HS256', key, home, requireState: false }
      const { origin, close } = await start(settings, port)
      const ran = await run([
        ...['check-journal', 'sgo', '--login', 'p-1001', '--test-account', '--config', folder.config],
        ...['--url', `${origin}/sso`, '--logout-url', `${origin}/sso-logout`, '--start', `${origin}/login`],
      ]).finally(close)
      expect(ran.code, ran.out + ran.err).to.equal(0)
      expect(ran.out)
        .to.match(/shut +logout-overtaken/)
        .and.match(/shut +state-foreign/)
    })
})
