/** Finds SAML messages in whatever an integrator has saved: XML, base64, an address, a form, a page, a HAR file. */
import { inflateRawSync } from 'node:zlib'
import * as z from 'zod'
import { UnusableInput } from './desk.js'

export type Field = 'SAMLRequest' | 'SAMLResponse'

export interface FoundMessage {
  /** Where it stood, e.g. `POST https://vhod.school.example/saml/acs`. */
  readonly source: string
  readonly encoding: 'XML' | 'base64' | 'base64 and DEFLATE'
  /** XML, as long as somebody told the truth. */
  readonly octets: Buffer
  readonly field?: Field
  readonly relayState?: string
  /** SigAlg of a signature over the query (saml-bindings 3.4.4.1). */
  readonly querySignature?: string
}

/** Octets of an inflated message: a bomb ends here. */
const MAX_INFLATED = 4 * 1024 * 1024

/** @throws UnusableInput when there is none, or it cannot be decoded */
export function findMessages(input: Buffer): FoundMessage[] {
  const text = textOf(input)
  const found = read(text.trim())
  if (found.length === 0)
    throw new UnusableInput(
      'There is no SAML message in it: neither XML nor base64, and no parameter SAMLRequest or SAMLResponse.',
    )
  return found
}

/** Windows writes UTF-16 into files that were made with `>` in PowerShell. */
export const isUtf16 = (input: Buffer): boolean => input[0] === 0xff && input[1] === 0xfe

export function textOf(input: Buffer): string {
  if (isUtf16(input)) return new TextDecoder('utf-16le').decode(input)
  return input.toString('utf8').replace(/^\uFEFF/, '')
}

function read(text: string): FoundMessage[] {
  if (/^<(?:!doctype\s+html|html)\b/i.test(text)) return fromPage(text, 'a page with a form')
  if (text.startsWith('<')) return [{ source: 'the input', encoding: 'XML', octets: Buffer.from(text) }]
  if (text.startsWith('{')) return fromHar(text)
  if (/(?:^|[?&])SAML(?:Request|Response)=/.test(text)) return fromQuery(text, sourceOf(text))
  return /^https?:/i.test(text) ? [] : [{ source: 'the input', ...decodeValue(text) }]
}

/** The address without what follows the question mark. */
const sourceOf = (text: string): string => (/^https?:/i.test(text) ? text.split('?')[0]! : 'the input')

/** A redirect's address, or the body of a posted form. */
function fromQuery(text: string, source: string): FoundMessage[] {
  const pairs = new URLSearchParams(text.slice(text.indexOf('?') + 1).split('#')[0])
  return fromFields(name => pairs.get(name) ?? undefined, source)
}

function fromFields(valueOf: (name: string) => string | undefined, source: string): FoundMessage[] {
  return (['SAMLRequest', 'SAMLResponse'] as const).flatMap(field => {
    const value = valueOf(field)
    if (value === undefined) return []
    const [relayState, sigAlg] = [valueOf('RelayState'), valueOf('SigAlg')]
    return {
      source,
      field,
      ...decodeValue(value.replaceAll(' ', '+')), // a plus that nobody had escaped
      ...(relayState !== undefined && { relayState }),
      ...(sigAlg !== undefined && valueOf('Signature') !== undefined && { querySignature: sigAlg }),
    }
  })
}

function decodeValue(value: string): Pick<FoundMessage, 'encoding' | 'octets'> {
  const base64 = unescapePercent(value).replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/]{4,}={0,2}$/.test(base64))
    throw new UnusableInput('It is no SAML message: neither XML nor base64 nor an address that carries one.')
  const octets = Buffer.from(base64, 'base64')
  if (/^(?:\xEF\xBB\xBF)?\s*</.test(octets.subarray(0, 64).toString('latin1'))) return { encoding: 'base64', octets }
  return { encoding: 'base64 and DEFLATE', octets: inflate(octets) }
}

function unescapePercent(value: string): string {
  try {
    return value.includes('%') ? decodeURIComponent(value) : value
  } catch {
    return value
  }
}

function inflate(octets: Buffer): Buffer {
  try {
    return inflateRawSync(octets, { maxOutputLength: MAX_INFLATED })
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw new UnusableInput(
      tooLarge
        ? 'The message inflates to more than 4 MiB. No honest one does; this is a decompression bomb.'
        : 'It is base64, but what it holds is neither XML nor DEFLATE.',
    )
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const unescapeHtml = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi, (whole, hex?: string, dec?: string, name = '') => {
    if (hex === undefined && dec === undefined) return ENTITIES[String(name).toLowerCase()] ?? whole
    const sign = hex === undefined ? Number(dec) : parseInt(hex, 16)
    return sign <= 0x10ffff ? String.fromCodePoint(sign) : whole
  })

/** The page whose form posts itself. */
function fromPage(text: string, source: string): FoundMessage[] {
  const fields = new Map<string, string>()
  for (const [tag] of text.matchAll(/<input\b[^<>]*>/gi)) {
    const [name, value] = ['name', 'value'].map(key =>
      new RegExp(`\\s${key}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(tag),
    )
    if (name && value) fields.set(unescapeHtml(name[1] ?? name[2]!), unescapeHtml(value[1] ?? value[2]!))
  }
  return fromFields(name => fields.get(name), source)
}

/** HTTP Archive 1.2: what the network tab of a browser saves. */
const har = z.object({
  log: z.object({
    entries: z.array(
      z.object({
        request: z.object({
          method: z.string(),
          url: z.string(),
          postData: z
            .object({
              text: z.string().optional(),
              params: z.array(z.object({ name: z.string(), value: z.string().optional() })).optional(),
            })
            .optional(),
        }),
        response: z.object({ content: z.object({ text: z.string().optional() }).optional() }).optional(),
      }),
    ),
  }),
})

type HarEntry = z.output<typeof har>['log']['entries'][number]

function fromHar(text: string): FoundMessage[] {
  const parsed = har.safeParse(parseJson(text))
  if (!parsed.success)
    throw new UnusableInput('It is JSON, but no HAR file. In the network tab of the browser choose "Save all as HAR".')
  const seen = new Set<string>()
  return parsed.data.log.entries.flatMap(fromEntry).filter(({ octets }) => {
    const content = octets.toString('latin1')
    const isNew = !seen.has(content)
    seen.add(content)
    return isNew
  })
}

function fromEntry({ request, response }: HarEntry): FoundMessage[] {
  const source = `${request.method} ${request.url.split('?')[0]!}`
  const { text = '', params } = request.postData ?? {}
  const posted = params?.find(({ name }) => name.startsWith('SAML'))
    ? fromFields(name => decodedParam(params.find(param => param.name === name)?.value), source)
    : carries(text)
      ? fromQuery(text, source)
      : []
  const page = response?.content?.text ?? ''
  return [
    ...(carries(request.url) ? fromQuery(request.url, source) : []),
    ...posted,
    ...(posted.length === 0 && /name="SAML/.test(page) ? fromPage(page, `the page at ${source}`) : []),
  ]
}

const carries = (text: string): boolean => /(?:^|[?&])SAML(?:Request|Response)=/.test(text)

/** Some browsers save what was sent, others what it means. */
const decodedParam = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : unescapePercent(value)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
