import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { openStoreOf } from '../../src/compose.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { run } from './desk.js'
import { makeFolder, type Folder } from './folder.js'

describe('command: import-roster', () => {
  let folder: Folder
  before(async () => (folder = await makeFolder()))
  after(() => folder.remove())

  const list = projectFile('docs/examples/roster-school-1.csv')
  const place = ['--journal', 'sgo', '--school', 'school-1']
  const load = (file: string, ...flags: string[]) =>
    run(['import-roster', file, ...place, '--config', folder.config, ...flags])

  async function stored(): Promise<number> {
    const store = await openStoreOf(loadConfiguration(folder.config, {}))
    return store.roster.count('sgo').finally(() => store.close())
  }

  it('shows what would change and writes nothing, then writes, then finds nothing new', async () => {
    const dry = await load(list, '--dry-run')
    expect(dry.code, dry.err).to.equal(0)
    expect(dry.out)
      .to.match(/добавлено +15: /)
      .and.include('Пробный запуск: ничего не записано.')
    expect(await stored()).to.equal(0)

    const first = await load(list)
    expect(first.out)
      .to.match(/добавлено +15: /)
      .and.include('Записано.')
    expect(await stored()).to.equal(15)

    const second = (await load(list, '--json')).json()
    expect(second).to.deep.include({ written: true, plan: { added: [], changed: [], unchanged: 15, missing: [] } })
  })

  it('imports nothing when a row is refused, and says which and why', async () => {
    const before = await stored()
    const csv =
      'Роль;Логин;Фамилия;Имя;СНИЛС\nучитель;t-1;Петров;Пётр;112-233-445 95\nучитель;t-2;Иванов;Иван;112-233-445 96\n'
    const ran = await load(await folder.file('bad.csv', csv))
    expect(ran.code, ran.err).to.equal(1)
    expect(ran.out).to.match(/^строка 3, «СНИЛС»: .+$/m)
    expect(ran.out).to.include('не записано ничего')
    expect(ran.out, 'a whole number in the output').not.to.include('112-233-445')
    expect(await stored()).to.equal(before)
  })

  it('names the journals and schools that there are', async () => {
    const journal = await run([
      'import-roster',
      list,
      '--journal',
      'sog',
      '--school',
      'school-1',
      '--config',
      folder.config,
    ])
    expect(journal.code).to.equal(2)
    expect(journal.err).to.match(/^There is no journal sog in the settings\. There are: sgo, eljur\b.*\.\n$/)
    const school = await run(['import-roster', list, '--journal', 'sgo', '--school', 'x', '--config', folder.config])
    expect([school.code, school.out]).to.deep.equal([2, ''])
    expect(school.err).to.include('school-1, school-2')
  })

  it('cannot use a broken quote', async () => {
    const ran = await load(projectFile('test/fixtures/rosters/broken-quote.csv'))
    expect([ran.code, ran.out]).to.deep.equal([2, ''])
    expect(ran.err).to.match(/кавычк/)
  })
})
