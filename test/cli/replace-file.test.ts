import { chmod, lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { replaceFile } from '../../src/cli/replace-file.js'

const NOW = Date.UTC(2026, 10, 24, 12)

describe('replacing a file', () => {
  let folder: string
  let file: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'replace-file-'))
    file = join(folder, 'bridge.yaml')
    await writeFile(file, 'old')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('keeps a copy of the old one, and overwrites no copy', async () => {
    const copy = await replaceFile(file, 'new', NOW)
    expect(await readFile(copy, 'utf8')).to.equal('old')
    expect(await readFile(file, 'utf8')).to.equal('new')
    const again = await replaceFile(file, 'newer', NOW).catch((error: unknown) => error)
    expect(again).to.have.property('code', 'EEXIST')
    expect(await readFile(file, 'utf8')).to.equal('new')
    expect(await readFile(copy, 'utf8')).to.equal('old')
  })

  it('keeps the mode, whatever the umask takes away', async function () {
    if (process.platform === 'win32') this.skip()
    await chmod(file, 0o664)
    const before = process.umask(0o077)
    try {
      await replaceFile(file, 'new', NOW)
    } finally {
      process.umask(before)
    }
    expect((await stat(file)).mode & 0o777).to.equal(0o664)
  })

  it('keeps the owner when root changes the file', async function () {
    if (process.getuid?.() !== 0) this.skip()
    const { chown } = await import('node:fs/promises')
    await chown(file, 12_345, 12_346)
    await replaceFile(file, 'new', NOW)
    const { uid, gid } = await stat(file)
    expect([uid, gid]).to.deep.equal([12_345, 12_346])
  })

  it('follows no link that lies where the new text is written first', async function () {
    if (process.platform === 'win32') this.skip()
    const elsewhere = join(folder, 'elsewhere')
    await writeFile(elsewhere, 'precious')
    await symlink(elsewhere, `${file}.new`)
    await replaceFile(file, 'new', NOW)
    expect(await readFile(elsewhere, 'utf8')).to.equal('precious')
    expect((await lstat(file)).isSymbolicLink()).to.equal(false)
  })
})
