/**
 * Something we depend on does not answer: the database is full, locked or gone. Nothing was written.
 * The person sees a 503 page and may try again; it is neither a refusal nor a bug.
 */
export class Unavailable extends Error {
  override readonly name: string = 'Unavailable'
}

/** @returns whether the same may succeed later without anybody changing anything: `passes` says so of errors of other kinds */
export const mayPass = (error: unknown): error is Error =>
  error instanceof Unavailable || (error instanceof Error && 'passes' in error && error.passes === true)
