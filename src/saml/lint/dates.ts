import { attribute } from '../tree.js'
import type { Looked } from './lint.js'

const DAY = 86_400_000

export function remarkDates({ within, at, remark, entity }: Looked): void {
  const all = within.flatMap(element => {
    const text = attribute(element, 'validUntil')
    return text === undefined ? [] : [{ element, until: Date.parse(text) }]
  })
  if (all.length === 0)
    remark('no-valid-until', entity, 'the file does not say until when it holds (validUntil)', 'ask the IdP for it; without it nobody notices that a copy is old') // prettier-ignore
  const [first] = all.sort((one, other) => one.until - other.until)
  if (first && first.until > at && first.until < at + 7 * DAY)
    remark('metadata-ends-soon', first.element, `validUntil is near (${new Date(first.until).toISOString().slice(0, 10)})`, 'fetch the next file from the IdP before that day, or let the bridge fetch it from an address') // prettier-ignore
  if (first && first.until > at + 730 * DAY)
    remark('valid-too-long', first.element, 'validUntil is more than two years ahead', 'nothing at once; compare the file with the IdP once a year') // prettier-ignore
  for (const element of within) {
    const text = attribute(element, 'cacheDuration')
    if (text !== undefined && !DURATION.test(text))
      remark('bad-cache-duration', element, 'cacheDuration is no duration', 'have the IdP correct it; something like PT6H is meant') // prettier-ignore
  }
}

/** xs:duration (XML Schema part 2, 3.2.6), at least one part of it. */
const DURATION = /^P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/
