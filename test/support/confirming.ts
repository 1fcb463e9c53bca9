/** A town that asks for codes, with a mail server and a gateway that keep them. */
import type { Browser, Page } from './browser.js'
import type { MailServer, SmsServer } from './post-office.js'

export const sections = (
  mail: Pick<MailServer, 'port'>,
  sms: SmsServer,
  more: Readonly<Record<string, unknown>> = {},
) => ({
  mail: { from: 'vhod@school.example', smtp: { host: 'localhost', port: mail.port, security: 'none' } },
  sms: { url: sms.url, fields: { to: '{phone}', msg: '{text}' } },
  ...more,
})

const CODE = /\b\d{6}\b/
export const codeIn = (text: string | undefined): string => CODE.exec(text ?? '')![0]

const WORDS = /\/continue\/|\/me\/(?:confirm|code|old-login|relink|create)/
const formOf = (page: Page) => page.forms.find(({ action }) => WORDS.test(action))!.action

/** Presses «Получить код». */
export const askFor = (browser: Browser, page: Page, way = 'email'): Promise<Page> =>
  browser.submit(page, { way }, formOf(page))

export const typeIn = (browser: Browser, page: Page, confirmation: string, remember = false): Promise<Page> =>
  browser.submit(page, { confirmation, ...(remember && { remember: 'yes' }) }, formOf(page))

/** Another code than this one. */
export const notThis = (code: string): string => (code === '111111' ? '222222' : '111111')
