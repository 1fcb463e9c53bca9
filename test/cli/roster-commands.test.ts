/** Commands about the list beside import-roster: what is wrong with it, what a new one would change, lists in folders. */
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { openStoreOf } from '../../src/compose.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { run } from './desk.js'
import { makeFolder, type Folder } from './folder.js'

describe('commands about the list', () => {
  let folder: Folder
  before(async () => {
    folder = await makeFolder()
    await run(['import-roster', projectFile('docs/examples/roster-school-1.csv'), ...place, '--config', folder.config])
  })
  after(() => folder.remove())
  const place = ['--journal', 'sgo', '--school', 'school-1']
  const ask = (command: string, ...args: string[]) => run([command, ...args, '--config', folder.config])

  it('roster-report names rows by login, and nobody by name or СНИЛС', async () => {
    const ran = await ask('roster-report', ...place)
    expect(ran.code, ran.err).to.equal(1)
    expect(ran.out).to.match(/^Учётных записей: 15\.$/m)
    expect(ran.out).to.match(/^Родители без e-mail: \d+ .*\n {2}p-1001 \(sgo, school-1, родитель\)$/m)
    expect(ran.out).not.to.match(/Соколов|900-000|9000000/)
    const json = (await ask('roster-report', '--json')).json()
    expect(json).to.include.keys('schemaVersion', 'accounts', 'withoutSnils', 'missing', 'sharedSnils')
    const nowhere = await ask('roster-report', '--journal', 'sog')
    expect([nowhere.code, nowhere.out]).to.deep.equal([2, ''])
    expect(nowhere.err).to.match(/^В настройках нет журнала sog\. Есть: sgo/)
    expect((await ask('roster-report', '--school', 'x')).err).to.match(/^В настройках нет школы x\. Есть: school-1/)
  })

  it('roster-report is content with a school that has no accounts', async () => {
    const ran = await ask('roster-report', '--school', 'school-2')
    expect([ran.code, ran.out]).to.deep.equal([0, 'Учётных записей: 0.\nЗамечаний нет.\n'])
  })

  it('rehearse-roster says who would be lost, and writes nothing', async () => {
    const same = await ask('rehearse-roster', projectFile('docs/examples/roster-school-1.csv'), ...place)
    expect(same.code, same.err + same.out).to.equal(0)
    expect(same.out).to.match(/^Людей с СНИЛС или привязкой: (\d+), без изменений: \1\. Ничего не записано\.\n$/)
    const one = 'Роль;Логин;ФИО;СНИЛС\nучитель;t-3001;Лебедева Ольга;900-000-004 85\n'
    const file = await folder.file('one.csv', one)
    const lost = await ask('rehearse-roster', file, ...place)
    expect(lost.code, lost.err).to.equal(1)
    expect(lost.out).to.match(
      /^Потеряют доступ: \d+\n(?: .*\n)* {2}p-1001: было p-1001 parent \S+; станет ничего \(identity\.not-linked\)$/m,
    )
    expect(lost.out).not.to.match(/Соколов|900-000|9000000/)
    expect((await ask('rehearse-roster', file, ...place, '--json')).json()).to.include.keys(
      'lost',
      'doubled',
      'changed',
    )
    const refused = await ask(
      'rehearse-roster',
      await folder.file('bad.csv', `${one}завхоз;x;Иванов Иван;\n`),
      ...place,
    )
    expect([refused.code, refused.err]).to.deep.equal([2, 'Отклонено строк: 1. Какие и почему, скажет import-roster с --dry-run.\n']) // prettier-ignore
    const store = await openStoreOf(loadConfiguration(folder.config, {}))
    expect(await store.roster.count('sgo').finally(() => store.close())).to.equal(15)
  })

  it('import-folder takes what lies in the folders of the settings, and says what became of it', async () => {
    const before = await ask('import-folder')
    expect([before.code, before.out]).to.deep.equal([2, ''])
    expect(before.err).to.include('rosterImports')

    await appendFile(folder.config, '\nrosterImports: [{ journal: sgo, school: school-2, folder: lists }]\n')
    const gone = await ask('import-folder')
    expect([gone.code, gone.err]).to.deep.equal([1, ''])
    expect(gone.out).to.match(/^Папки .*lists нет\. Создайте её/)

    await mkdir(join(folder.path, 'lists'))
    await writeFile(join(folder.path, 'lists', 'people.csv'), 'Роль;Логин;ФИО;СНИЛС\nучитель;t-1;Петров Пётр;\n')
    expect((await ask('import-folder')).out, 'still young').to.equal('Новых списков нет.\n')
    const later = { clock: { now: () => Date.now() + 120_000 } }
    const done = await run(['import-folder', '--config', folder.config], later)
    expect(done.code, done.err).to.equal(0)
    expect(done.out)
      .to.match(/^people\.csv → .*done.*\.csv$/m)
      .and.match(/^ {2}добавлено +1: t-1$/m)
    await writeFile(join(folder.path, 'lists', 'bad.csv'), 'nonsense')
    const failed = await run(['import-folder', '--json', '--config', folder.config], later)
    expect(failed.code).to.equal(1)
    expect(failed.json()).to.have.nested.property('handled[0].outcome', 'failed')
  })
})
