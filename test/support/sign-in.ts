/** What a person does at the mock IdP, and what the page's script does for them. */
import type { Browser, Page } from './browser.js'

export const PASSWORD = 'uchebny-stend'

export interface SignInOptions {
  /** Name of a fault by which the IdP spoils its answer. */
  readonly fault?: string
  /** `person`, or the ОГРН of an organisation. */
  readonly capacity?: string
}

/** @returns the IdP's last page, whose form holds the answer */
export async function signInAtIdp(
  browser: Browser,
  page: Page,
  login: string,
  options: SignInOptions = {},
): Promise<Page> {
  const { fault, capacity = 'person' } = options
  let here = page
  if (here.text.includes('name="password"'))
    here = await browser.submit(here, { login, password: PASSWORD, ...(fault !== undefined && { fault }) })
  const code = /<strong>(\d{6})</.exec(here.text)?.[1]
  if (code !== undefined) here = await browser.submit(here, { code }, 'code')
  if (here.forms.some(({ action }) => action.includes('capacity')))
    here = await browser.submit(here, { capacity }, 'capacity')
  if (!here.text.includes('name="SAMLResponse"')) throw new Error(`no answer at ${here.url.href}:\n${here.text}`)
  return here
}

/** From any address that begins a login to where the person ends. */
export async function walk(
  browser: Browser,
  start: string | URL,
  login: string,
  options: SignInOptions = {},
): Promise<Page> {
  const answer = await signInAtIdp(browser, await browser.get(start), login, options)
  return browser.submit(answer)
}

/** The claims of the first token among the addresses that the browser visited. */
export function tokensIn(browser: Browser): readonly Record<string, unknown>[] {
  return browser.visited.flatMap(url => {
    const token = new URL(url).searchParams.get('token')
    return token === null ? [] : [claimsOf(token)]
  })
}

export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>
