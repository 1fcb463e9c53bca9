import { html, type Html } from './html.js'
import type { EnglishText } from './text-en.js'

/** Frame of every page that says no. */
export interface Reader {
  /** The browser asks for English before Russian: the English text then stands first, and open. */
  readonly english?: boolean | undefined
}

/**
 * The same in English. It stands on the page beside the Russian text: what a browser posted cannot be asked for again in
 * another language.
 */
const inEnglish = ({ heading, happened, steps }: EnglishText, { english = false }: Reader): Html =>
  html`<details class="english" lang="en" ${english && html` open`}>
    <summary>In English</summary>
    <h2>${heading}</h2>
    <p>${happened}</p>
    <ul>
      ${steps.filter(step => step !== undefined).map(step => html`<li>${step}</li>`)}
    </ul>
    <p>
      On this page, “Войти ещё раз” signs in again and “На главную страницу входа” opens the main page. “Номер
      обращения” is the request number: it tells the school and the support what happened.
    </p>
  </details>`

/** The page in both languages, in the order in which this reader wants them. */
export const inBoth = (russian: Html, text: EnglishText, reader: Reader): Html =>
  reader.english === true ? html`${inEnglish(text, reader)} ${russian}` : html`${russian} ${inEnglish(text, reader)}`
