/** How long metadata counts: validUntil and cacheDuration of an element and of everything around it (saml-metadata 2.2.1). */
import type { Instant } from '../base/clock.js'
import { parseTime } from './times.js'
import { attribute, type XmlElement } from './tree.js'

/** With an offset, as some federations write it; saml-core 1.3.3 wants UTC. */
const OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?[+-]\d\d:\d\d$/
const DURATION =
  /^P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?$/
const SECONDS = [31_536_000, 2_592_000, 86_400, 3_600, 60, 1] as const

/** @returns undefined when the text is no time */
export const readValidUntil = (text: string): Instant | undefined => {
  const found = parseTime(text) ?? (OFFSET.test(text) ? Date.parse(text) : NaN)
  return Number.isNaN(found) ? undefined : found
}

/** xs:duration in milliseconds: a month has 30 days, a year 365. @returns undefined when the text is none */
export function readDuration(text: string): number | undefined {
  const parts: readonly (string | undefined)[] | undefined = DURATION.exec(text)?.slice(1)
  if (!parts || parts.every(part => part === undefined)) return undefined
  return parts.reduce((sum, part, i) => sum + Number(part ?? 0) * SECONDS[i]!, 0) * 1_000
}

/** The element itself and every group around it. */
export function chainOf(element: XmlElement): XmlElement[] {
  const chain: XmlElement[] = []
  for (let at: XmlElement | undefined = element; at; at = at.parent) chain.push(at)
  return chain
}

/** The earliest of a chain. What cannot be read counts as past: nobody knows how long it is good for. */
export function earliestValidUntil(chain: readonly XmlElement[]): Instant | undefined {
  const times = chain.flatMap(element => {
    const text = attribute(element, 'validUntil')
    return text === undefined ? [] : [readValidUntil(text) ?? 0]
  })
  return times.length === 0 ? undefined : Math.min(...times)
}

/** The shortest of a chain; it only says when to ask again. */
export function shortestCacheDuration(chain: readonly XmlElement[]): number | undefined {
  const durations = chain.flatMap(element => readDuration(attribute(element, 'cacheDuration') ?? '') ?? [])
  return durations.length === 0 ? undefined : Math.min(...durations)
}
