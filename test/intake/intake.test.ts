/** Lists that are put into a real folder, and a real store behind it. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { systemChance } from '../../src/base/chance.js'
import { takeIn, type Inbox } from '../../src/intake/intake.js'
import { openStore, type Store } from '../../src/store/open.js'
import { failureOf } from '../contract/samples.js'
import { options } from '../store/databases.js'

const MINUTE = 60_000
const list = (...logins: string[]) =>
  ['Логин;Роль;ФИО;СНИЛС', ...logins.map(login => `${login};учитель;Петров Пётр;900-000-002 83`)].join('\n')
const TOKEN = 'token-of-a-round-that-broke'

describe('intake: lists that are put into a folder', () => {
  let store: Store
  let folder: string
  /** The clock runs ahead of the files, as if they had lain there for a while. */
  let ahead: number
  beforeEach(async () => {
    store = await openStore(options('sqlite::memory:'))
    folder = mkdtempSync(join(tmpdir(), 'bridge-intake-'))
    ahead = 5 * MINUTE
  })
  afterEach(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const put = (name: string, text: string) => writeFileSync(join(folder, name), text)
  const look = (change: Partial<Inbox> = {}) =>
    takeIn(
      { ...store, clock: { now: () => Date.now() + ahead }, chance: systemChance },
      { journal: 'sgo', school: 'school-1', folder, ...change },
    )
  const names = (of = '') => readdirSync(join(folder, of), { withFileTypes: true }).filter(each => each.isFile()).map(each => each.name) // prettier-ignore
  const logins = async () => (await store.roster.entries({})).filter(each => each.missingSince === undefined).map(each => each.login).sort() // prettier-ignore

  it('are imported, and put away with a report that names nobody', async () => {
    put('people.csv', list('a', 'b'))
    const [handled, ...others] = await look()
    expect(others).to.deep.equal([])
    expect(handled).to.include({ journal: 'sgo', school: 'school-1', name: 'people.csv', outcome: 'done' })
    expect(await logins()).to.deep.equal(['a', 'b'])
    expect(names()).to.deep.equal([])
    const [file, report] = names('done').sort()
    expect(file).to.match(/^people\.[\w-]{8}\.csv$/)
    expect(report).to.equal(`${file}.report.txt`)
    expect(handled!.path).to.equal(join(folder, 'done', file!))
    const text = readFileSync(join(folder, 'done', report!), 'utf8')
    expect(text).to.include('файл people.csv').and.include('добавлено      2: a, b').and.include('Записано.')
    expect(text).not.to.match(/Петров|283/)
    expect(await look()).to.deep.equal([])
  })

  it('that are refused change nothing, and their report says why', async () => {
    put('a.csv', list('a'))
    await look()
    put('b.csv', `${list('b')}\nc;завхоз;Иванов Иван;`)
    put('c.csv', 'nonsense')
    const handled = await look()
    expect(handled.map(({ name, outcome }) => [name, outcome])).to.deep.equal([['b.csv', 'failed'], ['c.csv', 'failed']]) // prettier-ignore
    expect(handled[0]!.said.join('\n')).to.match(/строка 3, «Роль»: роль неизвестна/)
    expect(handled[1]!.said.join('\n')).to.match(/Не хватает столбцов/)
    expect(names('failed')).to.have.length(4)
    expect(await logins()).to.deep.equal(['a'])
  })

  it('that would lose half the school fail, too', async () => {
    put('a.csv', list(...Array.from({ length: 20 }, (_, i) => `t-${i}`)))
    await look()
    put('b.csv', list('t-1'))
    expect((await look())[0]).to.include({ outcome: 'failed' })
    expect(await logins()).to.have.length(20)
  })

  it('are taken oldest first, so that the newest stands in the end', async () => {
    put('new.csv', list('new'))
    put('old.csv', list('old'))
    utimesSync(join(folder, 'old.csv'), 1_000, 1_000)
    utimesSync(join(folder, 'new.csv'), 2_000, 2_000)
    expect((await look()).map(({ name }) => name)).to.have.members(['old.csv', 'new.csv'])
    expect(await logins()).to.have.length(1)
  })

  it('are left alone while they are being written, hidden, or no list', async () => {
    put('young.csv', list('a'))
    utimesSync(join(folder, 'young.csv'), 1_000, 1_000) // a copy with the time of its original
    for (const name of ['upload.csv.part', '.hidden.csv', '~$open.xlsx', 'readme.md', 'x.csv.tmp']) put(name, list('b'))
    ahead = 0
    expect(await look()).to.deep.equal([])
    expect(names()).to.have.length(6)
    ahead = 2 * MINUTE
    expect((await look()).map(({ name }) => name)).to.deep.equal(['young.csv'])
    expect(names()).to.have.length(5)
  })

  it('are read by the mapping of the folder, and fail with what is wrong with it', async () => {
    const text = 'columns: { Логин: user, ФИО: person, СНИЛС: number }\nfixed: { Роль: учитель }\n'
    put('a.csv', 'user;person;number\na;Петров Пётр;\n')
    expect((await look({ mapping: () => ({ text, name: 'm.yaml' }) }))[0]).to.include({ outcome: 'done' })
    put('b.csv', 'user;person;number\na;Петров Пётр;\n')
    const [failed] = await look({ mapping: () => ({ text: 'columns: [', name: 'm.yaml' }) })
    expect(failed).to.deep.include({ outcome: 'failed', said: ['m.yaml: это не YAML (строка 1).'] })
  })

  describe('when a round is cut off', () => {
    it('before the import, the next one imports the file', async () => {
      put(`people.csv.${TOKEN}.processing`, list('a'))
      ahead = 0
      expect(await look()).to.have.length(1)
      expect(await logins()).to.deep.equal(['a'])
      expect(names('done').sort()[0]).to.equal('people.token-of.csv')
    })

    it('between the import and putting the file away, the next one imports nothing twice', async () => {
      put('people.csv', list('a'))
      writeFileSync(join(folder, 'done'), 'in the way')
      expect(await failureOf(look())).to.match(/EEXIST|ENOTDIR/)
      expect(await logins()).to.deep.equal(['a'])
      expect(names().filter(name => name.endsWith('.processing'))).to.have.length(1)

      rmSync(join(folder, 'done'))
      await store.roster.replace('sgo', 'school-1', [], { now: 1 }) // what came meanwhile
      const [again] = await look({ mapping: () => ({ text: 'spoilt: [', name: 'm.yaml' }) })
      expect(again).to.include({ outcome: 'done', name: 'people.csv' })
      expect(again!.said.join()).to.match(/уже был загружен/)
      expect(await logins(), 'an old list over a newer one').to.deep.equal([])
      expect(names()).to.deep.equal([])
    })

    it('or two look at once, every file is imported by one of them', async () => {
      for (let i = 0; i < 5; i++) put(`people-${i}.csv`, list('a', `b-${i}`))
      const handled = (await Promise.all([look(), look(), look()])).flat()
      const written = handled.filter(({ said }) => said.includes('Записано.'))
      expect(new Set(written.map(({ name }) => name)).size, 'all of them').to.equal(5)
      expect(written, 'none of them twice').to.have.length(5)
      expect(names()).to.deep.equal([])
      expect(names('done')).to.have.length(10)
    })
  })

  it('a folder that is not there is told in a sentence', async () => {
    expect(await failureOf(look({ folder: join(folder, 'gone') }))).to.match(/^.*Папки .* нет\. Создайте её/)
    mkdirSync(join(folder, 'dir.csv'))
    expect(await look()).to.deep.equal([])
    expect(existsSync(join(folder, 'dir.csv'))).to.equal(true)
  })
})
