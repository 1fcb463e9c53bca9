/** A whole change of keys on the settings of a school, comments and all. */
import { X509Certificate } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'yaml'
import { loadOwnSide } from '../../src/settings/configuration.js'
import { editKeys } from '../../src/settings/edit-keys.js'
import { run } from './desk.js'
import { makeFolder, type Folder } from './folder.js'

const DAY = 86_400_000
/** One moment for all of it, also at midnight. */
let today = 0
const later = (days: number) => ({ now: () => today + days * DAY })
const day = (days: number) => new Date(today + days * DAY).toISOString().slice(0, 10)

describe('rotate-certs', () => {
  let folder: Folder
  let config: string
  before(async () => {
    folder = await makeFolder()
    today = Date.now()
    const text = (await readFile(folder.config, 'utf8'))
      .replace('serviceProvider:\n', '# who we are; ask Anna before you change it\nserviceProvider:\n')
      .replace('  signing:\n', '  # kept in the safe of room 12\n  signing:\n')
    config = await folder.file('ours.yaml', text)
  })
  after(() => folder.remove())

  const rotate = (args: readonly string[], days = 0) =>
    run(['rotate-certs', '--config', config, ...args], { clock: later(days) })
  const textOf = () => readFile(config, 'utf8')
  const states = () => {
    const { signing, decryption } = loadOwnSide(config, {}).secrets
    return [signing, decryption].map(keys => keys.map(({ state, index }) => `${index} ${state}`))
  }

  it('prints the calendar and the letter, and changes nothing', async () => {
    const before = await textOf()
    const plan = await rotate(['--plan'])
    expect(plan.code, plan.err).to.equal(0)
    for (const part of [
      day(0),
      day(21),
      day(35),
      day(65),
      'rotate-certs --make-next',
      'http://localhost:8080/saml/metadata',
      'Здравствуйте',
    ])
      expect(plan.out).to.include(part)
    const { fingerprint256 } = new X509Certificate(await readFile(join(folder.path, 'certs/sp-signing.crt')))
    expect(plan.out).to.include(fingerprint256.replaceAll(':', '').toLowerCase())
    expect((await rotate(['--plan', '--json'])).json()).to.include({
      switchOn: day(21),
      unpublishedOn: day(35),
      dropOn: day(65),
    })
    expect(await textOf()).to.equal(before)
  })

  it('shows a step without making it', async () => {
    const [before, files] = [await textOf(), await readdir(join(folder.path, 'certs'))]
    const dry = await rotate(['--make-next', '--dry-run'])
    expect([dry.code, dry.out.includes('state: next')], dry.err).to.deep.equal([0, true])
    expect([await textOf(), await readdir(join(folder.path, 'certs'))]).to.deep.equal([before, files])
  })

  it('makes the next keys and publishes them; the current one goes on signing', async () => {
    const before = await textOf()
    const made = await rotate(['--make-next'])
    expect(made.code, made.err).to.equal(0)
    expect(states()).to.deep.equal([
      ['0 current', '1 next'],
      ['0 current', '1 next'],
    ])
    const text = await textOf()
    for (const comment of [
      '# who we are; ask Anna before you change it',
      '# kept in the safe of room 12',
      '# Made anew',
    ])
      expect(text).to.include(comment)
    const [rest, old] = [text, before].map(each => {
      const all = parse(each) as { serviceProvider: object }
      return { ...all, serviceProvider: { ...all.serviceProvider, signing: [], decryption: [] } }
    })
    expect(rest).to.deep.equal(old)
    expect(await readFile((await copies())[0]!, 'utf8')).to.equal(before)
    if (process.platform !== 'win32')
      expect((await stat(join(folder.path, `certs/sp-signing-${day(0)}.key`))).mode & 0o777).to.equal(0o600)
    expect(await publishedOn(0)).to.equal(4)
    expect((await rotate(['--plan'])).out).to.include('новый сертификат (шифрование)')
  })

  const publishedOn = async (days: number) =>
    (await run(['sp-metadata', '--config', config], { clock: later(days) })).out.match(/<md:KeyDescriptor/g)?.length

  const copies = async () =>
    (await readdir(folder.path))
      .filter(name => name.startsWith('ours.yaml.before-'))
      .map(name => join(folder.path, name))
      .sort()

  it('makes no second next one', async () => {
    expect(await rotate(['--make-next'])).to.include({ code: 2 })
  })

  it('does not switch before the day, unless it is told twice', async () => {
    const before = await textOf()
    const early = await rotate(['--switch'], 5)
    expect(early.code).to.equal(1)
    expect(early.err)
      .to.include(`planned for ${day(21)}`)
      .and.include('--yes')
    expect(await textOf()).to.equal(before)
    expect((await rotate(['--switch', '--yes', '--dry-run'], 5)).code).to.equal(0)
  })

  it('switches: the new one signs, the old one decrypts, and stays published until its day', async () => {
    const switched = await rotate(['--switch'], 22)
    expect(switched.code, switched.err).to.equal(0)
    expect(states()).to.deep.equal([
      ['1 current', '0 retired'],
      ['1 current', '0 retired'],
    ])
    expect((await textOf()).match(new RegExp(`until: "?${day(36)}`, 'g'))).to.have.length(2)
    expect([await publishedOn(35), await publishedOn(37)]).to.deep.equal([4, 2])
  })

  it('drops a retired key only when it is published no more', async () => {
    expect(await rotate(['--drop'], 30)).to.include({ code: 1 })
    const dropped = await rotate(['--drop'], 40)
    expect(dropped.code, dropped.err).to.equal(0)
    expect(states()).to.deep.equal([['0 current'], ['0 current']])
    expect((await rotate(['--drop'], 40)).out).to.include('no retired key')
  })

  it('wants exactly one step', async () => {
    expect((await rotate([])).code).to.equal(2)
    expect((await rotate(['--plan', '--switch'])).code).to.equal(2)
    expect((await rotate(['--plan', '--for', 'everything'])).code).to.equal(2)
    await rm(config)
    expect((await rotate(['--plan'])).code).to.equal(2)
  })
})

describe('the list of keys inside of bridge.yaml', () => {
  const add = (text: string) =>
    editKeys(text, 'signing', (list, document) => {
      list.add(document.createNode({ key: 'b.key', state: 'next' }))
    })

  it('changes nothing but itself: neither comments nor spaces nor line ends', () => {
    for (const eol of ['\n', '\r\n']) {
      const lines = [
        'a:   1  # one',
        'serviceProvider:   # us',
        "    title: 'x'",
        '    # keys',
        '    signing: [{ key: a.key }]  # ours',
        '    decryption: [ {key: c.key} ]',
        '',
        '# end',
        '',
      ]
      const made = add(lines.join(eol))
      const expected = [
        ...lines.slice(0, 4),
        '    signing:',
        '      - { key: a.key }',
        '      - key: b.key',
        '        state: next  # ours',
        ...lines.slice(5),
      ]
      expect(made.split(eol)).to.deep.equal(expected)
    }
  })

  it('keeps comments between the entries, or edits nothing', () => {
    const made = add('serviceProvider:\n  signing:\n    # the first\n    - key: a.key # old\n  title: x\n')
    expect(made).to.include('# the first').and.include('# old').and.include('state: next')
    expect(made.endsWith('  title: x\n')).to.equal(true)
  })

  it('does not touch what it cannot edit safely', () => {
    for (const text of [
      'a: 1\n',
      'serviceProvider: { signing: *x }\n',
      'serviceProvider:\n  signing: &k [{ key: a }]\n  decryption: *k\n',
    ])
      expect(() => add(text), text).to.throw(RangeError)
  })
})
