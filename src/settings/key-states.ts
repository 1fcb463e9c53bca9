/**
 * The states of our SAML keys. All are published and all are tried; the state says which one signs, which one waits for the
 * IdP to know it, and which one goes. Nothing changes by itself at a date but one thing: a retired key leaves our metadata.
 */
import type { Instant } from '../base/clock.js'
import type { SpKey } from '../saml/trust.js'
import type { Finding } from './explain.js'
import { valueAt } from './explain.js'

/** `published`: says nothing of itself, and is neither waiting nor going. */
export type KeyState = 'next' | 'current' | 'retired' | 'published'
export type KeyUse = 'signing' | 'decryption'
export const keyUses: readonly KeyUse[] = ['signing', 'decryption']

/** One of our keys with what the settings say of it. */
export interface OwnKey extends SpKey {
  readonly state: KeyState
  /** Place in the list of the settings. */
  readonly index: number
  readonly from?: Instant
  readonly until?: Instant
  /** When its certificate expires; shown, and judged by strict IdPs only. */
  readonly certificateEnds: Instant
}

interface Stated {
  readonly state?: unknown
}

/** Exactly one is current: the one that says so, else the first that says nothing. @returns -1 when there is none */
export function currentOf(list: readonly Stated[]): number {
  const said = list.findIndex(({ state }) => state === 'current')
  return said < 0 ? list.findIndex(({ state }) => state === undefined) : said
}

export function stateOf(list: readonly Stated[], index: number): KeyState {
  const state = list[index]?.state
  if (index === currentOf(list)) return 'current'
  return state === 'next' || state === 'retired' ? state : 'published'
}

/** 00:00 UTC of the day. */
export const dayOf = (text: string): Instant => Date.parse(`${text}T00:00Z`)

/** What the states of a list say against each other. Looks at the file as written. */
export const keyContradictions = (raw: unknown): readonly Finding[] =>
  keyUses.flatMap(use => {
    const list = valueAt(raw, ['serviceProvider', use])
    const entries = (Array.isArray(list) ? list : []).map(entry => ({
      state: valueAt(entry, ['state']),
      from: valueAt(entry, ['from']),
      until: valueAt(entry, ['until']),
    }))
    return contradictions(['serviceProvider', use], entries)
  })

interface Entry extends Stated {
  readonly from: unknown
  readonly until: unknown
}

function contradictions(path: readonly string[], list: readonly Entry[]): readonly Finding[] {
  if (list.length > 0 && currentOf(list) < 0)
    return [{ path, message: 'has no current key; write `state: current` at the one that the IdP knows already' }]
  const first = list.findIndex(({ state }) => state === 'current')
  return list.flatMap(({ state, from, until }, i): Finding[] => {
    const at = (key: string) => [...path, i, key]
    if (state === 'current' && i !== first)
      return [
        {
          path: at('state'),
          message: `is current, and so is ${path.join('.')}[${first}]; one key is: write \`next\` or \`retired\` at the other`,
        },
      ]
    if (typeof from === 'string' && typeof until === 'string' && from >= until)
      return [{ path: at('until'), message: 'lies before `from`; a key begins before it ends' }]
    if (state === 'retired' && from !== undefined)
      return [{ path: at('from'), message: 'means nothing for a retired key; remove it' }]
    if (state === 'next' && until !== undefined)
      return [{ path: at('until'), message: 'means nothing before the key is current; remove it' }]
    return []
  })
}

const DAY = 86_400_000

/** What the calendar asks for: steps of a change of keys whose day has come. */
export function keyReminders(keys: Readonly<Record<KeyUse, readonly OwnKey[]>>, now: Instant): readonly Finding[] {
  return keyUses.flatMap(use =>
    keys[use].flatMap(({ state, index, from, until, certificateEnds }): Finding[] => {
      const path = ['serviceProvider', use, index]
      if (state === 'next' && from !== undefined && from <= now)
        return [
          {
            path: [...path, 'from'],
            message: 'this day has come; when the IdP has the new certificate: rotate-certs --switch',
          },
        ]
      if (state === 'current' && until !== undefined && until <= now)
        return [{ path: [...path, 'until'], message: 'this day has come; change the key: rotate-certs --plan' }]
      if (state === 'retired' && until !== undefined && until + 30 * DAY <= now)
        return [{ path: [...path, 'until'], message: 'is long past; remove the key: rotate-certs --drop' }]
      if (state === 'current' && certificateEnds <= now)
        return [{ path: [...path, 'cert'], message: 'has expired; strict IdPs refuse it: rotate-certs --plan' }]
      return []
    }),
  )
}
