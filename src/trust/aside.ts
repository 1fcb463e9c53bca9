/**
 * Reads large metadata in a thread of its own: a federation of 5,000 entities takes tenths of a second, and people log in
 * meanwhile.
 */
import { Worker } from 'node:worker_threads'
import { MetadataError } from '../saml/metadata.js'
import type { Finding } from '../saml/metadata-finding.js'
import { readPublication, type Demands, type Publication, type When } from './publication.js'

/** Octets: what is smaller is read in some 15 ms, sooner than a thread starts. */
export const LARGE = 512 * 1024

export interface Question {
  readonly octets: Uint8Array
  readonly demands: Demands
  readonly when: When
}

/** Errors cross the border between threads without their class. */
export type Reply = { readonly publication: Publication } | { readonly problems: readonly Finding[] }

/** @throws MetadataError */
export async function readAside(octets: Uint8Array, demands: Demands, when: When): Promise<Publication> {
  if (octets.length < LARGE) return readPublication(octets, demands, when)
  const { signers, whenExpired, wanted, longest } = demands
  const bare = { signers, whenExpired, ...(wanted && { wanted }), ...(longest !== undefined && { longest }) }
  const reply = await ask({ octets, demands: bare, when })
  if ('problems' in reply) throw new MetadataError(reply.problems)
  return reply.publication
}

function ask(question: Question): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./aside-worker.js', import.meta.url), { workerData: question })
    worker.once('message', resolve)
    worker.once('error', reject)
    // after a message or an error this comes too late to change anything
    worker.once('exit', code => reject(new Error(`the thread that reads metadata ended with ${code}`)))
  })
}
