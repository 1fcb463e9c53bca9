/** The other side of aside.ts: answers one question and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { MetadataError } from '../saml/metadata.js'
import type { Question, Reply } from './aside.js'
import { readPublication } from './publication.js'

const { octets, demands, when } = workerData as Question
parentPort!.postMessage(answer())

function answer(): Reply {
  try {
    return { publication: readPublication(octets, demands, when) }
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error
    return { problems: error.problems }
  }
}
