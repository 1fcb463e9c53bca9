/** Parameters of requests, each at most once: a second value is a trick or a mistake, and either is refused. */
import type { Request } from 'express'
import { Refusal } from '../base/refusal.js'

/** Characters of an ordinary parameter; return addresses have the same limit. */
const ORDINARY_LIMIT = 2048

/**
 * @returns the value, or undefined when the parameter is absent or empty
 * @throws Refusal `request.malformed` when it is repeated or longer than `limit`
 */
export function queryValue(request: Request, name: string, limit = ORDINARY_LIMIT): string | undefined {
  return single(name, new URLSearchParams(rawQuery(request)).getAll(name), limit)
}

/** The query as it came, octet for octet, without the question mark. */
export function rawQuery(request: Request): string {
  const at = request.originalUrl.indexOf('?')
  return at < 0 ? '' : request.originalUrl.slice(at + 1)
}

/** The same for a field of a posted form. */
export function formValue(request: Request, name: string, limit = ORDINARY_LIMIT): string | undefined {
  const body: unknown = request.body
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined
  const value = (body as Record<string, unknown>)[name]
  return single(name, Array.isArray(value) ? value : [value], limit)
}

function single(name: string, values: readonly unknown[], limit: number): string | undefined {
  const [value] = values
  if (value === undefined) return undefined
  if (values.length > 1 || typeof value !== 'string')
    throw new Refusal('request.malformed', { parameter: name, why: 'repeated' })
  if (value.length > limit) throw new Refusal('request.malformed', { parameter: name, why: 'too long', limit })
  return value === '' ? undefined : value
}
