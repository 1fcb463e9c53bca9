/** The file of a backup: whatever is done to it, it opens whole or not at all. */
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { expect } from 'chai'
import fc from 'fast-check'
import { pack, Unpacking, type Contents } from '../../src/backup/archive.js'
import { BackupError } from '../../src/backup/backup-error.js'
import { open, seal } from '../../src/backup/sealed-file.js'
import { openSegments, sealSegments } from '../../src/backup/segments.js'

const KEY = Buffer.alloc(32, 7)
const PASSPHRASE = Buffer.from('correct horse battery staple')
const SEALED = 64 * 1024 + 16

const inParts = (octets: Buffer, length: number): AsyncIterable<Buffer> =>
  Readable.from(
    Array.from({ length: Math.ceil(octets.length / length) }, (_, i) => octets.subarray(i * length, (i + 1) * length)),
  )

async function all(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

const sealed = (plain: Buffer, parts = 65_536): Promise<Buffer> => all(sealSegments(KEY, inParts(plain, parts)))
const opened = (octets: Buffer, parts = 65_536): Promise<Buffer> => all(openSegments(KEY, inParts(octets, parts)))

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error, 'it opened').to.be.instanceOf(BackupError)
  return (error as BackupError).message
}

describe('segments of a backup', () => {
  const lengths = [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000]

  it('come back as they were, however they were cut on the way', async () => {
    for (const length of lengths) {
      const plain = randomBytes(length)
      for (const parts of [1_000, 65_536, 65_537, 1_000_000])
        expect((await opened(await sealed(plain, parts), 70_000)).equals(plain), `${length} in ${parts}`).to.equal(true)
    }
  })

  it('do not open when any octet was altered', async () => {
    const plain = randomBytes(140_000)
    const octets = await sealed(plain)
    await fc.assert(
      fc.asyncProperty(fc.nat(octets.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const other = Buffer.from(octets)
        other[at] = other[at]! ^ change
        await refusalOf(opened(other))
      }),
      {
        numRuns: 200,
        examples: [
          [0, 1],
          [SEALED, 128],
          [octets.length - 1, 1],
        ],
      },
    )
  })

  it('do not open when the end is missing, at the end of a segment neither', async () => {
    const octets = await sealed(randomBytes(140_000))
    for (const end of [0, 1, 15, 16, SEALED - 1, SEALED, SEALED + 1, 2 * SEALED, octets.length - 1])
      expect(await refusalOf(opened(octets.subarray(0, end))), String(end)).to.match(/end is missing/)
  })

  it('do not open when they were swapped, doubled, left out or lengthened', async () => {
    const octets = await sealed(randomBytes(140_000))
    const [one, two, three] = [0, 1, 2].map(i => octets.subarray(i * SEALED, (i + 1) * SEALED)) as [
      Buffer,
      Buffer,
      Buffer,
    ]
    for (const others of [
      [two, one, three],
      [one, one, two, three],
      [one, three],
      [one, two, three, Buffer.from('x')],
      [one, two, three, three],
    ])
      await refusalOf(opened(Buffer.concat(others)))
  })
})

describe('the file of a backup', () => {
  it('opens with its passphrase only, and says which of the two is wrong', async () => {
    const file = await all(seal(PASSPHRASE, inParts(Buffer.from('diary'), 3)))
    expect(String(await all(open(PASSPHRASE, inParts(file, 7))))).to.equal('diary')
    const other = Buffer.from('correct horse battery stapler')
    expect(await refusalOf(all(open(other, inParts(file, 1_000))))).to.match(/passphrase is not the one/)
    expect(await refusalOf(all(open(PASSPHRASE, inParts(Buffer.from('PK'), 9))))).to.match(/no backup of the bridge/)
    expect(await refusalOf(all(open(PASSPHRASE, inParts(file.subarray(0, 40), 9))))).to.match(/ends after its first/)
    const again = await all(seal(PASSPHRASE, inParts(Buffer.from('diary'), 3)))
    expect(again.subarray(76).equals(file.subarray(76)), 'keys of its own each time').to.equal(false)
  })
})

describe('the archive in it', () => {
  const table: Contents = {
    madeAt: '2026-11-29T15:30:00.000Z',
    bridge: '0.1.0',
    schema: 11,
    settings: 'bridge.yaml',
    files: [{ path: 'bridge.yaml', octets: 3, mode: 0o600 }],
    database: { path: 'data/bridge.db', octets: 4, mode: 0o600 },
    leftOut: [],
    variables: [],
  }
  const stream = (change: Partial<Contents> = {}) =>
    pack({ ...table, ...change }, [inParts(Buffer.from('abc'), 2), inParts(Buffer.from('defg'), 3)])

  async function unpacked(octets: AsyncIterable<Buffer>): Promise<unknown> {
    const unpacking = new Unpacking(octets)
    const found = await unpacking.table()
    const [file, database] = [
      await unpacking.whole(found.files[0]!.octets),
      await all(unpacking.body(found.database.octets)),
    ]
    await unpacking.end()
    return [found, String(file), String(database)]
  }

  it('comes back as it was', async () => {
    expect(await unpacked(stream())).to.deep.equal([table, 'abc', 'defg'])
  })

  it('is refused when table and contents do not fit, or the table is another one', async () => {
    const octets = (count: number) => ({ database: { ...table.database, octets: count } })
    for (const other of [stream(octets(3)), stream(octets(5)), stream({ schema: 0 }), stream({ more: 1 } as never)])
      expect(await refusalOf(unpacked(other))).to.match(/another kind/)
    for (const octets of ['', '\u0000\u0000\u0000\u0002{}', '\u00ff\u00ff\u00ff\u00ff{}'])
      expect(await refusalOf(unpacked(inParts(Buffer.from(octets, 'latin1'), 9)))).to.match(/another kind/)
  })
})
