import { html, type Html } from './html.js'
import type { House } from './options.js'
import { sections, sectionsOf, type Section } from './sections.js'

/** Who stands in the page's head. */
export interface Guest {
  readonly name: string
  readonly roleTitle: string
  readonly role: string
  readonly schoolTitle: string
}

export interface Frame {
  readonly house: House
  readonly title: string
  readonly guest?: Guest
  readonly here?: Section
}

export function page({ house, title, guest, here }: Frame, main: Html): string {
  const { journal, base, ink } = house
  return html`<!doctype html>
    <html lang="ru">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${journal.title}</title>
        <link rel="icon" href="/journal.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/journal.css" />
      </head>
      <body class="ink-${ink}">
        <header class="cover">
          <a class="brand" href="${base}">${journal.title}</a>
          ${guest && html`<p class="guest">${guest.name}<br /><span>${guest.roleTitle}, ${guest.schoolTitle}</span></p>`}
        </header>
        ${guest && menu(house, guest, here)}
        <main>${main}</main>
        <footer>Учебный журнал для показа: оценки и уроки придуманы.</footer>
      </body>
    </html>`.text
}

/** What most people come for stays in sight when there is much more. */
const FIRST: readonly Section[] = ['', 'marks', 'timetable', 'messages', 'notices']
const MANY = 7

function menu({ base }: House, { role }: Guest, here: Section | undefined): Html {
  const link = (section: Section): Html =>
    html`<li>
      <a href="${base}${section}" ${section === here && html`aria-current="page"`}>${sections[section].title}</a>
    </li>`
  const all = sectionsOf(role)
  const more = all.length > MANY ? all.filter(section => !FIRST.includes(section)) : []
  return html`<nav aria-label="Разделы журнала">
    <ul>
      ${all.filter(section => !more.includes(section)).map(link)}
      <li><a href="${base}logout">Выйти</a></li>
      ${
        more.length > 0 &&
        html`<li class="more">
          <details ${here !== undefined && more.includes(here) && html`open`}>
            <summary>Ещё разделы</summary>
            <ul>
              ${more.map(link)}
            </ul>
          </details>
        </li>`
      }
    </ul>
  </nav>`
}
