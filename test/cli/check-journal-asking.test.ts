import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { freePorts } from '../support/free-ports.js'
import { run, type Ran } from './desk.js'
import { makeFolder, type Folder } from './folder.js'
import { askerHoles, openDoors } from './holes.js'
import { openWeakAsker, type AskerKind, type Carelessness } from './weak-asker.js'

describe('command: check-journal in place of the bridge', () => {
  let folder: Folder
  let config: string
  before(async () => {
    folder = await makeFolder()
    const yaml = await readFile(folder.config, 'utf8')
    config = await folder.file(
      'bridge.yaml',
      yaml.replace('kind: handle\n', 'kind: handle\n      requireState: true\n'),
    )
  })
  after(() => folder.remove())

  async function tried(kind: AskerKind, lets: Carelessness | undefined, flags: readonly string[] = []): Promise<Ran> {
    const [port] = await freePorts(1)
    const secret = ['handle', 'forum'].includes(kind) ? kind : 'sgo'
    const key = (await readFile(join(folder.path, 'certs', `${secret}.key`), 'utf8')).trim()
    const places = { bridge: 'http://localhost:8080', answers: `http://localhost:${port!}` }
    const journal = await openWeakAsker({ kind, key, ...places, ...(lets && { lets }) })
    const { origin } = journal
    const start = kind === 'headers' ? [] : ['--start', `${origin}/login`]
    const logout = kind === 'cas' || kind === 'headers' ? [] : ['--logout-url', `${origin}/logout`]
    const page = lets === 'clean-address' ? ['--page', `${origin}/diary/`] : []
    return run([
      ...['check-journal', kind, '--config', config, '--login', 'test-parent', '--test-account'],
      ...['--url', kind === 'headers' ? origin : `${origin}/enter`, ...start, ...logout, ...page],
      ...['--listen', String(port!), ...flags],
    ]).finally(() => journal.close())
  }

  for (const kind of ['handle', 'cas', 'forum', 'headers'] as const)
    it(`finds every door of a careful journal shut: ${kind}`, async () => {
      const ran = await tried(kind, undefined)
      expect(ran.code, ran.out + ran.err).to.equal(0)
      expect(ran.out).to.match(/^\d+ shut, 0 open, 0 unclear\.$/m)
    })

  for (const [kind, lets, doors] of askerHoles)
    it(`finds the hole of a journal that lets ${lets}, and no other: ${kind}`, async () => {
      const ran = await tried(kind, lets, ['--json'])
      expect(ran.err).to.equal('')
      expect([ran.code, ...openDoors(ran)]).to.deep.equal([1, ...doors])
    })
})
