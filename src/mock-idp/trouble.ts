/** The stand breaks down when it is told to: for looking at what a service provider does then. */
import { html, type Html } from './html.js'
import type { Handler, Request, Response } from './http.js'
import { complaint, page, problemPage } from './layout.js'
import { path } from './metadata.js'
import { field } from './visits.js'

interface Row {
  /** As the page that offers it says it. */
  readonly title: string
  readonly status?: number
  readonly heading?: string
  readonly text?: string
  /** Seconds. */
  readonly retryAfter?: number
}

/** Milliseconds that a slow answer takes. */
export const SLOWNESS = 15_000

export const troubles = {
  overload: { title: 'Перегрузка: 503, просьба прийти через две минуты', status: 503, heading: 'Слишком много посетителей', text: 'Стенд перегружен. Подождите две минуты и обновите страницу: введённое раньше не пропадёт.', retryAfter: 120 },
  database: { title: 'Отказ базы данных: 500', status: 500, heading: 'База данных не отвечает', text: 'Стенд сейчас не может узнать вас. Обновите страницу через несколько минут.' },
  gateway: { title: 'Отказ узла: 502, пустая страница', status: 502 },
  timeout: { title: 'Узел не дождался ответа: 504, пустая страница', status: 504 },
  slow: { title: 'Медленный ответ: через 15 секунд, но верный' },
} as const satisfies Record<string, Row> // prettier-ignore

export type Trouble = keyof typeof troubles
export const isTrouble = (name: string): name is Trouble => Object.hasOwn(troubles, name)

/** Which addresses break down. */
export const places = {
  'sign-in': { title: 'Вход', paths: [path.singleSignOn, path.unsolicited, '/idp/login/'] },
  logout: { title: 'Выход', paths: [path.singleLogout, path.singleLogoutPost, path.singleLogoutSoap] },
  metadata: { title: 'Метаданные', paths: [path.metadata, path.metadataSaml] },
} as const

export type Place = keyof typeof places

export interface Troubles {
  /** @param times requests that meet it, Infinity until it is taken back; undefined takes it back */
  set(place: Place, trouble: Trouble | undefined, times?: number): void
  at(place: Place): Trouble | undefined
  /** @returns what the request meets, and counts it */
  meet(address: string): Trouble | undefined
}

export function makeTroubles(): Troubles {
  const now = new Map<Place, { trouble: Trouble; left: number }>()
  return {
    set(place, trouble, times = Infinity) {
      if (trouble === undefined) now.delete(place)
      else now.set(place, { trouble, left: times })
    },
    at: place => now.get(place)?.trouble,
    meet(address) {
      for (const [place, standing] of now) {
        if (!places[place].paths.some(start => address.startsWith(start))) continue
        standing.left -= 1
        if (standing.left <= 0) now.delete(place)
        return standing.trouble
      }
      return undefined
    },
  }
}

/** What stands for a slow answer: tests wait for nothing. @param ms milliseconds */
export type Pause = (ms: number) => Promise<void>

/** Stands before all other handlers. One request may also ask for its own trouble: `?trouble=overload`. */
export function meetTrouble(all: Troubles, pause: Pause) {
  return async (request: Request, response: Response, next: () => void): Promise<void> => {
    const { trouble } = request.query
    const wanted = typeof trouble === 'string' && isTrouble(trouble) ? trouble : undefined
    const met = wanted ?? all.meet(request.path)
    if (met === undefined) return next()
    if (met === 'slow') {
      await pause(SLOWNESS)
      return next()
    }
    breakDown(response, troubles[met])
  }
}

function breakDown(response: Response, { status = 500, heading, text, retryAfter }: Row): void {
  if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter))
  response.status(status)
  if (heading === undefined || text === undefined) response.type('text').end()
  else response.send(problemPage(heading, text))
}

function placeFields(all: Troubles, place: Place): Html {
  const option = (name: string, title: string): Html =>
    html`<option value="${name}" ${name === (all.at(place) ?? '') ? html`selected` : undefined}>${title}</option>`
  return html`<label for="${place}">${places[place].title}</label>
    <select id="${place}" name="${place}">
      ${option('', 'Работает')}${Object.entries(troubles).map(([name, { title }]) => option(name, title))}
    </select>`
}

const troublePage = (all: Troubles, said?: string): string =>
  page(
    'Сбои стенда',
    html`<section class="card">
      <h1>Сбои стенда</h1>
      <p>Чтобы увидеть, что делает мост, когда поставщик входа болен. Действует для всех, пока не выключите.</p>
      ${complaint(said)}
      <form method="post" action="/idp/trouble">
        ${(Object.keys(places) as Place[]).map(place => placeFields(all, place))}
        <button>Сохранить</button>
      </form>
      <p>
        <small>Один запрос: добавьте к адресу <code>?trouble=overload</code>.</small>
      </p>
    </section>`,
  )

export const showTroubles =
  (all: Troubles): Handler =>
  (_request, response) =>
    void response.send(troublePage(all))

export const setTroubles =
  (all: Troubles): Handler =>
  (request, response) => {
    for (const place of Object.keys(places) as Place[]) {
      const name = field(request, place)
      all.set(place, isTrouble(name) ? name : undefined)
    }
    response.redirect(303, '/idp/trouble')
  }
