/** Who an assertion speaks of: masked, since what a command prints ends in tickets and chats. */
import type { AssertionContent, Attribute } from '../saml/assertion.js'
import { esiaAttribute } from '../words/saml-names.js'
import { maskSnils, parseSnils } from '../words/snils.js'
import { columns, oneLine, shownTime } from './printable.js'

export interface ShownAttribute {
  readonly name: string
  /** Our word for it; absent when we know none. */
  readonly word?: string
  readonly values: readonly string[]
}

type Word = keyof typeof esiaAttribute

const words: ReadonlyMap<string, Word> = new Map(
  Object.entries(esiaAttribute).map(([word, name]) => [name, word as Word]),
)

const HIDDEN = '(hidden)'

const snilsOrNot = (value: string): string => {
  const snils = parseSnils(value)
  return snils === undefined ? '(hidden; not a СНИЛС: its form or check number is wrong)' : maskSnils(snils)
}

const asIs = (value: string): string => value
/** By code points, not by halves of them. */
const initial = (value: string): string => value.trim().replace(/^(.).*$/su, '$1.')

/** What says nothing about the person is shown, everything else is hidden, also what we do not know. */
const masks: Readonly<Partial<Record<Word, (value: string) => string>>> = {
  lastName: initial,
  firstName: initial,
  middleName: initial,
  snils: snilsOrNot,
  assuranceLevel: asIs,
  trusted: asIs,
  authnMethod: asIs,
  globalRole: asIs,
  orgOgrn: asIs,
  orgInn: asIs,
  orgOid: asIs,
  orgName: asIs,
}

export const shownAttributes = (attributes: readonly Attribute[], whole: boolean): ShownAttribute[] =>
  attributes.map(({ name, values }) => {
    const word = words.get(name)
    const mask = whole ? asIs : ((word && masks[word]) ?? (() => HIDDEN))
    return { name, ...(word !== undefined && { word }), values: values.map(mask) }
  })

/** The same for programs; identifiers of the person only when they were asked for. */
export const contentAsJson = (content: AssertionContent, whole: boolean): object => ({
  idp: content.idp,
  id: content.id,
  issuedAt: new Date(content.issuedAt).toISOString(),
  authnInstant: new Date(content.authnInstant).toISOString(),
  authnContext: content.authnContext,
  sessionIndex: content.sessionIndex,
  ...(content.sessionEndsAt !== undefined && { sessionEndsAt: new Date(content.sessionEndsAt).toISOString() }),
  ...(content.nameId && { nameId: whole ? content.nameId : { ...content.nameId, value: HIDDEN } }),
  attributes: shownAttributes(content.attributes, whole),
})

export function shownContent(content: AssertionContent, whole: boolean): string[] {
  const { nameId, sessionEndsAt, authnContext } = content
  return columns([
    ['issued by', oneLine(content.idp)],
    ['signed in', shownTime(content.authnInstant)],
    ...(authnContext === undefined ? [] : [['signed in by', oneLine(authnContext)]]),
    ...(sessionEndsAt === undefined ? [] : [['session ends', shownTime(sessionEndsAt)]]),
    ...(nameId === undefined
      ? []
      : [['NameID', `${whole ? oneLine(nameId.value) : HIDDEN} ${oneLine(nameId.format ?? '')}`]]),
    ...shownAttributes(content.attributes, whole).map(({ name, word, values }) => [
      oneLine(word ?? name),
      values.length === 0 ? '(no value)' : values.map(oneLine).join(', '),
    ]),
  ])
}
