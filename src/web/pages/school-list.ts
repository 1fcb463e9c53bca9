import { html, type Html } from './html.js'

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

/** Schools in whose title or code every word of the query begins a word. An empty query finds all. */
export function findSchools(schools: readonly SchoolDoors[], query: string): readonly SchoolDoors[] {
  const wanted = plain(query).split(' ')
  return schools.filter(({ title, code }) => {
    const text = ` ${plain(`${title} ${code}`)}`
    return wanted.every(word => text.includes(` ${word}`))
  })
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
