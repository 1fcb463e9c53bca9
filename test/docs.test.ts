import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect } from 'chai'
import { projectFile } from '../src/base/project-file.js'
import { refusals } from '../src/base/refusals.js'
import { readSettings } from '../src/settings/read.js'
import { routes } from '../src/web/routes.js'

const read = (path: string): string => readFileSync(projectFile(path), 'utf8')
const exists = (path: string): boolean => existsSync(projectFile(path))

const filesBelow = (folder: string, ending: string): string[] =>
  readdirSync(projectFile(folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(ending))
    .map(name => `${folder}/${name.replaceAll('\\', '/')}`)

const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...filesBelow('docs', '.md')]

/** Every first group of the pattern, once. */
const found = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, hit]) => hit!)),
]

/** As GitHub makes it from a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')

const anchorsOf = (page: string): string[] => [
  ...found(read(page), /^#{1,6} (.+)$/gm).map(anchorOf),
  ...found(read(page), /<a id="([\w-]+)">/g),
]

/** Where a relative link of a page leads, from the top of the project. */
function target(page: string, link: string): { readonly path: string; readonly anchor: string | undefined } {
  const [path = '', anchor] = link.split('#')
  return { path: path === '' ? page : normalize(join(dirname(page), path)).replaceAll('\\', '/'), anchor }
}

describe('documentation', () => {
  for (const page of pages) {
    const text = read(page)

    it(`${page}: every file and command that it names is there`, () => {
      const named = found(text, /(?<![\w/-])((?:src|test|scripts|metadata\/schemas|docs)\/[\w./-]*\w)/g)
      expect(named.filter(path => !exists(path) && !exists(join(dirname(page), path)))).to.deep.equal([])
      const commands = found(text, /npx --no-install bridge ([a-z][a-z-]+)/g)
      expect(commands.filter(name => !exists(`scripts/${name}`))).to.deep.equal([])
      const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts
      const run = found(text, /npm run (?:--\S+ )?([a-z]+)/g)
      expect(run.filter(name => !(name in scripts))).to.deep.equal([])
    })

    it(`${page}: every relative link leads somewhere`, () => {
      const links = found(text, /\]\(([^)\s]+)\)/g).filter(link => !/^[a-z]+:/.test(link))
      const broken = links.filter(link => {
        const { path, anchor } = target(page, link)
        return !exists(path) || (anchor !== undefined && !anchorsOf(path).includes(anchor))
      })
      expect(broken).to.deep.equal([])
    })
  }

  it('every page of docs/ that the code points at has the place', () => {
    const pointers = filesBelow('src', '.ts').flatMap(file => found(read(file), /\b(docs\/[\w./-]+\.md(?:#[\w-]+)?)/g))
    expect(pointers).to.include('docs/sources.md#snils')
    const broken = pointers.filter(pointer => {
      const [path = '', anchor] = pointer.split('#')
      return !exists(path) || (anchor !== undefined && !anchorsOf(path).includes(anchor))
    })
    expect(broken).to.deep.equal([])
  })

  for (const page of ['docs/refusals.md', 'docs/ru/otkazy.md'])
    it(`${page} lists the codes of the table, and no other`, () => {
      expect(found(read(page), /^\| `([a-z0-9.-]+)` \|/gm)).to.deep.equal(Object.keys(refusals))
    })

  it('docs/routes.md lists every address with its methods, and no other', () => {
    const listed = [...read('docs/routes.md').matchAll(/^\| `(\/[^`]*)` \| ([A-Z, ]+) \|/gm)].map(
      ([, path, methods]) => [path, methods],
    )
    const real = routes.map(({ path, get, post }) => [path, [get && 'GET', post && 'POST'].filter(Boolean).join(', ')])
    const sorted = (rows: unknown[][]): string[] => rows.map(row => row.join(' ')).sort()
    expect(sorted(listed)).to.deep.equal(sorted(real))
  })

  it('the settings in the guide for school IT are settings that the bridge reads', () => {
    const file = 'docs/ru/school-it.md'
    const [yaml] = found(read(file), /```yaml\n([^]*?)```/g)
    expect(readSettings(yaml!, { file }).journals[0]!.journal.id).to.equal('sgo')
  })

  it('README lists every npm script, and every command of the command line', () => {
    const readme = read('README.md')
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const left = Object.keys(scripts).filter(name => !new RegExp(`^\\| \`npm (?:run )?${name}\\b`, 'm').test(readme))
    expect(left).to.deep.equal([])
    const commands = readdirSync(projectFile('scripts')).filter(name => !name.includes('.'))
    expect(commands).to.include('explain')
    expect(commands.filter(name => !readme.includes(`npx --no-install bridge ${name}`))).to.deep.equal([])
  })
})
