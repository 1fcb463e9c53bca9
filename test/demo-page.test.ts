/** docs/demo.md: every row of the lists B and C is shown by a test of its name, or the page says why it is not built. */
import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { projectFile } from '../src/base/project-file.js'

const read = (path: string): string => readFileSync(projectFile(path), 'utf8')
const numbered = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${String(i + 1).padStart(2, '0')}`)

const rows = [...read('docs/demo.md').matchAll(/^\| ([BC]\d\d) \| (.+) \| (.+) \| (.+) \|$/gm)].map(
  ([, row, , where, shown]) => ({ row: row!, where: where!, file: /\]\(\.\.\/([^)]+)\)/.exec(shown!)?.[1] }),
)

/** A title of a test, not a remark about it. */
function hasTest(file: string, row: string): boolean {
  const program = row.startsWith('B') ? 'mock IdP' : 'demo journal'
  const text = read(file)
  return new RegExp(`\\bit\\(\\s*['\`]${program}: (?:${row}|\\$\\{row\\}) `).test(text) && text.includes(row)
}

describe('docs/demo.md', () => {
  it('has every row of the lists, once and in order', () => {
    expect(rows.map(({ row }) => row)).to.deep.equal([...numbered('B', 34), ...numbered('C', 22)])
  })

  it('names a test that carries the row, or the reason why it is not built', () => {
    const loose = rows.filter(({ row, file, where }) =>
      file === undefined ? !where.startsWith('not built, because ') : !hasTest(file, row),
    )
    expect(loose).to.deep.equal([])
    expect(rows.filter(({ file }) => file === undefined).map(({ row }) => row)).to.deep.equal(['C16'])
  })
})
