/**
 * What no single setting can know. Looks at the file as written, through glasses that overlook whatever is wrong otherwise,
 * so that these problems are told together with the others.
 */
import * as z from 'zod'
import { anomalyContradictions } from './anomalies.js'
import { consentContradictions } from './consent-texts.js'
import { connectorBlock, connectorKinds, connectorSchema } from './connectors.js'
import { explain, type Finding } from './explain.js'
import { keyContradictions } from './key-states.js'
import { messageContradictions } from './messages.js'
import { nearMiss } from './near-miss.js'
import { isLocalHttp } from './values.js'

const text = z.string().optional().catch(undefined)
const listOf = <S extends z.ZodType>(element: S) => z.array(element).catch([])
const keys = listOf(z.object({ id: text }).catch({ id: undefined }))
const connector = z.record(z.string(), z.unknown()).catch({})
const noJournal = { id: undefined, schools: [], connector: {} }

const glasses = z.object({
  publicUrl: text,
  demo: z.unknown().optional(),
  storage: z.object({ database: text, shortLived: text }).catch({ database: undefined, shortLived: undefined }),
  secrets: z.object({ lookup: keys, data: keys, tokens: keys }).catch({ lookup: [], data: [], tokens: [] }),
  identityProviders: listOf(
    z
      .object({
        metadata: text,
        entityId: z
          .union([z.string(), z.array(z.string())])
          .optional()
          .catch(undefined),
        profile: text,
        requestSignature: text,
      })
      .catch({ metadata: undefined, entityId: undefined, profile: undefined, requestSignature: undefined }),
  ),
  schools: listOf(z.object({ code: text }).catch({ code: undefined })),
  rosterImports: listOf(
    z
      .object({ journal: text, school: text, folder: text })
      .catch({ journal: undefined, school: undefined, folder: undefined }),
  ),
  journals: listOf(z.object({ id: text, schools: listOf(text), connector }).catch(noJournal)),
})
type Seen = z.output<typeof glasses>

export function crossChecks(raw: unknown): readonly Finding[] {
  const seen = glasses.safeParse(raw)
  if (!seen.success) return []
  return [
    ...plainHttp(seen.data),
    ...database(seen.data),
    ...twice('schools', 'code', seen.data.schools),
    ...twice('journals', 'id', seen.data.journals),
    ...(['lookup', 'data', 'tokens'] as const).flatMap(kind => twice(['secrets', kind], 'id', seen.data.secrets[kind])),
    ...keyContradictions(raw),
    ...consentContradictions(raw),
    ...messageContradictions(raw),
    ...anomalyContradictions(raw),
    ...envelopedWithoutLegacy(seen.data),
    ...sameIdp(seen.data),
    ...metadataSources(seen.data),
    ...unknownSchools(seen.data),
    ...strayImports(seen.data),
    ...seen.data.journals.flatMap((journal, i) => wrongConnector(journal.connector, i)),
  ]
}

function plainHttp({ publicUrl, demo }: Seen): readonly Finding[] {
  if (publicUrl === undefined || !isLocalHttp(publicUrl) || demo === true) return []
  const message = 'must be https: http is for a demonstration on one machine, with `demo: true`'
  return [{ path: ['publicUrl'], message, example: 'publicUrl: https://vhod.school.example' }]
}

/** Settings are copied, mailed and committed. */
function database({ storage }: Seen): readonly Finding[] {
  const { database, shortLived } = storage
  if (database !== undefined && /^postgres(ql)?:\/\/[^/?#]*:[^/?#]*@/i.test(database)) {
    const message = 'holds a password; put it into a file or a variable, and name that in storage.postgres.password'
    return [{ path: ['storage', 'database'], message, example: 'database: postgres://bridge@db.example/bridge' }]
  }
  if (shortLived !== undefined && /^rediss?:\/\/[^/?#]*:[^/?#]*@/i.test(shortLived)) {
    const message = 'holds a password; put it into a file or a variable, and name that in storage.redis.password'
    return [{ path: ['storage', 'shortLived'], message, example: 'shortLived: rediss://bridge@redis.example' }]
  }
  return []
}

function twice<Key extends string>(
  where: string | readonly string[],
  key: Key,
  items: readonly { readonly [K in Key]?: string | undefined }[],
): readonly Finding[] {
  const taken = new Map<string, number>()
  return items.flatMap((item, i): Finding[] => {
    const name = item[key]
    if (name === undefined) return []
    const first = taken.get(name)
    if (first === undefined) {
      taken.set(name, i)
      return []
    }
    const path = [where].flat()
    return [{ path: [...path, i, key], message: `is taken by ${path.join('.')}[${first}]; each needs one of its own` }]
  })
}

function sameIdp({ identityProviders }: Seen): readonly Finding[] {
  const names = identityProviders.map(
    ({ metadata, entityId }) => metadata && `${metadata} ${[entityId ?? ''].flat().join(' ')}`,
  )
  return names.flatMap((name, i): Finding[] => {
    const first = names.indexOf(name)
    if (name === undefined || first === i) return []
    const message = `is the IdP of identityProviders[${first}] again; remove one of the two`
    return [{ path: ['identityProviders', i, 'metadata'], message }]
  })
}

/** The signature inside is rsa-sha1 and leaves RelayState open: only an IdP of the old days gets it. */
const envelopedWithoutLegacy = ({ identityProviders }: Seen): readonly Finding[] =>
  identityProviders.flatMap(({ profile, requestSignature }, i) =>
    requestSignature === 'enveloped' && profile !== 'legacy-esia'
      ? [
          {
            path: ['identityProviders', i, 'requestSignature'],
            message: 'enveloped is for profile legacy-esia only; write `query`, or leave it out',
          },
        ]
      : [],
  )

function metadataSources({ identityProviders, demo }: Seen): readonly Finding[] {
  return identityProviders.flatMap(({ metadata }, i): Finding[] => {
    if (demo === true || !metadata?.toLowerCase().startsWith('http:')) return []
    const message = 'must be https: over http anybody on the way decides whom we trust (http with `demo: true` only)'
    return [{ path: ['identityProviders', i, 'metadata'], message }]
  })
}

function unknownSchools({ schools, journals }: Seen): readonly Finding[] {
  const known = new Set(schools.flatMap(({ code }) => code ?? []))
  return journals.flatMap((journal, i) => {
    const before = new Set<string>()
    return journal.schools.flatMap((code, place): Finding[] => {
      const path = ['journals', i, 'schools', place]
      if (code === undefined || known.has(code)) {
        const again = code !== undefined && before.has(code)
        if (code !== undefined) before.add(code)
        return again ? [{ path, message: 'stands twice in this list' }] : []
      }
      const codes = [...known]
      const meant = nearMiss(code, codes)
      return [{ path, message: `no school has this code. ${whichCodes(codes, meant)}` }]
    })
  })
}

/** So many are read through; a list of thousands helps nobody. */
const CODES_TOLD = 30

function whichCodes(codes: readonly string[], meant: string | undefined): string {
  if (meant !== undefined) return `Did you mean ${meant}?`
  const more = codes.length > CODES_TOLD ? ` and ${codes.length - CODES_TOLD} more` : ''
  return `Known codes: ${codes.slice(0, CODES_TOLD).join(', ') || 'none'}${more}`
}

/** One list, one folder, one place: two folders for one place would undo each other's lists in turns. */
function strayImports({ rosterImports, journals }: Seen): readonly Finding[] {
  return rosterImports.flatMap(({ journal, school, folder }, i): Finding[] => {
    const at = (key: string, message: string) => [{ path: ['rosterImports', i, key], message }]
    if (journal === undefined || school === undefined) return []
    const found = journals.find(each => each.id === journal)
    if (!found)
      return at('journal', `no journal has this id. Known: ${journals.flatMap(each => each.id ?? []).join(', ')}`)
    if (!found.schools.includes(school)) return at('school', `the journal ${journal} is not used by this school`)
    const first = rosterImports.findIndex(
      each => (each.journal === journal && each.school === school) || (folder !== undefined && each.folder === folder),
    )
    return first === i
      ? []
      : at('folder', `rosterImports[${first}] has the same folder, or the same journal and school`)
  })
}

function wrongConnector(connector: Readonly<Record<string, unknown>>, journal: number): readonly Finding[] {
  const { kind } = connector
  const path = ['journals', journal, 'connector']
  if (typeof kind !== 'string') return []
  const schema = connectorSchema(kind)
  if (!schema) {
    const meant = nearMiss(kind, connectorKinds)
    const question = meant === undefined ? '' : `. Did you mean ${meant}?`
    return [{ path: [...path, 'kind'], message: `must be one of: ${connectorKinds.join(', ')}${question}` }]
  }
  const block = connectorBlock(connector)
  const judged = schema.safeParse(block)
  if (judged.success) return []
  return explain(judged.error.issues, { schema, raw: block, under: path, alsoKnown: ['kind', 'requireState'] })
}
