/**
 * Something we depend on does not answer: the database is full, locked or gone. Nothing was written.
 * The person sees a 503 page and may try again; it is neither a refusal nor a bug.
 */
export class Unavailable extends Error {
  override readonly name: string = 'Unavailable'
}
