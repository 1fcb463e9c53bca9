import type { SchoolCode, School } from '../words/school.js'
import { aliasKinds } from '../words/school.js'
import type { Journal } from '../words/journal.js'
import { connectorBlock, connectorSchema } from './connectors.js'
import type { NewAccountsBlock } from '../journals/new-account.js'
import type { OldLoginBlock } from '../journals/old-login.js'
import type { Written } from './schema.js'

export interface JournalSettings {
  readonly journal: Journal
  /** `block` is what the schema of this kind made of it: what `kinds.get(kind)!.open` takes. */
  readonly connector: { readonly kind: string; readonly block: unknown }
  readonly oldLogin?: OldLoginBlock
  readonly createAccounts?: NewAccountsBlock
}

/** bridge.yaml, read and judged. Durations are milliseconds. */
export interface Settings extends Omit<Written, 'schools' | 'journals'> {
  readonly schools: readonly School[]
  readonly journals: readonly JournalSettings[]
}

export type IdpSettings = Settings['identityProviders'][number]

/** Says the same in the words that the rooms speak. */
export const settingsFrom = (written: Written): Settings => ({
  ...written,
  schools: written.schools.map(schoolFrom),
  journals: written.journals.map(journalFrom),
})

function schoolFrom(school: Written['schools'][number]): School {
  const { code, title, level, levels, staff, changedSnils, confirm, support } = school
  const aliases = aliasKinds.flatMap(kind => {
    const numbers = school[kind]
    return numbers === undefined ? [] : [[kind, [numbers].flat()] as const]
  })
  return {
    ...{ code: code satisfies SchoolCode, title, level, staff, changedSnils, support },
    ...(levels && { levels }),
    ...(confirm && { confirm }),
    aliases: Object.fromEntries(aliases),
  }
}

function journalFrom(written: Written['journals'][number]): JournalSettings {
  const { connector, id, title, schools, roles, returnTo, release, roleNames, identityProvider } = written
  const { oldLogin, createAccounts, administrators } = written
  const { kind, requireState } = connector
  return {
    journal: {
      id,
      title,
      schools,
      roles,
      returnTo,
      requireState,
      release,
      administrators,
      ...(roleNames && { roleNames }),
      ...(identityProvider !== undefined && { identityProviders: [identityProvider].flat() }),
    },
    connector: { kind, block: connectorSchema(kind)!.parse(connectorBlock(connector)) },
    ...(oldLogin && { oldLogin }),
    ...(createAccounts && { createAccounts }),
  }
}
