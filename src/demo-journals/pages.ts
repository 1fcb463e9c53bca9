import { denials, type DenialCode } from './denials.js'
import { html } from './html.js'
import { page, type Guest } from './layout.js'
import type { House } from './options.js'
import type { Section } from './sections.js'

/** @param to the section that the person wanted; the login comes back to it */
export function startPage(house: House, to: Section): string {
  return page(
    { house, title: 'Вход' },
    html`<section class="sheet">
      <h1>${house.journal.title}</h1>
      <p>Оценки, расписание и объявления вашей школы.</p>
      <p><a class="button" href="${house.base}login?to=${to}">Войти через Госуслуги</a></p>
      <p class="hint">Отдельный пароль не нужен. Сначала откроется служба входа школы, затем Госуслуги.</p>
    </section>`,
  )
}

interface Signed {
  readonly house: House
  readonly guest: Guest
}
export function leavePage(at: Signed): string {
  return page(
    { ...at, title: 'Выход' },
    html`<section class="sheet">
      <h1>Выйти из журнала?</h1>
      <form method="post" action="${at.house.base}logout"><button class="button">Выйти</button></form>
      <p><a href="${at.house.base}">Остаться</a></p>
    </section>`,
  )
}

export function goodbyePage(house: House): string {
  return page(
    { house, title: 'Вы вышли' },
    html`<section class="sheet">
      <h1>Вы вышли из журнала</h1>
      <p>Вход в Госуслуги ещё открыт. На чужом компьютере закройте и его.</p>
      <p><a class="button" href="${new URL('/logout', house.bridgeUrl).href}">Выйти и из службы входа</a></p>
      <p><a href="${house.base}">Войти снова</a></p>
    </section>`,
  )
}

export function denialPage(house: House, code: DenialCode, guest?: Guest): string {
  const { heading, text } = denials[code]
  return page(
    { house, title: heading, ...(guest && { guest }) },
    html`<section class="sheet" role="alert">
      <h1>${heading}</h1>
      <p>${text}</p>
      <p><a class="button" href="${house.base}">На первую страницу журнала</a></p>
      <p class="hint">Для школы: ${code}</p>
    </section>`,
  )
}
