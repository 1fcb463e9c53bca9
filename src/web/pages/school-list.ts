import { html, type Html } from './html.js'
import { hiddenFields } from './onward.js'

export interface JournalDoor {
  readonly id: string
  readonly title: string
  /** `/login?journal=…&school=…` */
  readonly loginUrl: string
}

export interface SchoolDoors {
  readonly code: string
  readonly title: string
  readonly journals: readonly JournalDoor[]
}

/** Letters as people type them: case and ё do not matter, quotes and № are not typed. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/ё/gu, 'е')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

interface Named {
  readonly code: string
  readonly title: string
}

/** Schools in whose title or code every word of the query begins a word. An empty query finds all. */
export function findSchools<S extends Named>(schools: readonly S[], query: string): readonly S[] {
  const wanted = plain(query)
  if (wanted === '') return schools
  const words = wanted.split(' ').map(word => ` ${word}`)
  return schools.filter(school => {
    const text = searched(school)
    return words.every(word => text.includes(word))
  })
}

const texts = new WeakMap<Named, string>()

/** Made once for a school: the list is looked through at every search. */
function searched(school: Named): string {
  const text = texts.get(school) ?? ` ${plain(`${school.title} ${school.code}`)}`
  texts.set(school, text)
  return text
}

/** What one page shows; more are found by name. */
export const SHOWN = 50

/** Where the list of schools is longer than a page: what was looked for, and how many were found. */
export interface Searched {
  readonly query: string
  readonly found: number
}

/** @param fields go along with what is typed */
export const searchForm = (query: string, action = '/', fields: Readonly<Record<string, string>> = {}): Html =>
  html`<form class="search" method="get" action="${action}" role="search">
    ${hiddenFields(fields)}
    <label for="q">Название или номер школы</label>
    <div>
      <input id="q" name="q" type="search" value="${query}" maxlength="80" autocomplete="off" />
      <button class="button quiet" type="submit">Найти</button>
    </div>
  </form>`

/** Before a form that asks for a school. */
export function searchFirst(
  { query, found }: Searched,
  action: string,
  fields: Readonly<Record<string, string>>,
): Html {
  const told =
    found === 0
      ? html`По запросу «${query}» школ не нашлось. Попробуйте только номер.`
      : found > SHOWN && html`Нашлось слишком много школ: ${found}. Добавьте номер или город.`
  return html`${searchForm(query, action, fields)} ${query !== '' && told && html`<p role="status">${told}</p>`}
  ${query === '' && html`<p class="hint">Сначала найдите школу: напишите её номер или часть названия.</p>`}`
}

export const schoolPath = (code: string): string => `/s/${encodeURIComponent(code)}`

/** One button says the same everywhere; what it opens is added for those who hear the page. */
export const signInButton = (journal: JournalDoor, school: string, look = 'button'): Html =>
  html`<a class="${look}" href="${journal.loginUrl}"
    >Войти через Госуслуги<span class="heard">: ${journal.title}, ${school}</span></a
  >`

export const schoolCard = (school: SchoolDoors): Html =>
  html`<li class="card">
    <h3><a href="${schoolPath(school.code)}">${school.title}</a></h3>
    ${doors(school)}
  </li>`

/** Every journal of a school with its button. */
export const doors = ({ title, journals }: SchoolDoors): Html =>
  journals.length === 0
    ? html`<p>К этой школе журнал пока не подключён.</p>`
    : html`<ul class="doors">
        ${journals.map(
          journal =>
            html`<li>
              <span>${journal.title}</span>
              ${signInButton(journal, title)}
            </li>`,
        )}
      </ul>`
