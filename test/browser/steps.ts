/** What a person does, page by page, told by what they read on the screen. */
import type { Page } from 'playwright-core'
import { PASSWORD } from '../support/sign-in.js'
import type { Visitor } from './chromium.js'

/** From the IdP's password page on; ends on whatever page follows the IdP. */
export async function signIn({ page, scripts }: Visitor, login: string): Promise<void> {
  await typePassword(page, login)
  await typeCode(page)
  if (scripts) await page.waitForURL(url => !url.pathname.startsWith('/idp/'))
  else await press(page, 'Продолжить')
}

export async function typePassword(page: Page, login: string): Promise<void> {
  await page.getByLabel('Телефон, почта или СНИЛС').fill(login)
  await page.getByLabel('Пароль').fill(PASSWORD)
  await press(page, 'Войти')
}

export async function typeCode(page: Page): Promise<void> {
  const code = await page.locator('.code strong').innerText()
  await page.getByLabel('Шесть цифр').fill(code)
  await press(page, 'Подтвердить')
}

export const press = (page: Page, button: string): Promise<void> =>
  page.getByRole('button', { name: button, exact: true }).click()

export const follow = (page: Page, link: string): Promise<void> =>
  page.getByRole('link', { name: link, exact: true }).click()

export const child = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name: new RegExp(`^${name}`) }).click()

/** The page with this headline has come. */
export const arrived = (page: Page, headline: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name: headline, exact: true }).waitFor()

export const heading = (page: Page): Promise<string> => page.getByRole('heading', { level: 1 }).innerText()
