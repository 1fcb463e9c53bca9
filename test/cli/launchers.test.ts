/** The launchers as people start them: few, since each is a process. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { run } from './desk.js'
import { makeFolder } from './folder.js'

const start = (script: string, args: readonly string[], input = '') =>
  spawnSync(process.execPath, [script, ...args], { input, encoding: 'utf8' })

describe('launchers', () => {
  it('there is one for every command, and it starts that command', async () => {
    const help = (await run(['--help'])).out
    const commands = [...help.matchAll(/^ {2}([a-z-]+) (?:\[|<)/gm)].map(([, name]) => name!)
    expect(commands).to.have.length.above(8)
    const launchers = readdirSync(projectFile('scripts')).filter(name => !name.includes('.'))
    expect(launchers).to.have.members(commands)
    for (const name of launchers)
      expect(readFileSync(projectFile(`scripts/${name}`), 'utf8')).to.include(`launch(['${name}', ...`)
  })

  it('every command has a help with an example and its exit codes', async () => {
    for (const name of readdirSync(projectFile('scripts')).filter(each => !each.includes('.'))) {
      const ran = await run([name, '--help'])
      expect(ran.code, name).to.equal(0)
      expect(ran.out, name)
        .to.include('Examples:\n  npx --no-install bridge')
        .and.match(/Exit codes: 0 /)
        .and.include('--json')
    }
  })

  it('makes an answer in one process and judges it in another', async () => {
    const folder = await makeFolder()
    try {
      const at = ['--config', folder.config]
      const made = start(projectFile('scripts/make-assertion'), [
        '--person',
        'father',
        '--fault',
        'wrong-audience',
        ...at,
      ])
      expect(made.status, made.stderr).to.equal(0)
      const judged = start(projectFile('scripts/bridge.js'), ['validate-assertion', '-', ...at], made.stdout)
      expect(judged.status, judged.stderr).to.equal(1)
      expect(judged.stdout).to.include('Refused: saml.audience.')
    } finally {
      await folder.remove()
    }
  })

  it('make-assertion says what to do when the demo was never started, and passes complaints on', async () => {
    const never = await run([
      'make-assertion',
      '--person',
      'mother',
      '--config',
      join(tmpdir(), 'nowhere', 'bridge.yaml'),
    ])
    expect([never.code, never.out]).to.deep.equal([2, ''])
    expect(never.err).to.include('npm run demo')
    const list = await run(['make-assertion', '--list'])
    expect(list.code, list.err).to.equal(0)
    expect(list.out).to.include('mother').and.include('wrong-audience')
  })

  it('say in one sentence that there is no build', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bridge-no-build-'))
    try {
      cpSync(projectFile('scripts'), join(folder, 'scripts'), { recursive: true })
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
      const ran = start(join(folder, 'scripts/explain'), ['2222-2222'])
      expect([ran.status, ran.stdout, ran.stderr]).to.deep.equal([2, '', 'There is no build yet. Run: npm run build\n'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('complaints about the command line are one sentence and 2', async () => {
    for (const args of [['nonsense'], ['explain'], ['explain', '--nope', 'x'], ['import-roster', 'x.csv']]) {
      const ran = await run(args)
      expect([ran.code, ran.out], args.join(' ')).to.deep.equal([2, ''])
      expect(ran.err, args.join(' ')).to.match(/^[^\n]+ See: bridge [a-z-]*(?: ?--help)\n$/)
    }
  })
})
