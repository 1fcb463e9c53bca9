/** The guides of the doors: the same five parts in each, and examples that the bridge takes. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { kinds } from '../../src/journals/kinds.js'
import { projectFile } from '../../src/base/project-file.js'
import { connectorKinds } from '../../src/settings/connectors.js'
import { readSettings } from '../../src/settings/read.js'
import { toolsOf } from '../journals/door-tools.js'
import { sample } from '../settings/sample.js'

const PARTS = [
  'Что нужно журналу · What the journal needs',
  'Настройки · Settings',
  'Как это идёт · Sequence',
  'Чем защищено · Security',
  'Что может пойти не так · What goes wrong',
]

const guide = (name: string): string => readFileSync(projectFile(`docs/integrators/${name}.md`), 'utf8')

/** What stands under each heading of the second level, in order. */
function chapters(text: string): ReadonlyMap<string, string> {
  const [, ...all] = text.split(/^## /m)
  return new Map(all.map(chapter => [chapter.slice(0, chapter.indexOf('\n')), chapter.slice(chapter.indexOf('\n'))]))
}

const blocks = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'gm'))].map(([, block]) => block!)

/** Settings in which the example is the only journal. */
const settingsWith = (entry: string): string => {
  const [before, after] = [sample.slice(0, sample.indexOf('journals:')), sample.slice(sample.indexOf('sessions:'))]
  return `${before}journals:\n${entry.replace(/^(?=.)/gm, '  ')}${after}`
}

describe('guides for integrators', () => {
  it('there is one for every kind of door, and the decision table and the settings name it', () => {
    const index = guide('README')
    const missing = connectorKinds.filter(kind => !index.includes(`| [\`${kind}\`](${kind}.md) |`))
    expect(missing).to.deep.equal([])
    expect(connectorKinds).to.have.length.of.at.least(7)
  })

  for (const kind of connectorKinds)
    describe(kind, () => {
      const parts = chapters(guide(kind))

      it('has the five parts, in this order, and something in each', () => {
        expect([...parts.keys()].filter(name => PARTS.includes(name))).to.deep.equal(PARTS)
        for (const part of PARTS) expect(parts.get(part)!.trim(), part).to.have.length.above(100)
      })

      it('draws the sequence and lists what goes wrong', () => {
        const [picture = ''] = blocks(parts.get(PARTS[2]!)!, '')
        expect(picture).to.match(/браузер.*(мост|журнал)/)
        expect(parts.get(PARTS[4]!)).to.match(/^\|---(\|---)+\|\n(\|.+\|\n?){3,}/m)
      })

      it('gives settings that the bridge reads, and that its door opens with', () => {
        const [example = ''] = blocks(parts.get(PARTS[1]!)!, 'yaml')
        expect(example).to.match(/^- id: /)
        const [read] = readSettings(settingsWith(example), { file: `docs/integrators/${kind}.md` }).journals
        expect(read!.connector.kind).to.equal(kind)
        const door = kinds.get(kind)!.open(read!.connector.block, toolsOf(read!.journal))
        expect([...new Set(door.origins)]).to.deep.equal([new URL(/https:[^\s"]+/.exec(example)![0]).origin])
      })
    })

  it('control: an example with a setting too many is none', () => {
    const [example = ''] = blocks(guide('signed-link'), 'yaml')
    const spoilt = example.replace('alg: HS256', 'algorithm: HS256')
    expect(() => readSettings(settingsWith(spoilt), { file: 'x' })).to.throw(/algorithm/)
  })

  it('name every file that we give away', () => {
    const all = ['README', ...connectorKinds].map(guide).join('\n')
    const folders = ['php', 'node', 'python', 'java', 'csharp', '1c']
    const files = folders.flatMap(folder =>
      readdirSync(projectFile(`docs/integrators/${folder}`)).map(name => `${folder}/${name}`),
    )
    expect(files).to.have.length.above(15)
    expect(files.filter(file => !all.includes(`](${file})`))).to.deep.equal([])
  })
})
