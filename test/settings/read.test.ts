import { expect } from 'chai'
import type { Problem } from '../../src/settings/problems.js'
import { SettingsError } from '../../src/settings/problems.js'
import { readSettings } from '../../src/settings/read.js'
import { sample } from './sample.js'
import { wrongSettings } from './wrong-settings.js'

const file = 'bridge.yaml'

function problemsOf(text: string): readonly Problem[] {
  try {
    readSettings(text, { file })
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
  return []
}

describe('reading bridge.yaml', () => {
  it('control: the sample is accepted', () => {
    expect(problemsOf(sample)).to.deep.equal([])
  })

  for (const { wrong, from, to, told } of wrongSettings) {
    it(`tells ${wrong}`, () => {
      const spoilt = sample.replace(from, to)
      expect(spoilt).not.to.equal(sample)
      const problems = problemsOf(spoilt)
      expect(problems.map(({ line, path }) => [line, path])).to.deep.equal(told.map(([line, path]) => [line, path]))
      for (const [i, [, , words]] of told.entries()) expect(problems[i]!.message).to.match(words)
    })
  }

  it('tells all that is wrong at once, sorted by line', () => {
    const spoilt = sample
      .replace('clockSkew: 180s', 'clockSkew: 1h')
      .replace('id: sgo', 'id: Sgo')
      .replace('profile: esia', 'profile: saml')
      .replace('[school-1]', '[school-2]')
      .replace('publicUrl: https', 'publicUrl: ftp')
    expect(problemsOf(spoilt).map(({ line }) => line)).to.deep.equal([1, 17, 21, 23, 28])
  })

  it('never repeats a secret that somebody wrote into the file', () => {
    const spoilt = sample
      .replace('{ file: certs/session.key }', 'Tr0ub4dor-session')
      .replace('{ id: d1, file: certs/data.key }', '{ id: d1, key: Tr0ub4dor-data }')
      .replace('{ env: SGO_KEY }', 'Tr0ub4dor-journal')
      .replace('file: certs/lookup.key', 'env: Tr0ub4dor-lookup')
    expect(problemsOf(spoilt)).to.have.length.of.at.least(4)
    expect(JSON.stringify(problemsOf(spoilt))).not.to.match(/Tr0ub4dor/)
  })

  for (const [what, text] of Object.entries({
    'an empty file': '',
    'only comments': '# nothing\n',
    'a list': '- publicUrl: x\n',
    'one word': 'bridge',
    'an unclosed bracket': 'listen: [',
    'an alias of nothing': 'publicUrl: *home\n',
    'aliases of aliases': `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
    'a list of schools that is none': sample.replace(/schools:\n.*\n/, 'schools: none\n'),
    'a journal that is text': sample.replace(/journals:\n[^]*\nsessions/, 'journals: [sgo]\nsessions'),
    'brackets nested far too deep': `publicUrl: ${'['.repeat(10_000)}`,
    'maps nested far too deep': `publicUrl: ${'{a: '.repeat(10_000)}`,
    'lists nested far too deep': `publicUrl:\n  ${'- '.repeat(10_000)}x`,
    'indented far too deep': Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  })) {
    it(`ends in problems, not in a crash: ${what}`, () => {
      expect(problemsOf(text)).not.to.deep.equal([])
    })
  }

  it('gives the words that the rooms speak', () => {
    const settings = readSettings(sample, { file })
    expect(settings.schools[0]).to.deep.equal({
      code: 'school-1',
      title: 'Школа № 1',
      level: 'confirmed',
      staff: 'anyone',
      changedSnils: 'wait',
      support: { phone: '+7 495 000-00-00' },
      aliases: { ogrn: ['1027700132195'] },
    })
    expect(settings.journals[0]!.journal).to.deep.equal({
      release: ['account', 'login', 'role', 'school', 'child'],
      id: 'sgo',
      title: 'Сетевой Город',
      schools: ['school-1'],
      roles: ['parent', 'pupil', 'teacher'],
      returnTo: ['https://sgo.school.example/diary/*'],
      requireState: false,
      administrators: 'own',
    })
    expect(settings.journals[0]!.connector).to.deep.equal({
      kind: 'signed-link',
      block: {
        alg: 'HS256',
        key: { env: 'SGO_KEY' },
        url: 'https://sgo.school.example/sso',
        method: 'get',
        parameter: 'token',
      },
    })
  })

  it('fills in what is left out, durations in milliseconds', () => {
    const short = sample.replace(/^(listen|storage|sessions|clockSkew|  requestedAttributes).*\n/gm, '')
    const settings = readSettings(short, { file })
    expect(settings.listen).to.deep.equal({ host: '127.0.0.1', port: 8080, drain: 0, trustProxy: false })
    expect(settings.storage).to.deep.equal({ database: 'sqlite:data/bridge.db' })
    expect(settings.sessions).to.deep.equal({ idle: 15 * 60_000, absolute: 8 * 3_600_000 })
    expect(settings).to.include({ clockSkew: 180_000, loginLifetime: 15 * 60_000, selfTest: false, demo: false })
    expect(settings.identityProviders[0]).to.include({ cbc: 'never', acceptUnsolicited: 'no', title: 'Госуслуги' })
    expect(settings.serviceProvider.requestedAttributes).to.equal('esia')
  })

  it('takes http on localhost for a demonstration, Windows line ends and a byte order mark', () => {
    const demo = `\ufeff${sample.replace('https://vhod.school.example\nl', 'http://localhost:8080\nl')}demo: true\n`
    expect(readSettings(demo.replaceAll('\n', '\r\n'), { file })).to.include({
      publicUrl: 'http://localhost:8080',
      demo: true,
    })
  })
})
