import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { dropLeftBehind, dropParts, leftBehind } from '../../src/store/left-behind.js'
import { temporaryFile } from './databases.js'

const HOUR = 3_600
const aged = (path: string, hours: number): string => {
  const at = Date.now() / 1_000 - hours * HOUR
  utimesSync(path, at, at)
  return path
}
const file = (path: string, hours: number): string => {
  writeFileSync(path, 'x')
  return aged(path, hours)
}

describe('what was left behind', () => {
  /** `data/bridge.db` in a folder of the bridge, as `init` lays it out. */
  function place() {
    const top = dirname(temporaryFile())
    const data = join(top, 'data')
    mkdirSync(data)
    return { top, data, database: join(data, 'bridge.db') }
  }
  function stage(folder: string, name: string, hours: number, inside: readonly string[] = ['bridge.db']): string {
    const path = join(folder, name)
    mkdirSync(path)
    for (const each of inside) file(join(path, each), hours)
    return aged(path, hours)
  }

  it('by a backup or an update lies beside the database, and by a restore there or above', () => {
    const { top, data, database } = place()
    const left = [
      file(`${database}.part-4711`, 2),
      file(`${database}.part-4712-journal`, 2),
      stage(data, '.restoring-aBc123', 2),
      stage(top, '.restoring-dEf456', 2, []),
    ]
    const others = [
      file(database, 2),
      file(`${database}.schema-16-20260101000000`, 2),
      file(join(data, 'other.db.part-4711'), 2),
      stage(data, '.restoring-others', 2, ['letter.txt']),
    ]
    expect(leftBehind(database)).to.have.members(left)
    expect(dropLeftBehind(database)).to.have.members(left)
    expect(leftBehind(database)).to.deep.equal([])
    const names = [...readdirSync(top), ...readdirSync(data)]
    expect(names).to.have.members(['data', ...others.map(path => path.slice(data.length + 1))])
  })

  it('is nothing that somebody may still be writing', () => {
    const { data, database } = place()
    file(`${database}.part-4711`, 0.9)
    const path = stage(data, '.restoring-aBc123', 2)
    file(join(path, 'bridge.db'), 0.9)
    stage(data, '.restoring-dEf456', 0.9, [])
    expect(leftBehind(database)).to.deep.equal([])
  })

  it('in a folder of backups are those that never got their name', () => {
    const { data } = place()
    file(join(data, 'a.backup.part-4711'), 2)
    file(join(data, 'b.backup.part-4711'), 2)
    file(join(data, 'a.backup'), 2)
    expect(dropParts(data, 'a.backup')).to.deep.equal([join(data, 'a.backup.part-4711')])
    expect(dropParts(data, /^b/)).to.deep.equal([join(data, 'b.backup.part-4711')])
    expect(dropParts(join(data, 'nowhere'), /^b/)).to.deep.equal([])
    expect(readdirSync(data)).to.deep.equal(['a.backup'])
  })
})
