import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { attacks } from '../../src/cli/check-journal/attacks.js'
import { run, type Ran } from './desk.js'
import { makeFolder, type Folder } from './folder.js'
import { askerHoles, checkHoles, createHoles, openDoors, signedHoles } from './holes.js'
import { openWeakJournal } from './weak-journal.js'

/** Doors that have a test of their own. */
const ELSEWHERE = ['public-key', 'past-the-proxy']
const BRIDGE = 'http://localhost:8080'

describe('command: check-journal', () => {
  let folder: Folder
  let demanding: string
  let shared: string
  let publicKey: KeyObject
  before(async () => {
    folder = await makeFolder()
    const yaml = await readFile(folder.config, 'utf8')
    demanding = await folder.file(
      'demanding.yaml',
      yaml.replaceAll(/^( +)kind: signed-link$/gm, '$1kind: signed-link\n$1requireState: true'),
    )
    shared = (await readFile(join(folder.path, 'certs', 'sgo.key'), 'utf8')).trim()
    publicKey = createPublicKey(await readFile(join(folder.path, 'certs', 'token.key'), 'utf8'))
  })
  after(() => folder.remove())

  async function tried(
    options: Partial<Parameters<typeof openWeakJournal>[0]>,
    flags: (origin: string) => readonly string[] = () => [],
  ): Promise<Ran> {
    const journal = await openWeakJournal({ bridge: BRIDGE, key: shared, ...options })
    const { origin } = journal
    const asymmetric = typeof (options.key ?? shared) !== 'string'
    const config = options.requireState ? demanding : folder.config
    return run([
      ...[
        'check-journal',
        asymmetric ? 'eljur' : 'sgo',
        '--login',
        'test-parent',
        '--test-account',
        '--config',
        config,
      ],
      ...['--url', `${origin}/sso`, '--logout-url', `${origin}/logout`, ...flags(origin)],
    ]).finally(() => journal.close())
  }
  const start = (origin: string): string[] => ['--start', `${origin}/login`]

  it('finds every door of a careful journal shut, and prints no token', async () => {
    const ran = await tried({}, start)
    expect(ran.code, ran.out + ran.err).to.equal(0)
    expect(ran.out).to.match(/^\d+ shut, 0 open, 0 unclear\.$/m)
    expect(ran.out).not.to.match(/eyJ/)
    const withState = await tried({ requireState: true }, start)
    expect(withState.code, withState.out + withState.err).to.equal(0)
    expect(withState.out).to.match(/shut +state-missing/)
  })

  for (const [lets, doors, more = {}] of signedHoles)
    it(`finds the hole of a journal that lets ${lets}, and no other`, async () => {
      const page = (origin: string) => (lets === 'clean-address' ? ['--page', `${origin}/diary/`] : [])
      const ran = await tried({ lets, ...more }, origin => [...start(origin), ...page(origin), '--json'])
      expect(ran.code, ran.out + ran.err).to.equal(1)
      expect(openDoors(ran)).to.deep.equal(doors)
    })

  it('tries the public key as a secret where tokens are signed with one', async () => {
    const careful = await tried({ key: publicKey, audience: 'eljur' }, start)
    expect(careful.out, careful.err).to.match(/shut +public-key/)
    const ran = await tried({ key: publicKey, audience: 'eljur', lets: 'alg' }, origin => [...start(origin), '--json'])
    expect(openDoors(ran), ran.out + ran.err).to.deep.equal(['alg-none', 'public-key', 'logout-unsigned'])
  })

  it('says how to shut what stands open', async () => {
    const { out } = await tried({ lets: 'replay' })
    expect(out).to.match(/✗ OPEN +replay +303 .*is in again\n +sent: .+\n +expected: not let in\n +fix: .*jti/)
  })

  it('every hole has its weak journal, and every door its place in the guide', async () => {
    const found = new Set(
      [...signedHoles, ...askerHoles, ...checkHoles, ...createHoles].flatMap(
        hole => hole.find(Array.isArray) as readonly string[],
      ),
    )
    expect(attacks.map(({ id }) => id).filter(id => !ELSEWHERE.includes(id) && !found.has(id))).to.deep.equal([])
    const guide = await readFile(projectFile('docs/integrators/check-journal.md'), 'utf8')
    expect([...guide.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id)).to.deep.equal(attacks.map(({ id }) => id))
  })

  it('cannot say anything of a journal that lets nobody in, now or in the end', async () => {
    const shut = await tried({ key: 'x'.repeat(40) })
    expect([shut.code, shut.out]).to.deep.equal([2, ''])
    expect(shut.err).to.include('does not take an honest login').and.include('answers 403')
    const locked = await tried({ closesAfter: 60 })
    expect([locked.code, locked.out]).to.deep.equal([2, ''])
    expect(locked.err).to.include('locked')
    const gone = await tried({}, () => ['--url', 'http://127.0.0.1:1/sso'])
    expect(gone.err).to.include('refuses the connection')
  })

  it('needs a start where settings demand a state, and a page that tells strangers from guests', async () => {
    const none = await tried({ requireState: true })
    expect([none.code, none.err.includes('--start')]).to.deep.equal([2, true])
    const wrong = await tried({ requireState: true }, origin => ['--start', `${origin}/public`])
    expect(wrong.err).to.include('with a state')
    const same = await tried({}, origin => ['--page', `${origin}/public`])
    expect(same.code).to.equal(2)
    expect(same.err).to.include('--page')
  })

  it('asks before it goes to another machine, and prints no secret', async () => {
    const ran = await run([
      ...['check-journal', 'sgo', '--login', 'x', '--test-account', '--config', folder.config],
      ...['--url', 'https://sgo.test/sso'],
    ])
    expect([ran.code, ran.out]).to.deep.equal([2, ''])
    expect(ran.err).to.include('sgo.test').and.include('--yes')
    const unknown = await run(['check-journal', 'sog', '--login', 'x', '--config', folder.config])
    expect(unknown.err).to.include('There are: sgo, eljur')
  })
})
