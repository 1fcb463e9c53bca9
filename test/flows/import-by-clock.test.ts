/** A bridge that runs looks into the folders of its settings by itself. */
import { expect } from 'chai'
import { appendFile, mkdir, watch, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pino } from 'pino'
import { systemChance } from '../../src/base/chance.js'
import { compose } from '../../src/compose.js'
import { serve } from '../../src/serve.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { startTestTown } from '../support/town.js'

describe('flow: lists imported by the clock', () => {
  it('a list that lies in its folder is imported while the bridge runs, and the log names nobody', async () => {
    const town = await startTestTown()
    const folder = join(dirname(town.prepared.configFile), 'lists')
    const done = join(folder, 'done')
    await mkdir(done, { recursive: true })
    await writeFile(join(folder, 'ivanova.csv'), 'Роль;Логин;ФИО;СНИЛС\nучитель;t-77;Ъюникова Ёжика;\n')
    await appendFile(
      town.prepared.configFile,
      '\nrosterImports: [{ journal: sgo, school: school-2, folder: lists }]\nrosterImportEvery: 1m\n',
    )
    const lines: string[] = []
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
    town.clock.forward(120_000)
    const nature = { clock: town.clock, chance: systemChance }
    const bridge = await compose(loadConfiguration(town.prepared.configFile, {}), log, nature)
    expect(bridge.lists?.every).to.equal(60_000)

    const arrival = firstIn(done)
    const server = await serve({ ...bridge, lists: { ...bridge.lists!, every: 20 } }, { host: 'localhost', port: 0 })
    await arrival
    const found = await town.bridge.store.roster.byLogin('sgo', ['school-2'], 't-77')
    await server.close()
    await town.close()
    expect(found.map(({ person }) => person.lastName)).to.deep.equal(['Ъюникова'])
    expect(lines.join(''))
      .to.include('a list was imported from its folder')
      .and.not.match(/ivanova|Ъюник|t-77/)
  })
})

async function firstIn(folder: string): Promise<void> {
  for await (const { filename } of watch(folder))
    if (filename?.startsWith('ivanova') && filename.endsWith('.csv')) return
}
