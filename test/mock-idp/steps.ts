/** What a person does at the mock IdP in the tests of this folder. */
import { Browser, type Page } from '../support/browser.js'
import { PASSWORD } from '../support/sign-in.js'
import { decrypt } from './open.js'
import type { Stand } from './stand.js'

export { PASSWORD }

/** The code that the page's own telephone, mailbox or key shows. */
export const shownCode = (page: Page): string => /<strong>(\d{6})</.exec(page.text)![1]!
/** A code that is wrong on this page. */
export const otherCode = (page: Page): string => (shownCode(page) === '000000' ? '111111' : '000000')

export const assertionOf = (stand: Stand, page: Page): string =>
  decrypt(Buffer.from(page.form().fields.SAMLResponse!, 'base64').toString(), stand.sp.decryption[0]!.privateKey)

/** To the page after the password. */
export async function typePassword(
  browser: Browser,
  stand: Stand,
  login: string,
  more: Record<string, string> = {},
): Promise<Page> {
  const page = await browser.get(stand.request({ forced: true }))
  return browser.submit(page, { login, password: PASSWORD, ...more }, 'password')
}

/** To the answer, or whatever stands after the code. */
export async function enterWith(
  browser: Browser,
  stand: Stand,
  login: string,
  more: Record<string, string> = {},
): Promise<Page> {
  const page = await typePassword(browser, stand, login, more)
  return browser.submit(page, { code: shownCode(page) }, 'code')
}

/** Into the personal cabinet. @param code of a second factor, when the page shows none */
export async function enterCabinet(stand: Stand, login: string, password = PASSWORD, browser = new Browser()): Promise<Browser> {
  let page = await browser.get(`${stand.idp.url}/idp/cabinet`)
  page = await browser.submit(page, { login, password }, 'password')
  if (/<strong>\d{6}</.test(page.text)) page = await browser.submit(page, { code: shownCode(page) }, 'code')
  if (!page.url.pathname.startsWith('/idp/cabinet')) throw new Error(`not in the cabinet:\n${page.text}`)
  return browser
} // prettier-ignore

export const cabinetPage = (browser: Browser, stand: Stand, path = ''): Promise<Page> =>
  browser.get(`${stand.idp.url}/idp/cabinet${path}`)
