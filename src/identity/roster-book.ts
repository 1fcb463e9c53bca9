/** A book of Excel (XLSX) as rows of text. It is read in a thread of its own: what a stranger packed shall not fill our memory. */
import { Worker } from 'node:worker_threads'
import type { TableRow } from './roster-table.js'
import { RosterFileError } from './roster-text.js'

interface BookRows {
  readonly sheet: string
  /** `line` is the row's number in the sheet. */
  readonly rows: readonly TableRow[]
  /** Russian sentences. */
  readonly warnings: readonly string[]
}

export interface BookQuestion {
  readonly octets: Uint8Array
  /** Title of the sheet; without it the only one that holds anything. */
  readonly sheet?: string
  readonly maxRows: number
  /** Titles above it may be merged. */
  readonly headerRow?: number
}

/** Errors cross the border between threads without their class. */
export type BookReply = BookRows | { readonly problem: string }

/** Megabytes of the thread's heap: 130,000 rows of 12 cells just fit. */
const HEAP = 768
/** Milliseconds: 100,000 rows need a tenth of it, or a quarter on a machine that is very busy. */
const PATIENCE = 120_000

const TOO_MUCH =
  'Книга Excel слишком велика или устроена так, что её нельзя прочитать. Сохраните лист со списком как «CSV UTF-8» и повторите.'

export const isBook = (file: Uint8Array): boolean =>
  file[0] === 0x50 && file[1] === 0x4b && file[2] === 0x03 && file[3] === 0x04

/** @throws RosterFileError */
export async function readBook(question: BookQuestion): Promise<BookRows> {
  const reply = await ask(question)
  if ('problem' in reply) throw new RosterFileError(reply.problem)
  return reply
}

function ask(question: BookQuestion): Promise<BookReply> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./roster-book-worker.js', import.meta.url), {
      workerData: question,
      resourceLimits: { maxOldGenerationSizeMb: HEAP },
    })
    const patience = setTimeout(() => {
      resolve({ problem: TOO_MUCH })
      void worker.terminate()
    }, PATIENCE)
    worker.once('message', resolve)
    worker.once('error', (error: Error & { readonly code?: string }) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve({ problem: TOO_MUCH })
      else reject(error)
    })
    worker.once('exit', code => {
      clearTimeout(patience)
      // after a message or an error this comes too late to change anything
      reject(new Error(`the thread that reads a book ended with ${code}`))
    })
  })
}
