/** What the sections and questions of the cabinet share. */
import { html, type Html } from './html.js'
import { TOKEN_FIELD } from './layout.js'

/** Names of the fields of the cabinet's forms. */
export const ID_FIELD = 'id'
export const OTHERS_FIELD = 'others'

/** How settings call what stands here by its code. */
export interface Titles {
  readonly school: (code: string) => string
  readonly journal: (id: string) => string
  /** Where a login into this journal begins; none when only the journal itself can begin it. */
  readonly open: (journal: string, school: string) => string | undefined
}

export interface Section {
  /** Of the heading: where the list of contents leads. */
  readonly id: string
  readonly title: string
  readonly body: Html
}

/** A form of one button. */
export const oneButton = (
  action: string,
  fields: Readonly<Record<string, string>>,
  label: Html | string,
  look = 'as-link',
): Html =>
  html`<form method="post" action="${action}">
    ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button class="${look}" type="submit">${label}</button>
  </form>`

/** The token, and the id of what is meant. */
export const aimed = (token: string, id: string): Readonly<Record<string, string>> => ({
  [TOKEN_FIELD]: token,
  [ID_FIELD]: id,
})
