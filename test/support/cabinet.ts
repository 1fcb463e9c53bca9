/** What people do in their cabinet, over real HTTP. */
import type { Browser, Page } from './browser.js'
import { walk } from './sign-in.js'
import type { TestTown } from './town.js'

export const FATHER = 'father@mail.example'
export const MOTHER = 'mother@mail.example'

export const at = (town: TestTown, path: string): URL => new URL(path, town.town.bridge)

/** Signs in for the cabinet and stands in it. */
export const enterCabinet = (town: TestTown, browser: Browser, login = FATHER): Promise<Page> =>
  walk(browser, at(town, '/me'), login)

/** The token that stands in the forms of the page. */
export const tokenOn = (page: Page): string => page.form('/logout').fields.token!

/** A post as a page of ours would send it. */
export const post = async (
  town: TestTown,
  browser: Browser,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<Page> =>
  browser.follow(await browser.request('POST', at(town, path), new URLSearchParams(fields), at(town, '/')))
