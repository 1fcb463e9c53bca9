import { html, type Html } from './html.js'
import type { EnglishText } from './text-en.js'

/** Frame of every page that says no, or good-bye. */
export interface Reader {
  /** The browser asks for English before Russian: the English text then stands first, and open. */
  readonly english?: boolean | undefined
}

/**
 * The same in English. It stands on the page beside the Russian text: what a browser posted cannot be asked for again in
 * another language.
 */
const inEnglish = ({ heading, happened, steps }: EnglishText, { english = false }: Reader, buttons: string): Html =>
  html`<details class="english" lang="en" ${english && html` open`}>
    <summary>In English</summary>
    <h2>${heading}</h2>
    <p>${happened}</p>
    <ul>
      ${steps.filter(step => step !== undefined).map(step => html`<li>${step}</li>`)}
    </ul>
    <p>${buttons}</p>
  </details>`

export const OF_A_REFUSAL =
  'On this page, “Войти ещё раз” signs in again and “На главную страницу входа” opens the main page. “Номер ' +
  'обращения” is the request number: it tells the school and the support what happened.'

/** The page in both languages, in the order in which this reader wants them. @param buttons what those of the page mean */
export function inBoth(russian: Html, text: EnglishText, reader: Reader, buttons = OF_A_REFUSAL): Html {
  const english = inEnglish(text, reader, buttons)
  return reader.english === true ? html`${english} ${russian}` : html`${russian} ${english}`
}
