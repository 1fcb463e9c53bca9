/** Answers of DiscourseConnect: made for any nonce, and spoilt. */
import { z } from 'zod'
import { Refusal } from '../../base/refusal.js'
import type { DoorTools, Entry, HandOff, SignedAsk } from '../../journals/connector.js'
import { signMessage } from '../../journals/discourse-message.js'
import { openSharedKeys, sharedKeys } from '../../journals/shared-key.js'
import type { JournalSettings } from '../../settings/settings.js'

const settings = z.object({ key: sharedKeys, url: z.string() })

/** What the journal asked with. */
export interface Question {
  readonly nonce: string
  /** Absent where the settings say it. */
  readonly returnTo?: string
}

/** @returns undefined when it is no question, or nobody signed it */
export function questionOf({ searchParams }: URL, asks: SignedAsk): Question | undefined {
  const [sso, sig] = [searchParams.get('sso') ?? '', searchParams.get('sig') ?? '']
  try {
    asks.read({ sso, sig })
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
  const words = wordsOf(sso)
  const returnTo = words.get('return_sso_url')
  return { nonce: words.get('nonce') ?? '', ...(returnTo !== null && { returnTo }) }
}

/** As if the journal had asked this: what the login would carry. */
export function askedWith(
  { nonce, returnTo: at }: Question,
  { connector }: JournalSettings,
  asks: SignedAsk,
  tools: DoorTools,
): Pick<Entry, 'state' | 'returnTo'> {
  const { key } = settings.parse(connector.block)
  const { state, returnTo } = asks.read(
    signMessage(
      [['nonce', nonce], ...(at === undefined ? [] : [['return_sso_url', at] as const])],
      openSharedKeys(key, tools)[0],
    ),
  )
  return { state, returnTo: new URL(returnTo) }
}

export const withoutSignature = (handOff: HandOff): readonly HandOff[] => [
  changed(handOff, query => query.delete('sig')),
  changed(handOff, query => query.set('sig', '')),
]

/** Other words under the signature that the answer had. */
export const reworded = (handOff: HandOff, words: Readonly<Record<string, string>>): HandOff =>
  changed(handOff, query => query.set('sso', rewritten(query.get('sso')!, words)))

/** Signed with the journal's own key, and without the nonce that it asked with. */
export function withoutNonce(handOff: HandOff, { connector }: JournalSettings, tools: DoorTools): HandOff {
  const [key] = openSharedKeys(settings.parse(connector.block).key, tools)
  return changed(handOff, query => {
    const pairs = [...wordsOf(query.get('sso')!)].filter(([name]) => name !== 'nonce')
    const { sso, sig } = signMessage(pairs, key)
    query.set('sso', sso)
    query.set('sig', sig)
  })
}

const wordsOf = (sso: string): URLSearchParams => new URLSearchParams(Buffer.from(sso, 'base64').toString())

function rewritten(sso: string, words: Readonly<Record<string, string>>): string {
  const all = wordsOf(sso)
  for (const [name, value] of Object.entries(words)) all.set(name, value)
  return Buffer.from(all.toString()).toString('base64')
}

function changed(handOff: HandOff, change: (query: URLSearchParams) => void): HandOff {
  const to = new URL(handOff.to)
  change(to.searchParams)
  return { ...handOff, to }
}
