/** The attacker that we give away finds no door open in the receivers that we give away. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { run } from '../cli/desk.js'
import { makeFolder, type Folder } from '../cli/folder.js'
import { serveHttp } from '../support/https.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { freePorts } from '../support/free-ports.js'
import { kits, type Kit } from '../support/kits.js'

describe('check-journal against our receivers', () => {
  let folder: Folder
  before(async () => (folder = await makeFolder()))
  after(() => folder.remove())

  for (const kit of Object.values<Kit>(kits))
    it(`finds every door of the receiver for ${kit.name} shut`, async function () {
      if (!kit.isThere()) return this.skip()
      const [port] = await freePorts(1)
      const key = (await readFile(join(folder.path, 'certs', 'sgo.key'), 'utf8')).trim()
      const home = `http://127.0.0.1:${port!}/diary/`
      const settings = { bridge: 'http://localhost:8080', alg: 'HS256', key, home, requireState: false }
      const { origin, close } = await kit.start(settings, port!)
      const ran = await run([
        ...['check-journal', 'sgo', '--login', 'p-1001', '--test-account', '--config', folder.config],
        ...['--url', origin + kit.sso, '--logout-url', origin + kit.logout, '--start', origin + kit.login],
        ...['--page', home],
      ]).finally(close)
      expect(ran.code, ran.out + ran.err).to.equal(0)
      expect(ran.out)
        .to.match(/shut +logout-overtaken/)
        .and.match(/shut +state-foreign/)
    })
})

describe('check-journal against journals that sign fields', () => {
  let town: TestTown
  before(async () => (town = await startTestTown()))
  after(() => town.close())
  const check = (id: string, ...flags: string[]) =>
    run(['check-journal', id, '--config', town.prepared.configFile, '--login', 'p-1001', '--test-account', ...flags])

  for (const id of ['form', 'query'])
    it(`finds every door of the demo journal ${id} shut`, async () => {
      const ran = await check(id, '--start', `${town.town.journals}/${id}/login`)
      expect(ran.code, ran.out + ran.err).to.equal(0)
      expect(ran.out)
        .to.match(/shut +changed-field/)
        .and.match(/shut +replay/)
    })

  it('finds the hole of one that believes what it reads', async () => {
    const journal = await serveHttp((request, response) => {
      const isIn = request.headers.cookie?.includes('in=yes') === true
      if (request.url?.startsWith('/sso'))
        response.writeHead(303, { 'Set-Cookie': 'in=yes', Location: '/diary/' }).end()
      else response.writeHead(isIn ? 200 : 403).end()
    }, '127.0.0.1')
    const ran = await check('query', '--url', `${journal.origin}/sso`, '--json')
    await journal.close()
    const doors = ran.json()['doors'] as { readonly id: string; readonly result: string }[]
    const open = doors.filter(({ result }) => result === 'open').map(({ id }) => id)
    expect([ran.code, ...open]).to.include.members([1, 'changed-field', 'other-key', 'expired', 'replay'])
  })
})
