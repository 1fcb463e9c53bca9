/**
 * Templates: `{lastName} {firstName}` in the settings of a journal, filled with what was released about the person. A name
 * in braces is one of the list, everything else stands as it is; a brace itself is written twice.
 */
import { z } from 'zod'
import type { Journal } from '../words/journal.js'
import { personal, releasable, type Releasable } from '../words/released.js'
import type { Entry } from './connector.js'

/** Beside what is released: the pairwise names, and what the journal itself gave us to carry. */
const others = ['subject', 'sid', 'returnTo', 'state'] as const
const names: readonly string[] = [...releasable, ...others]

/** What a kind has to say itself, such as the time: name → value. A value of these stands before one of the entry. */
export type OwnValues = Readonly<Record<string, string | undefined>>

export interface Template {
  readonly names: readonly string[]
  /** @returns undefined when it names something and nothing of that is known; else what is missing is left out */
  fill(entry: Entry, own?: OwnValues): string | undefined
}

const LONGEST = 500
const PIECES = /\{\{|\}\}|\{([A-Za-z]*)\}|[^{}]+|[{}]/g

/**
 * @param own names that the kind fills itself
 * @throws RangeError that says what is wrong and what is allowed
 */
export function readTemplate(text: string, own: readonly string[] = []): Template {
  if (text.length > LONGEST) throw new RangeError(`is longer than ${LONGEST} characters`)
  const allowed = [...names, ...own]
  const pieces = Array.from(text.matchAll(PIECES), ([piece, name]) => readPiece(piece, name, allowed))
  const named = pieces.flatMap(piece => ('name' in piece ? [piece.name] : []))
  return {
    names: named,
    fill(entry, ownValues = {}) {
      const valueOf = (name: string) => (Object.hasOwn(ownValues, name) ? ownValues[name] : entryValue(entry, name))
      if (named.length > 0 && named.every(name => valueOf(name) === undefined)) return undefined
      return pieces.map(piece => ('name' in piece ? (valueOf(piece.name) ?? '') : piece.text)).join('')
    },
  }
}

type Piece = { readonly text: string } | { readonly name: string }

function readPiece(piece: string, name: string | undefined, allowed: readonly string[]): Piece {
  if (name === undefined) {
    if (piece === '{' || piece === '}')
      throw new RangeError(`has a single ${piece}; write it twice, or name a value in braces`)
    return { text: piece === '{{' ? '{' : piece === '}}' ? '}' : piece }
  }
  if (!allowed.includes(name)) throw new RangeError(`names {${name}}; allowed are ${allowed.join(', ')}`)
  return { name }
}

/** Looked up one by one: an object of all that could be named would be made anew for every template. */
function entryValue({ person, sid, returnTo, state }: Entry, name: string): string | undefined {
  switch (name) {
    case 'subject':
      return person.subject
    case 'sid':
      return sid
    case 'returnTo':
      return returnTo?.href
    case 'state':
      return state
    default:
      return person.given[name as Releasable]
  }
}

/** One template of a connector's block. */
export const templateSettingWith = (own: readonly string[]) =>
  z.string().superRefine((text, context) => {
    try {
      readTemplate(text, own)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      context.addIssue({ code: 'custom', message: error.message })
    }
  })
export const templateSetting = templateSettingWith([])

export type Templates = Readonly<Record<string, Template>>

/** @throws RangeError */
export const readTemplates = (texts: Readonly<Record<string, string>>, own: readonly string[] = []): Templates =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, readTemplate(text, own)]))

/** @returns what is known; a template that names only what is missing is left out */
export const fillAll = (templates: Templates, entry: Entry, own: OwnValues = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(templates).flatMap(([name, template]) => {
      const value = template.fill(entry, own)
      return value === undefined ? [] : [[name, value]]
    }),
  )

/**
 * What a template names must be on the journal's release list; and where it ends up in an address, nothing personal may be
 * named. To be called when the door is opened.
 *
 * @param setting under which the templates stand
 * @throws RangeError naming the template and what to do
 */
export function checkTemplates(
  setting: string,
  templates: Templates,
  { release }: Pick<Journal, 'release'>,
  where: 'address' | 'body',
): void {
  for (const [name, template] of Object.entries(templates)) {
    const complain = (used: string, what: string): never => {
      throw new RangeError(`${setting}.${name}: {${used}} ${what}`)
    }
    for (const used of template.names.filter(isReleasable)) {
      if (!release.includes(used))
        complain(used, 'is not on the list `release` of this journal; add it there, or leave it out here')
      if (where === 'address' && personal.has(used))
        complain(used, 'would stand in an address, which servers and browsers keep; send it by POST')
    }
  }
}

const isReleasable = (name: string): name is Releasable => (releasable as readonly string[]).includes(name)
