import { expect } from 'chai'
import Database from 'libsql'
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
    expect(second).to.deep.include({
      written: true,
      plan: { before: 15, added: [], changed: [], unchanged: 15, missing: [] },
    })
  })

  it('writes the list and its row of the audit together, or neither', async () => {
    const { settings } = loadConfiguration(folder.config, {})
    const raw = new Database(settings.storage.database.slice('sqlite:'.length))
    raw.exec("create trigger full before insert on audit_events begin select raise(abort, 'no room'); end")
    const more = await folder.file('more.csv', 'Роль;Логин;ФИО;СНИЛС\nучитель;t-77;Петров Пётр;\n')
    const failed = await load(more, '--accept-losses')
    expect([failed.code, failed.err.includes('столбц')], failed.err).to.deep.equal([2, false])
    expect(await stored()).to.equal(15)
    raw.exec('drop trigger full')
    raw.close()
    const store = await openStoreOf(loadConfiguration(folder.config, {}))
    let rows = 0
    for await (const { what } of store.audit.between({})) if (what === 'roster.imported') rows += 1
    await store.close()
    expect(rows, 'of the two imports that wrote').to.equal(2)
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

  it('stops before half a list, with a number and 1', async () => {
    const half = await folder.file('half.csv', 'Роль;Логин;ФИО;СНИЛС\nучитель;t-9;Петров Пётр;112-233-445 95\n')
    for (const flags of [[], ['--dry-run']]) {
      const ran = await load(half, ...flags)
      expect(ran.code, ran.err).to.equal(1)
      expect(ran.out).to.match(/^Не записано ничего: из 15 учётных записей выбыли бы 15.*--accept-losses\.$/m)
      expect(await stored()).to.equal(15)
    }
    expect((await load(half, '--json')).json()).to.deep.include({ written: false, stopped: true })
    const accepted = await load(half, '--accept-losses', '--dry-run')
    expect([accepted.code, accepted.out.includes('Пробный запуск')]).to.deep.equal([0, true])
  })

  it('reads a product’s list by its mapping, and says what is wrong with a mapping', async () => {
    const mapping = projectFile('docs/examples/mapping-sgo.yaml')
    const ran = await load(
      projectFile('docs/examples/list-sgo.csv'),
      '--mapping',
      mapping,
      '--accept-losses',
      '--dry-run',
    )
    expect(ran.code, ran.err).to.equal(0)
    expect(ran.out).to.match(/^добавлено +3: СоколоваМ1, СоколовИ, ЛебедеваО$/m)
    const wrong = await load(list, '--mapping', await folder.file('wrong.yaml', 'columns: { Должность: x }\n'))
    expect([wrong.code, wrong.out]).to.deep.equal([2, ''])
    expect(wrong.err).to.match(/^wrong\.yaml: columns → Должность: мост не знает/)
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
    expect(journal.err).to.match(/^В настройках нет журнала sog\. Есть: sgo, eljur\b.*\.\n$/)
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
