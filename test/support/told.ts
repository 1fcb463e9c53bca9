/** What a page that says no was told about: the last event under its request number. */
import type { AuditEvent } from '../../src/audit/audit.js'
import type { RequestNumber } from '../../src/base/request-number.js'
import type { Page } from './browser.js'
import type { TestTown } from './town.js'

/** By itself: the token of a form may hold such signs by chance. */
export const NUMBER = /(?<![\w-])[2456789DFGJLNQRSUVWZ]{4}-[2456789DFGJLNQRSUVWZ]{4}(?![\w-])/

/** @throws Error when the page shows no request number */
export function numberOn({ text, url, status }: Page): RequestNumber {
  const found = NUMBER.exec(text)?.[0]
  if (found === undefined) throw new Error(`no request number at ${url.href} (${status})\n${text}`)
  return found as RequestNumber
}

export async function lastEvent(town: TestTown, page: Page): Promise<AuditEvent> {
  const events = await town.bridge.store.audit.byNumber(numberOn(page))
  return events.at(-1)!
}
