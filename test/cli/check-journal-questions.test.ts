/** What check-journal says of journals whose server ours asks: about old logins, and for accounts. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { run } from './desk.js'
import { makeFolder, type Folder } from './folder.js'
import { checkHoles, createHoles, openDoors } from './holes.js'
import { openWeakChecker, type CreateWeakness } from './weak-checker.js'
import { openWeakJournal } from './weak-journal.js'

const BRIDGE = 'http://localhost:8080'

describe('command: check-journal, questions of our server', () => {
  let folder: Folder
  let key: string
  before(async () => {
    folder = await makeFolder()
    key = (await readFile(join(folder.path, 'certs', 'sgo.key'), 'utf8')).trim()
  })
  after(() => folder.remove())

  async function tried(lets?: CreateWeakness, flag = '--old-login-url') {
    const [journal, checker] = [
      await openWeakJournal({ bridge: BRIDGE, key }),
      await openWeakChecker(BRIDGE, key, lets),
    ]
    const { origin } = journal
    return run([
      ...['check-journal', 'sgo', '--login', 'test-parent', '--test-account', '--config', folder.config, '--json'],
      ...['--url', `${origin}/sso`, '--logout-url', `${origin}/logout`, '--start', `${origin}/login`],
      ...[flag, checker.url],
    ]).finally(() => {
      journal.close()
      checker.close()
    })
  }

  it('finds every door of a careful one shut', async () => {
    const ran = await tried()
    expect(ran.code, ran.out + ran.err).to.equal(0)
    expect(ran.out).to.include('check-replay')
  })

  for (const [lets, doors] of checkHoles)
    it(`finds the hole of one that lets ${lets}, and no other`, async () => {
      const ran = await tried(lets)
      expect(ran.code, ran.out + ran.err).to.equal(1)
      expect(openDoors(ran)).to.deep.equal(doors)
    })

  it('finds every door of a careful one that makes accounts shut', async () => {
    const ran = await tried(undefined, '--create-url')
    expect(ran.code, ran.out + ran.err).to.equal(0)
    expect(ran.out).to.include('create-same-key').and.not.to.include('check-honest')
  })

  for (const [lets, doors] of createHoles)
    it(`finds the hole of one that makes accounts and lets ${lets}, and no other`, async () => {
      const ran = await tried(lets, '--create-url')
      expect(ran.code, ran.out + ran.err).to.equal(1)
      expect(openDoors(ran)).to.deep.equal(doors)
    })

  it('asks the real one nothing while a copy is tried', async () => {
    const journal = await openWeakJournal({ bridge: BRIDGE, key })
    const flags = ['--url', `${journal.origin}/sso`, '--start', `${journal.origin}/login`]
    const ran = await run([
      ...['check-journal', 'sgo', '--login', 'test-parent', '--test-account', '--config', folder.config, ...flags],
    ]).finally(() => journal.close())
    expect(ran.out).not.to.match(/check-honest|create-/)
  })
})
