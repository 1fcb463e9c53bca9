/** The commands of docs/integrators/handle.md, run as they stand there against a started bridge. */
import { spawnSync } from 'node:child_process'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { parse } from 'yaml'
import { projectFile } from '../../src/base/project-file.js'
import { demoJournal } from '../../src/demo/settings.js'
import { kinds } from '../../src/journals/kinds.js'
import { somebody } from '../support/redeeming.js'
import { has } from '../support/require.js'
import { startTestTown, type TestTown } from '../support/town.js'

const page = readFileSync(projectFile('docs/integrators/handle.md'), 'utf8')
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text]) => text!)
const run = promisify(execFile)

describe('docs: handle', () => {
  it('names settings that the connector takes', () => {
    const [journal] = parse(blocks('yaml')[0]!) as [{ readonly connector: { readonly kind: string } }]
    const { kind, ...block } = journal.connector
    expect(kinds.get(kind)!.schema.safeParse(block).error?.issues).to.equal(undefined)
  })

  describe('commands', () => {
    const folder = mkdtempSync(join(tmpdir(), 'handle-docs-'))
    const commands = blocks('sh')
    let town: TestTown | undefined
    before(async function () {
      if (!['bash:bash', 'curl:curl', 'openssl:openssl'].every(pair => has(...(pair.split(':') as [string, string]))))
        return this.skip()
      const making = commands.find(text => text.includes('genpkey'))!
      expect(spawnSync('bash', ['-euc', making], { cwd: folder }).status).to.equal(0)
      town = await startTestTown({
        more: place => {
          const connector = {
            ...{ kind: 'handle', url: `${place.journals}/nowhere` },
            ...{ secret: { file: 'certs/handle.key' }, keys: { file: join(folder, 'sgo-public.pem') } },
          }
          return { journals: [{ ...demoJournal(place, 'sgo', 'Сетевой Город'), connector }] }
        },
      })
    })
    after(async () => {
      await town?.close()
      rmSync(folder, { recursive: true })
    })

    const calls = commands.filter(text => text.includes('/hand-off/redeem'))
    it('are three', () => expect(calls).to.have.lengthOf(3))
    for (const [i, command] of calls.entries())
      it(`the ${['first', 'second', 'third'][i] ?? ''} gets what the page shows`, async () => {
        const here = town!
        const HANDLE = await (await somebody(here)).handle('sgo', '&state=x')
        const { PATH } = process.env
        const env = { PATH, HANDLE, BRIDGE: here.town.bridge, SGO_SECRET: here.prepared.journalSecrets.handle }
        const { stdout } = await run('bash', ['-euc', command], { cwd: folder, env })
        const got = JSON.parse(stdout) as object
        expect(got).to.include({ aud: 'sgo', role: 'parent', state: 'x' })
        expect(Object.keys(got)).to.deep.equal(Object.keys(shown()))
      })

    /** The page's own order of claims: what the message is, then who the person is. */
    const shown = (): object => JSON.parse(blocks('json')[0]!) as object
  })
})
