/**
 * Trusted headers: the journal stands behind a proxy of its own (nginx, Caddy, Traefik), which asks us about every request
 * and passes on who it is in headers. The journal itself reads a header and keeps no session.
 *
 * The browser arrives at `/.bridge/enter` of the journal's own host with a one-time handle, and gets a cookie of that host
 * there. What is decided on the way stands in src/login/visit.ts.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { randomId } from '../base/chance.js'
import { wrongAddress, withQuery } from './address.js'
import { byLoginAlone } from './by-login-alone.js'
import type { Connector, Deposit, Door, DoorTools, Entry, Gate } from './connector.js'
import { headerEncodings, headerValue, type HeaderEncoding } from './header-value.js'
import { returnPattern } from './return-address.js'
import { checkTemplates, readTemplates, templateSetting, type Templates } from './template.js'
import { wholeBlock } from './whole-block.js'

/** Milliseconds in which the browser must arrive with its handle. */
export const HANDLE_LIVES = 60_000

/** Headers that say something to proxies or browsers, whoever writes them. */
const MEANT_OTHERWISE =
  /^x-(?:forwarded-|accel-|original-|real-ip$|frame-options$|content-type-options$|dns-prefetch-control$|download-options$|permitted-|xss-protection$|robots-tag$|powered-by$|http-method|method-override$)/i

const headerName = z
  .string()
  .regex(
    /^(?:X|Remote)(?:-[A-Za-z0-9]{1,32}){1,4}$/,
    'X- or Remote-, then words of letters and digits between hyphens, such as X-Remote-User',
  )
  .refine(name => !MEANT_OTHERWISE.test(name), 'means something else to proxies or browsers; take X-Remote-…')

const encoding = z.enum(headerEncodings)

const header = z.union([templateSetting, z.strictObject({ value: templateSetting, encoding: encoding.optional() })])

const fields = z.strictObject({
  site: z.string().meta({
    description: "Origin of the journal's site, as browsers see it: scheme and host, without a path.",
    example: 'https://dnevnik.school.example',
  }),
  path: z
    .string()
    .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/, 'a path such as /.bridge, without a slash at its end')
    .default('/.bridge')
    .meta({ description: 'Path of that site which its proxy maps to our `/auth/JOURNAL`.', example: '/.bridge' }),
  home: z.string().default('/').meta({
    description: 'Path of the page where a login ends that asked for no page.',
    example: '/',
  }),
  headers: z
    .record(headerName, header)
    .refine(record => Object.keys(record).length > 0, 'at least one header')
    .refine(record => distinct(Object.keys(record)), 'names the same header twice, only spelt otherwise')
    .optional()
    .meta({
      description:
        'Headers by template, in place of X-Remote-User, -Role, -School and -Child: `NAME: "{login}"`, or `NAME: { value: "{lastName}", encoding: base64 }`. What stands in braces must be on the list `release`.',
      example: { 'X-Remote-User': '{login}', 'X-Remote-Role': '{role}' },
    }),
  encoding: encoding.default('rfc8187').meta({
    description:
      "How values are written that a header cannot hold as they stand. `rfc8187`: `UTF-8''%D0%81…`, plain ASCII as it is; `percent` and `base64`: every value.",
    example: 'rfc8187',
  }),
})
type Block = z.output<typeof fields>

const distinct = (names: readonly string[]): boolean =>
  new Set(names.map(name => name.toLowerCase())).size === names.length

/** What this kind sends unless the settings name the headers themselves, and only what the journal may get of it. */
const usual = {
  'X-Remote-User': '{login}',
  'X-Remote-Role': '{role}',
  'X-Remote-School': '{school}',
  'X-Remote-Child': '{child}',
} as const

export const trustedHeaders: Connector<Block> = {
  kind: 'trusted-headers',

  schema: wholeBlock(fields, (value, wrong) => {
    const site = wrongSite(value.site)
    wrong('site', site)
    if (site === undefined) wrong('home', wrongHome(value))
  }),

  open(block, tools) {
    const { site, path } = block
    const foreign = tools.journal.returnTo.find(line => returnPattern(line).origin !== site)
    if (foreign !== undefined)
      throw new RangeError(
        `site: ${foreign} of returnTo lies elsewhere; behind the proxy of ${site} nobody can end there`,
      )
    const write = headerWriter(block, tools)
    return {
      origins: [site],
      endsWithUs: true,
      ...write.alone,
      gate: gateOf(block, write),
      handOff(entry) {
        const handle = randomId(tools.chance)
        const expiresAt = tools.clock.now() + HANDLE_LIVES
        return {
          handOff: { how: 'redirect', to: withQuery(`${site}${path}/enter`, [['handle', handle]]) },
          deposit: { handle, expiresAt, content: { ...write.content(entry), ...wish(entry) } },
        }
      },
    }
  },
}

/** What the browser asked for at the journal's own site, and what proves that it was this browser. */
const wish = ({ returnTo, state }: Entry): Deposit['content'] => ({
  ...(returnTo && { to: returnTo.href }),
  ...(state !== undefined && { state }),
})

const gateOf = ({ site, path, home }: Block, { read }: Writer): Gate => ({
  origin: site,
  path,
  home: new URL(site + home),
  headers: read,
})

interface Writer {
  readonly alone: Pick<Door, 'knowsByLoginAlone'>
  content(entry: Entry): Deposit['content']
  read: Gate['headers']
}

/** @throws RangeError naming the header that the journal may not get */
function headerWriter(block: Block, { journal }: DoorTools): Writer {
  const wanted = Object.entries(block.headers ?? usual).map(([name, given]) => ({
    name,
    text: typeof given === 'string' ? given : given.value,
    encoding: (typeof given === 'string' ? undefined : given.encoding) ?? block.encoding,
  }))
  const templates = readTemplates(Object.fromEntries(wanted.map(({ name, text }) => [name, text])))
  checkNames(templates)
  if (block.headers) checkTemplates('headers', templates, journal, 'body')
  const made = markOf([journal.id, block.site, wanted])
  return {
    alone: byLoginAlone(Object.values(templates), journal),
    content: entry => ({ made, headers: fill(wanted, templates, entry) }),
    read: content => (content['made'] === made ? (content['headers'] as Readonly<Record<string, string>>) : undefined),
  }
}

type Wanted = readonly { readonly name: string; readonly encoding: HeaderEncoding }[]

const fill = (wanted: Wanted, templates: Templates, entry: Entry): Readonly<Record<string, string>> =>
  Object.fromEntries(
    wanted.map(({ name, encoding }) => [name, headerValue(templates[name]!.fill(entry) ?? '', encoding)]),
  )

/** So that whoever is inside when the settings change gets the headers of today, and not of then. */
const markOf = (settings: unknown): string =>
  createHash('sha256').update(JSON.stringify(settings)).digest('base64url').slice(0, 22)

/** Of one entry, and a visit has many requests. */
function checkNames(templates: Templates): void {
  for (const [header, { names }] of Object.entries(templates))
    for (const name of names)
      if (name === 'state' || name === 'returnTo')
        throw new RangeError(`headers.${header}: {${name}} says something about one entry, and not who comes`)
}

function wrongSite(text: string): string | undefined {
  const wrong = wrongAddress(text)
  if (wrong !== undefined) return wrong
  const { origin } = new URL(text)
  return origin === text ? undefined : `must be an origin without a path, written as ${origin}`
}

function wrongHome({ site, home }: Block): string | undefined {
  if (!home.startsWith('/') || home.endsWith('*')) return 'must be the path of one page, beginning with a slash'
  try {
    returnPattern(site + home)
    return undefined
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return `must be a plain path: ${error.message}`
  }
}
