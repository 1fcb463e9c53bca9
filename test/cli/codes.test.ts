/** make-codes and revoke-codes: who gets a slip, what stands on it, and what is left on the disk. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { openStoreOf } from '../../src/compose.js'
import { parseCode, type Code } from '../../src/identity/codes.js'
import { CODE_LIVES } from '../../src/words/code.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import type { Store } from '../../src/store/open.js'
import { event, link } from '../contract/links.js'
import { person } from '../contract/samples.js'
import { run } from './desk.js'
import { makeFolder, type Folder } from './folder.js'

const LIST = `Роль;Логин;ФИО;СНИЛС;Класс;Код ребёнка;ФИО ребёнка;Класс ребёнка
родитель;p-2;Ъюникова Ёжика <b>;;;c-2;Ъюников Яков;5А
родитель;p-1;Аксёнов Пётр;;;c-1;Аксёнова Юлия;2Б
родитель;p-3;Соколов Андрей;900-000-002 83;;c-3;Соколов Илья;5А
ученик;c-2;Ъюников Яков;;5А;;;
`

describe('make-codes and revoke-codes', () => {
  let folder: Folder
  beforeEach(async () => {
    folder = await makeFolder()
    const list = await folder.file('list.csv', LIST)
    const imported = await run(['import-roster', list, ...place, '--config', folder.config])
    expect(imported.code, imported.out + imported.err).to.equal(0)
  })
  afterEach(() => folder.remove())

  const place = ['--journal', 'sgo', '--school', 'school-1']
  const slips = () => join(folder.path, 'slips.html')
  const ask = (command: string, ...args: string[]) => run([command, ...place, ...args, '--config', folder.config])
  const make = (...args: string[]) => ask('make-codes', ...args, '--out', slips())
  const codesIn = (file: string): Code[] =>
    [...readFileSync(file, 'utf8').matchAll(/class="code">([^<]+)</g)].map(([, code]) => parseCode(code!)!)

  async function inStore<T>(use: (store: Store) => Promise<T>): Promise<T> {
    const store = await openStoreOf(loadConfiguration(folder.config, {}))
    return use(store).finally(() => store.close())
  }
  const find = (code: Code, now = Date.now()) =>
    inStore(store => store.codes.find({ code, person, address: '192.0.2.1', now }))

  it('gives a slip to each whom the list does not know by СНИЛС, by class and name', async () => {
    const ran = await make()
    expect([ran.code, ran.err]).to.deep.equal([0, ''])
    expect(ran.out).to.include('Сделано кодов: 3.').and.include('Пропущено 1: есть СНИЛС в списке')
    expect(ran.out, 'nobody is named').not.to.match(/Ъюник|Аксён|[2-9A-Z]{5}-[2-9A-Z]{5}/)
    const text = readFileSync(slips(), 'utf8')
    const who = [...text.matchAll(/class="who">([^<]+)</g)].map(([, line]) => line!).filter(line => !/Школа/.test(line))
    expect(who).to.deep.equal([
      ...['Аксёнов Пётр, родитель', 'Ребёнок: Аксёнова Юлия, 2Б'],
      ...['Ъюников Яков, ученик, 5А', 'Ъюникова Ёжика &lt;b&gt;, родитель', 'Ребёнок: Ъюников Яков, 5А'],
    ])
    expect(text)
      .to.include('localhost:8080/me/code')
      .and.not.match(/<script|<link|src=/)
    const codes = codesIn(slips())
    expect(new Set(codes).size).to.equal(3)
    for (const code of codes) expect(await find(code)).to.have.property('at', 'found')
    expect(await find(codes[0]!, Date.now() + CODE_LIVES)).to.deep.equal({ at: 'expired' })
  })

  it('writes a file that only its owner reads, and never over another', async () => {
    await make()
    if (process.platform !== 'win32') expect(statSync(slips()).mode & 0o777).to.equal(0o600)
    const codes = codesIn(slips())
    const again = await make('--again')
    expect([again.code, again.out]).to.deep.equal([2, ''])
    expect(again.err).to.include('уже есть')
    expect(codesIn(slips())).to.deep.equal(codes)
    writeFileSync(join(folder.path, 'other.html.part'), 'codes of a run that was cut off')
    const cutOff = await ask('make-codes', '--again', '--out', join(folder.path, 'other.html'))
    expect([cutOff.code, cutOff.err]).to.satisfy(([code, err]: [number, string]) => code === 2 && /прервали/.test(err))
    expect(await find(codes[0]!), 'and no code was changed').to.have.property('at', 'found')
  })

  it('narrows by class, role and login, and says it as JSON', async () => {
    const ran = await make('--class', '5 а', '--role', 'parent', '--json')
    expect(ran.json()).to.deep.include({
      made: [{ login: 'p-2', role: 'parent' }],
      leftOut: { bySnils: 1, linked: 0, living: 0 },
      file: slips(),
    })
    expect(codesIn(slips())).to.have.length(1)
    const one = await ask('make-codes', '--login', 'p-3', '--everybody', '--out', join(folder.path, 'one.html'))
    expect(one.out).to.include('Сделано кодов: 1.')
  })

  it('leaves those alone who have a code or a link, and makes nothing when that is all', async () => {
    await make('--role', 'pupil')
    const pupil = codesIn(slips())[0]!
    await inStore(async store => {
      const [entry] = (await store.roster.entries({})).filter(({ login }) => login === 'p-1')
      await store.links.make(link({ accountId: entry!.accountId }), event('link.made'))
    })
    const second = join(folder.path, 'second.html')
    const ran = await ask('make-codes', '--out', second)
    expect(ran.out).to.include('Сделано кодов: 1.').and.include('Пропущено 1: запись уже привязана')
    expect(ran.out).to.include('Пропущено 1: код уже выдан')
    const nobody = await ask('make-codes', '--out', join(folder.path, 'third.html'))
    expect([nobody.code, existsSync(join(folder.path, 'third.html'))]).to.deep.equal([1, false])
    expect(nobody.out).to.include('никому из выбранных код не нужен')
    await ask('make-codes', '--login', 'c-2', '--again', '--out', join(folder.path, 'again.html'))
    expect(await find(pupil)).to.deep.equal({ at: 'expired' })
  })

  it('takes back what it is told to, and nothing else', async () => {
    await make()
    const [ofFirst, ofPupil] = codesIn(slips()) as [Code, Code]
    const vague = await ask('revoke-codes')
    expect([vague.code, vague.err]).to.satisfy(([code, err]: [number, string]) => code === 2 && /чьи коды/.test(err))
    expect((await ask('revoke-codes', '--class', '5А')).out).to.equal('Отозвано кодов: 2.\n')
    expect((await find(ofPupil)).at).to.equal('expired')
    expect((await find(ofFirst)).at).to.equal('found')
    expect((await ask('revoke-codes', '--all', '--json')).json()).to.include({ revoked: 1 })
    const none = await ask('revoke-codes', '--all')
    expect([none.code, none.out]).to.deep.equal([1, 'Отзывать нечего: действующих кодов у выбранных нет.\n'])
  })

  it('says what is wrong with what it was told', async () => {
    const said = async (...args: string[]) => {
      const { code, err } = await run(['make-codes', ...args, '--config', folder.config])
      return `${code} ${err}`
    }
    expect(await said('--journal', 'x', '--school', 'school-1')).to.match(/^2 В настройках нет журнала x\. Есть: sgo/)
    expect(await said(...place, '--role', 'tutor')).to.match(/^2 Роли tutor нет\. Есть: teacher/)
    expect(await said(...place, '--out', '/nowhere/slips.html')).to.match(/^2 Файл \/nowhere\/slips\.html\.part не записать \(ENOENT\)/) // prettier-ignore
  })
})
