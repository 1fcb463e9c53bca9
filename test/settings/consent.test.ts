import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { readConsent } from '../../src/settings/consent-texts.js'
import type { SettingsError } from '../../src/settings/problems.js'
import { readSettings } from '../../src/settings/read.js'
import { standingWarnings } from '../../src/settings/standing-warnings.js'
import { sample } from './sample.js'

const FACTS = `  operator: { name: МБОУ «Школа № 1», address: "123456, г. Светлогорск" }
  purpose: вход в электронный журнал
  data: [имя, СНИЛС]
  actions: [сбор, хранение]
  term: до отзыва
  withdrawal: письмом в школу
`
const asking = (texts: string, facts = FACTS): string => `${sample}consent:\n${facts}  texts:\n${texts}`
const ONE = '    - { version: "1", file: one.md, from: 2026-09-01 }\n'

describe('settings of consent', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bridge-consent-'))
    mkdirSync(join(folder, 'folder'))
    writeFileSync(join(folder, 'one.md'), 'Я согласна.\n')
    writeFileSync(join(folder, 'same.md'), '\ufeffЯ согласна.\r\n\r\n')
    writeFileSync(join(folder, 'cp1251.md'), Buffer.from([0xdf, 0x20, 0xf1]))
    writeFileSync(join(folder, 'control.md'), 'Я \u001b[31mсогласна')
    writeFileSync(join(folder, 'blank.md'), ' \n\n')
    writeFileSync(join(folder, 'large.md'), 'а'.repeat(40_000))
  })
  after(() => {
    rmSync(folder, { recursive: true })
  })

  const settings = (yaml: string) => readSettings(yaml, { file: 'bridge.yaml' })
  const read = (yaml: string) => readConsent(settings(yaml).consent, { folder, env: {} })
  const only = (yaml: string) => read(yaml).terms!.texts[0]!
  const problems = (yaml: string): readonly string[] => {
    try {
      settings(yaml)
      return []
    } catch (error) {
      return (error as SettingsError).problems.map(({ path, message }) => `${path}: ${message}`)
    }
  }

  it('without the section nobody is asked, and a standing warning says so', () => {
    expect(read(sample)).to.deep.equal({ findings: [] })
    const kinds = (yaml: string) => standingWarnings(settings(yaml)).map(({ kind }) => kind)
    expect(kinds(sample)).to.deep.equal(['consent-not-asked'])
    expect(kinds(asking(ONE))).to.deep.equal([])
  })

  it('everything that people agree to is one text, whose hash anybody can make', () => {
    const { whole, hash, version, from } = only(asking(ONE))
    expect([version, from]).to.deep.equal(['1', Date.UTC(2026, 8, 1)])
    expect(hash).to.equal(createHash('sha256').update(whole, 'utf8').digest('hex'))
    for (const words of [
      'МБОУ «Школа № 1», 123456, г. Светлогорск',
      'вход в электронный журнал',
      '- СНИЛС',
      '- хранение',
      'до отзыва',
      'письмом в школу',
      'Я согласна.',
    ])
      expect(whole).to.include(words)
    expect(whole).not.to.include('Кому')
    expect(only(asking(ONE, `${FACTS}  recipients: [ООО «Журнал»]\n`)).whole).to.include('- ООО «Журнал»')
  })

  it('a change of any of it is another text; of an editor’s line ends it is none', () => {
    const { hash } = only(asking(ONE))
    expect(only(asking(ONE.replace('one', 'same'))).hash).to.equal(hash)
    expect(only(asking(ONE.replace('"1"', '"2"').replace('09-01', '09-02'))).hash).to.equal(hash)
    for (const [from, to] of [
      ['до отзыва', 'навсегда'],
      ['СНИЛС', 'телефон'],
      ['сбор', 'продажа'],
      ['письмом', 'никак'],
      ['123456', '654321'],
    ] as const)
      expect(only(asking(ONE, FACTS.replace(from, to))).hash, to).not.to.equal(hash)
  })

  for (const [file, words] of [
    ['missing.md', /missing\.md does not exist/],
    ['cp1251.md', /is not UTF-8 text; save it as UTF-8/],
    ['control.md', /control characters/],
    ['blank.md', /is empty/],
    ['large.md', /larger than/],
    ['folder', /is not a file/],
  ] as const)
    it(`tells what is wrong with ${file}`, () => {
      const { findings, terms } = read(asking(ONE.replace('one.md', file)))
      expect([terms, findings.length, findings[0]!.path]).to.deep.equal([undefined, 1, ['consent', 'texts', 0, 'file']])
      expect(findings[0]!.message).to.match(words)
    })

  it('tells versions that stand twice, unknown schools, and a school without a text', () => {
    expect(problems(asking(ONE + ONE))).to.deep.equal([
      'consent.texts[1].version: is the version of consent.texts[0], too; each text needs one of its own',
    ])
    const own = ONE.replace(' }', ', schools: [school-9] }')
    expect(problems(asking(own))).to.deep.equal([
      'consent.texts: leaves school-1 without a text; add one without `schools`, which counts for all',
      'consent.texts[0].schools[0]: no school has this code. Known codes: school-1',
    ])
    expect(problems(asking(ONE + own.replace('school-9', 'school-1').replace('"1"', '"2"')))).to.deep.equal([])
  })

  it('holds durations and choices to what the law allows', () => {
    const wrong = problems(asking(ONE, `${FACTS}  destroyAfter: 31d\n  pupilsFrom14: never\n`))
    expect(wrong.map(each => each.split(':')[0])).to.have.members(['consent.destroyAfter', 'consent.pupilsFrom14'])
  })
})
