/** `npm run soak`, short: the report has its shape, and memory does not run away. How flat it is, only the long run tells. */
import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { projectFile } from '../../src/base/project-file.js'

/** Octets of the heap that one login may leave behind while the program is still warming up. */
const LOOSELY = 64 * 1024

const soak = (...args: readonly string[]) =>
  spawnSync(process.execPath, [projectFile('dist/test/bench/soak.js'), ...args], { encoding: 'utf8' })

describe('bench: soak', function () {
  this.timeout(180_000)

  it('tells how memory went, login by login', () => {
    const { stdout, stderr, status } = soak('--logins', '240', '--batch', '20')
    expect(stderr).to.equal('')
    const lines = stdout.trim().split('\n')
    expect(lines.filter(line => /^\d+ of 240: heap [\d.]+ MB, RSS [\d.]+ MB$/.test(line))).to.have.length.greaterThan(5)
    const verdict = /^(heap|RSS): (-?\d+) bytes a login over the last half; budget below 1024: (met|missed)$/
    const verdicts = lines.map(line => verdict.exec(line)).filter(found => found !== null)
    expect(verdicts.map(([, name]) => name)).to.deep.equal(['heap', 'RSS'])
    expect(Number(verdicts[0]![2])).to.be.lessThan(LOOSELY)
    const missed = verdicts.some(([, , , met]) => met === 'missed')
    expect(status).to.equal(missed ? 1 : 0)
  })

  it('says what is wrong with its options', () => {
    const { stderr, status } = soak('--logins', '10')
    expect([status, stderr]).to.deep.equal([2, '--logins must be a whole number from 2000 on.\n'])
  })
})
