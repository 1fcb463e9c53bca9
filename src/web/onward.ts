/** Where the person was on the way to, as a page of ours carries it along. */
import type { Request } from 'express'
import { journalTarget, type Wish } from '../login/target.js'
import type { Journal } from '../words/journal.js'
import type { JournalTarget } from '../words/target.js'
import { formValue, queryValue } from './params.js'
import { journalFields } from './signed-in.js'
import type { Web } from './setup.js'

/** Of the login that leads there; none when only the journal can begin it, since it wants a state of its own back. */
export function journalAddress({ id, requireState }: Journal, onward: JournalTarget): string | undefined {
  const target: JournalTarget = onward.journal === id ? onward : { kind: 'journal', journal: id }
  if (requireState && target.state === undefined) return undefined
  return `/login?${new URLSearchParams(journalFields(target)).toString()}`
}

const limits = { journal: 64, return: 2_048, state: 1_024, school: 64, child: 64 } as const

/** @throws Refusal `journal.*`, `request.malformed`: nothing of it is kept that was not checked */
export function onwardOf(web: Web, request: Request): JournalTarget | undefined {
  const read = request.method === 'POST' ? formValue : queryValue
  const { journal, return: returnTo, state, school, child } = fields(name => read(request, name, limits[name]))
  if (journal === undefined) return undefined
  const wish: Wish = { ...(returnTo !== undefined && { returnTo }), ...present({ state, school, child }) }
  return journalTarget(web.ports, journal, wish)
}

type Name = keyof typeof limits

const fields = (read: (name: Name) => string | undefined): Partial<Record<Name, string>> =>
  present(Object.fromEntries((Object.keys(limits) as Name[]).map(name => [name, read(name)])))

const present = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined))
