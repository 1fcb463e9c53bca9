/** Express's types without `any`: what came with a request is unknown until somebody looked. */
import type express from 'express'

export type Fields = Record<string, unknown>

export type Request = express.Request<Record<string, string>, unknown, unknown, Fields, Fields>
export type Response = express.Response<unknown, Fields>
export type Handler = (request: Request, response: Response) => void | Promise<void>
