/** `POST /hand-off/redeem`: for servers of journals. Whatever is wrong is told as RFC 6749, 5.2 has it. */
import express, { type Request, type RequestHandler, type Response } from 'express'
import { Refusal } from '../../base/refusal.js'
import { refusals, type RefusalCode } from '../../base/refusals.js'
import { redeem, type Call } from '../../login/redeem.js'
import { readCall } from '../client-call.js'
import { asRefusal, recordRefusal } from '../failures.js'
import type { Handler } from '../route.js'
import type { Web } from '../setup.js'
import { requestNumber, visitor } from '../visitor.js'

/** An assertion, a handle and their names, with room. Nothing is unpacked: nobody has to send so much. */
const octets: RequestHandler = express.raw({ type: () => true, limit: '16kb', inflate: false })

export const postRedeem: Handler = async (web, request, response) => {
  response.setHeader('Pragma', 'no-cache')
  const call = await read(web, request, response)
  if (call instanceof Refusal) return refuse(web, request, response, call)
  try {
    response.json(await redeem(web.ports, visitor(web, request), call))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    refuse(web, request, response, error)
  }
}

async function read(web: Web, request: Request, response: Response): Promise<Call | Refusal> {
  try {
    await new Promise<void>((resolve, reject) => {
      octets(request, response, (error?: unknown) => {
        if (error instanceof Error) reject(error)
        else resolve()
      })
    })
    const body: unknown = request.body
    return readCall(request, body instanceof Uint8Array ? body : new Uint8Array())
  } catch (error) {
    const refusal = error instanceof Error ? asRefusal(error) : undefined
    if (!refusal) throw error
    await recordRefusal(web, request, refusal)
    return refusal
  }
}

const errors: Partial<Record<RefusalCode, string>> = {
  'redeem.client': 'invalid_client',
  'redeem.handle': 'invalid_grant',
  'redeem.limit': 'temporarily_unavailable',
}

/** Why a caller is not believed, or a handle is worth nothing, stands in the audit alone. */
function refuse(web: Web, request: Request, response: Response, { code, facts }: Refusal): void {
  if (code === 'redeem.client') response.setHeader('WWW-Authenticate', 'Basic realm="hand-off", charset="UTF-8"')
  if (code === 'redeem.limit') response.setHeader('Retry-After', String(facts['seconds']))
  const why = code.startsWith('request.') && facts['why'] !== undefined ? ` (${String(facts['why'])})` : ''
  response.status(refusals[code].status).json({
    error: errors[code] ?? 'invalid_request',
    error_description: refusals[code].meaning + why,
    number: requestNumber(web, request),
  })
}
