/** Where the person was on the way to when one of our pages came in between: it travels along, and is checked again at its end. */
import { html, type Html } from './html.js'

/** The parameters of `GET /login`. */
export type Onward = Readonly<Record<string, string>>

export const hiddenFields = (fields: Readonly<Record<string, string>>): readonly Html[] =>
  Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)

export function withOnward(path: string, onward: Onward = {}): string {
  const query = new URLSearchParams(onward)
  return query.size === 0 ? path : `${path}?${query.toString()}`
}
