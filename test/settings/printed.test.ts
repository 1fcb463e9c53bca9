import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type * as z from 'zod'
import { projectFile } from '../../src/base/project-file.js'
import { connectorKinds, connectorSchema } from '../../src/settings/connectors.js'
import { formatProblems, SettingsError } from '../../src/settings/problems.js'
import { printedDocs } from '../../src/settings/print-docs.js'
import { printExample } from '../../src/settings/print-example.js'
import { readSettings } from '../../src/settings/read.js'
import { bridgeYaml } from '../../src/settings/schema.js'
import { allowedBy, elementOf, membersOf, notesOf } from '../../src/settings/walk.js'
import { sample } from './sample.js'

const file = 'bridge.example.yaml'

describe('what is printed from the settings', () => {
  for (const [path, text] of printedDocs()) {
    it(`${path} is current (else: node scripts/print-docs.js)`, () => {
      expect(readFileSync(projectFile(path), 'utf8')).to.equal(text)
    })
  }

  it('the example is a file that the bridge reads', () => {
    expect(readSettings(printExample(), { file }).journals[0]!.journal.id).to.equal('sgo')
  })

  it('so it is with every optional setting switched on', () => {
    const full = printExample().replace(/^( *)#(?=[a-z_A-Z]+: )/gm, '$1')
    expect(full).not.to.equal(printExample())
    const settings = readSettings(full, { file })
    expect(Object.keys(settings.schools[0]!.aliases)).to.have.length(7)
    expect(settings.serviceProvider.description).to.be.a('string')
  })

  it('the example names every setting', () => {
    const example = printExample()
    for (const key of everySetting('', bridgeYaml).map(([path]) => path.split('.').at(-1)!)) {
      expect(example).to.match(new RegExp(`\\b${key.replace('[]', '')}:`))
    }
  })

  it('every setting says what it is for, what is allowed, and gives an example', () => {
    const all = [
      ...everySetting('', bridgeYaml),
      ...connectorKinds.flatMap(kind => everySetting(kind, connectorSchema(kind)!)),
    ]
    expect(all).to.have.length.above(60)
    const silent = all.filter(([, schema]) => {
      const { about, example } = notesOf(schema)
      return about === undefined || !/[.)]$/.test(about) || (!isGroup(schema) && example === undefined)
    })
    expect(silent.map(([path]) => path)).to.deep.equal([])
    const vague = everySetting('', bridgeYaml).filter(
      ([, schema]) => !isGroup(schema) && allowedBy(schema) === undefined,
    )
    expect(vague.map(([path]) => path)).to.deep.equal([])
  })
})

const isGroup = (schema: z.ZodType): boolean => membersOf(schema).length > 0

function everySetting(path: string, schema: z.ZodType): readonly (readonly [string, z.ZodType])[] {
  const element = elementOf(schema)
  if (element) return everySetting(path, element)
  return membersOf(schema).flatMap(([key, member]) => {
    const whole = path === '' ? key : `${path}.${key}`
    // A secret lies in a file or a variable; the example shows one of the two.
    return key === 'env' ? [] : [[whole, member] as const, ...everySetting(whole, member)]
  })
}

describe('the print of an error', () => {
  it('begins with the settings, then goes on file by file and line by line', () => {
    const problem = (file: string, line: number) => ({ file, line, path: '', message: 'is wrong' })
    const all = [problem('b.xml', 1), problem('a.xml', 10), problem('a.xml', 9), problem('c.yaml', 30)]
    const { problems } = new SettingsError('c.yaml', all)
    expect(problems.map(({ file, line }) => `${file}:${line}`)).to.deep.equal([
      'c.yaml:30',
      'a.xml:9',
      'a.xml:10',
      'b.xml:1',
    ])
  })

  const spoilt = sample
    .replace('publicUrl: https://vhod.school.example', 'publicUrl: http://vhod.school.example/')
    .replace('session: [{ file: certs/session.key }]', 'session: [swordfish]')
    .replace('  contacts: { technical: it@school.example, support', '  contacts: { suport')
    .replace('idle: 15m', 'idle: 2h')
    .replace('clockSkew', 'clockSkw')

  it('is complete', () => {
    let error: unknown
    try {
      readSettings(spoilt, { file: 'bridge.yaml' })
    } catch (caught) {
      error = caught
    }
    if (!(error instanceof SettingsError)) throw new Error('no SettingsError')
    expect(formatProblems(error)).to.equal(error.message)
    expect(error.message).to.equal(golden)
  })
})

const golden = `bridge.yaml cannot be used: 6 problems.

bridge.yaml:1
    publicUrl: must be an https origin without path or slash at its end (http only for localhost and 127.0.0.1, with \`demo: true\`)
    for example  publicUrl: https://vhod.school.example

bridge.yaml:5
    secrets.session[0]: must be \`{ file: … }\` or \`{ env: … }\`. A secret never stands in this file, which is copied, mailed and committed; if it is a real one, make a new one

bridge.yaml:12
    serviceProvider.contacts.technical: is missing. Who keeps the bridge running.
    for example  technical: it@school.example

bridge.yaml:12
    serviceProvider.contacts.suport: is not a setting. Did you mean support?

bridge.yaml:27
    sessions.idle: must be a duration like 90s, 10m, 8h or 7d, from 5m to 30m
    for example  idle: 15m

bridge.yaml:28
    clockSkw: is not a setting. Did you mean clockSkew?`
