/** docs/profiles.md against the titles of the tests: no requirement is claimed without a test of its id, and none is forgotten. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'

const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const ids = (prefix: string, numbers: readonly number[]): string[] =>
  numbers.map(number => `${prefix}${String(number).padStart(2, '0')}`)

/** What the two profiles ask of a service provider. */
const ASKED = [
  ...ids('IIP-G', upTo(1, 3)), ...ids('IIP-MD', upTo(1, 12)), ...ids('IIP-SSO', upTo(1, 7)), ...ids('IIP-SP', upTo(1, 17)),
  ...ids('IIP-ALG', [1, 2, 3, 4, 5, 6, 8]), 'IIP-EXT01',
  ...ids('SDP-SP', [...upTo(2, 7), 11, 12, 13, 16, 17, 19, ...upTo(21, 39)]), ...ids('SDP-MD', [3, 6, 12]),
] // prettier-ignore

interface Row {
  readonly id: string
  readonly standing: string
  readonly what: string
}

const rows: readonly Row[] = readFileSync(projectFile('docs/profiles.md'), 'utf8')
  .split('\n')
  .map(line => /^\| ((?:IIP|SDP)-\w+) \| (\w+) \| (.+) \|$/.exec(line))
  .flatMap(hit => (hit ? [{ id: hit[1]!, standing: hit[2]!, what: hit[3]! }] : []))

const titles = readdirSync(projectFile('test'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.test.ts'))
  .flatMap(
    name => readFileSync(projectFile(`test/${name}`), 'utf8').match(/\b(?:it|describe)\(\s*(["'`]).*?\1,/gs) ?? [],
  )
const proven = new Set(titles.flatMap(title => title.match(/\b(?:IIP|SDP)-[A-Z]+\d{2}\b/g) ?? []))

describe('docs/profiles.md', () => {
  it('lists every requirement once, and no other', () => {
    expect(rows.map(({ id }) => id).toSorted()).to.deep.equal(ASKED.toSorted())
    expect([...proven].filter(id => !ASKED.includes(id))).to.deep.equal([])
  })

  for (const { id, standing, what } of rows)
    it(`${id.replace('-', ' ')} stands as it says: ${standing}`, () => {
      expect(standing, 'nothing stays open').to.be.oneOf(['test', 'no'])
      if (standing === 'test') expect(proven, 'no title carries the id').to.include(id)
      if (standing === 'no') {
        expect(proven, 'a title carries the id').not.to.include(id)
        expect(what.length, 'the reason').to.be.greaterThan(12)
      }
    })
})
