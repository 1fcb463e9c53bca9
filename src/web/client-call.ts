/**
 * A call of a journal's server, read as strictly as it is written rarely: a form or JSON, every name once, credentials by one
 * way, nothing of it in the address (RFC 6749, 2.3.1 and 3.2).
 */
import type { Request } from 'express'
import { Refusal } from '../base/refusal.js'
import type { Call } from '../login/redeem.js'
import { rawQuery } from './params.js'

/** Characters of a value; an assertion with an RSA signature has less than a thousand. */
const LONGEST = 8_192
/** Handles that one call may burn. */
const MOST_HANDLES = 4
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** @throws Refusal `request.body`, `request.malformed`: of what is written so that two programs could read it differently */
export function readCall(request: Request, octets: Uint8Array): Call {
  const body = readBody(request, octets)
  const query = [...new URLSearchParams(rawQuery(request))]
  const handles = [...query, ...body].flatMap(([name, value]) => (name === 'handle' && value !== '' ? [value] : []))
  if (handles.length > MOST_HANDLES) throw malformed('too many handles')
  const once = onlyOnce(body.filter(([name, value]) => name !== 'handle' && value !== ''))
  return { ...whoCalls(request, once), handles, ...flawOf(rawQuery(request), handles) }
}

/** Told after the caller is known: whoever is a journal burns the handle that it has put into an address. */
function flawOf(query: string, handles: readonly string[]): { flaw?: string } {
  if (query !== '') return { flaw: 'parameters belong in the body, never in the address' }
  if (handles.length === 0) return { flaw: 'no handle' }
  return handles.length > 1 ? { flaw: 'more than one handle' } : {}
}

function whoCalls(request: Request, fields: ReadonlyMap<string, string>): Pick<Call, 'journal' | 'proof'> {
  const [id, secret, jwt] = ['client_id', 'client_secret', 'client_assertion'].map(name => fields.get(name))
  const basic = readBasic(request)
  if ([basic, secret, jwt].filter(proof => proof !== undefined).length > 1)
    throw malformed('two ways to authenticate at once')
  if (basic) {
    if (id !== undefined && id !== basic.id) throw malformed('two client ids')
    return basic.spellings
      ? { journal: basic.id, proof: { by: 'secret', spellings: basic.spellings } }
      : { journal: basic.id }
  }
  if (jwt !== undefined) {
    if (fields.get('client_assertion_type') !== ASSERTION_TYPE) throw malformed('client_assertion_type')
    return { journal: id ?? subjectOf(jwt), proof: { by: 'assertion', jwt } }
  }
  return { journal: id ?? '', ...(secret !== undefined && { proof: { by: 'secret', spellings: [secret] } }) }
}

interface Basic {
  readonly id: string
  /** Absent when it is no Basic: then it proves nothing. */
  readonly spellings?: readonly string[]
}

/** RFC 7617; RFC 6749 has both halves percent-encoded first, which most clients leave out: either reading may be right. */
function readBasic(request: Request): Basic | undefined {
  const headers = request.headersDistinct['authorization'] ?? []
  if (headers.length > 1) throw malformed('two Authorization headers')
  const [header] = headers
  if (header === undefined) return undefined
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header) ?? []
  const text = encoded === undefined ? undefined : utf8(Buffer.from(encoded, 'base64'))
  const at = text?.indexOf(':') ?? -1
  if (text === undefined || at < 0) return { id: '' }
  const secret = text.slice(at + 1)
  return { id: formDecoded(text.slice(0, at)), spellings: [secret, formDecoded(secret)] }
}

/** Unverified, and only to find the keys with which it is verified. */
function subjectOf(jwt: string): string {
  try {
    const claims: unknown = JSON.parse(utf8(Buffer.from(jwt.split('.')[1] ?? '', 'base64url')) ?? '')
    const { sub } = claims as { sub?: unknown }
    return typeof sub === 'string' ? sub : ''
  } catch {
    return ''
  }
}

type Pairs = readonly (readonly [string, string])[]

function readBody(request: Request, octets: Uint8Array): Pairs {
  const type = (request.headers['content-type'] ?? '').toLowerCase()
  const [, kind, charset = 'utf-8'] =
    /^(application\/(?:x-www-form-urlencoded|json)) *(?:; *charset="?([^";]+)"? *)?$/.exec(type) ?? []
  if (kind === undefined || charset !== 'utf-8') throw new Refusal('request.body', { why: 'type' })
  const text = utf8(octets)
  if (text === undefined) throw new Refusal('request.body', { why: 'no UTF-8' })
  const pairs = kind === 'application/json' ? readJson(text) : [...new URLSearchParams(text)]
  if (pairs.some(([, value]) => value.length > LONGEST)) throw malformed('too long')
  return pairs
}

const STRING = String.raw`"(?:[^"\\\u0000-\u001f]|\\.)*"`
const PAIR = String.raw`\s*(${STRING})\s*:\s*(${STRING})\s*`
const OBJECT = new RegExp(String.raw`^\s*\{(?:\s*|${PAIR}(?:,${PAIR})*)\}\s*$`)

/** One object of texts. By hand, since JSON.parse would keep the last of two equal names and say nothing. */
function readJson(text: string): Pairs {
  if (!OBJECT.test(text)) throw new Refusal('request.body', { why: 'no JSON object of texts' })
  try {
    return [...text.matchAll(new RegExp(PAIR, 'g'))].map(([, name, value]) => [parse(name!), parse(value!)] as const)
  } catch {
    throw new Refusal('request.body', { why: 'no JSON object of texts' })
  }
}

const parse = (literal: string): string => JSON.parse(literal) as string

function onlyOnce(pairs: Pairs): ReadonlyMap<string, string> {
  const fields = new Map(pairs)
  if (fields.size !== pairs.length) throw malformed('repeated')
  return fields
}

const malformed = (why: string): Refusal => new Refusal('request.malformed', { why })

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function utf8(octets: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets)
  } catch {
    return undefined
  }
}
