/** Several files in one stream: a table of contents as JSON behind its length, then the files in its order and nothing else. */
import * as z from 'zod'
import { BackupError } from './backup-error.js'

const file = z.strictObject({
  /** From the folder of the settings, with `/`; an absolute path for what lies elsewhere. */
  path: z.string().min(1).max(4_096),
  octets: z.int().min(0),
  /** Of POSIX, nine bits. */
  mode: z.int().min(0).max(0o777),
})

const contents = z.strictObject({
  madeAt: z.iso.datetime(),
  /** Version of the program. */
  bridge: z.string().max(40),
  /** Version of the database's tables. */
  schema: z.int().min(1),
  /** The settings file among `files`. */
  settings: z.string(),
  /** Small ones, first in the stream. */
  files: z.array(file).max(10_000),
  /** A whole SQLite file, last in the stream. */
  database: file,
  /** Named by the settings, and not here on purpose: keys that are kept apart. */
  leftOut: z.array(z.string()),
  /** Environment variables that the settings name. */
  variables: z.array(z.string()),
})

export type Contents = z.infer<typeof contents>
export type ArchivedFile = Contents['database']

/** A table of contents is honestly never larger. */
const LARGEST_TABLE = 8 * 1024 * 1024

/** @param bodies of `files` and the database, in this order, each of the length that the table says */
export async function* pack(table: Contents, bodies: Iterable<AsyncIterable<Buffer>>): AsyncGenerator<Buffer> {
  const text = Buffer.from(JSON.stringify(table))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  yield Buffer.concat([length, text])
  for (const body of bodies) yield* body
}

/** What comes out of a stream, one piece after another. */
export class Unpacking {
  private readonly stream: AsyncIterator<Buffer>
  private rest: Buffer = Buffer.alloc(0)

  constructor(stream: AsyncIterable<Buffer>) {
    this.stream = stream[Symbol.asyncIterator]()
  }

  /** Comes first. @throws BackupError */
  async table(): Promise<Contents> {
    const length = (await this.whole(4)).readUInt32BE()
    if (length > LARGEST_TABLE) throw strange()
    try {
      return contents.parse(JSON.parse((await this.whole(length)).toString('utf8')))
    } catch (error) {
      throw error instanceof BackupError ? error : strange()
    }
  }

  /** The next octets, in parts. @throws BackupError */
  async *body(octets: number): AsyncGenerator<Buffer> {
    for (let left = octets; left > 0;) {
      if (this.rest.length === 0) this.rest = await this.next()
      const part = this.rest.subarray(0, left)
      this.rest = this.rest.subarray(part.length)
      left -= part.length
      yield part
    }
  }

  /** @throws BackupError when something follows, or the stream does not end as it should */
  async end(): Promise<void> {
    if (this.rest.length > 0) throw strange()
    for (let found = await this.stream.next(); !found.done; found = await this.stream.next())
      if (found.value.length > 0) throw strange()
  }

  private async next(): Promise<Buffer> {
    const found = await this.stream.next()
    if (found.done) throw strange()
    return found.value
  }

  /** The next octets at once. */
  async whole(octets: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.body(octets)) parts.push(part)
    return Buffer.concat(parts)
  }
}

/** Authentic, and yet not what this program wrote. */
const strange = (): BackupError =>
  new BackupError('Its contents are of another kind than this program knows. Restore it with the version that made it.')
