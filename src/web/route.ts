import type { Request, Response } from 'express'
import type { Web } from './setup.js'

/** What stands behind an address. It may throw a Refusal; anything else it throws is a bug and answers 500. */
export type Handler = (web: Web, request: Request, response: Response) => Promise<void> | void
