/** Day, month, year with `.`, `/` or `-`; a spreadsheet may have added midnight. */
const RUSSIAN = /^(?<day>\d{1,2})[./-](?<month>\d{1,2})[./-](?<year>\d{4})(?: 0?0:00(?::00)?)?$/
/** xs:date or the start of xs:dateTime. */
const ISO = /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:T[\d:.]+|Z|[+-]\d{2}:\d{2})*$/

/** @returns `2014-05-31`, or undefined when the text is no day of the calendar between 1900 and 2099 */
export function parseDate(text: string): string | undefined {
  const found = (RUSSIAN.exec(text.trim()) ?? ISO.exec(text.trim()))?.groups
  if (!found) return undefined
  const [year, month, day] = [Number(found['year']), Number(found['month']), Number(found['day'])]
  if (year < 1900 || year > 2099) return undefined
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined // 31.02. rolls over into March
  return date.toISOString().slice(0, 10)
}
