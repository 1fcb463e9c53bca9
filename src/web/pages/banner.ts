import type { Trouble } from '../../words/watched.js'
import { html, type Html } from './html.js'

const GOSUSLUGI = 'Госуслуги'

/** What pages say about an IdP in trouble. */
export interface ShownBanner {
  /** Name of the IdP, as its button has it. */
  readonly title: string
  readonly trouble: Trouble
}

interface BannerText {
  /** After the name of the IdP: Госуслуги are many, any other is one. */
  readonly what: readonly [many: string, one: string]
  readonly then: string
  readonly english: string
}

/** Two sentences: what is the matter, and what a parent does about it. */
const texts: Readonly<Record<Trouble, BannerText>> = {
  errors: {
    what: ['сейчас отвечают с ошибками', 'сейчас отвечает с ошибками'],
    then: 'Войти может не получиться с первого раза. Вы всё делаете правильно: попробуйте через 15–20 минут.',
    english: 'answers with errors at the moment. You do nothing wrong; try again in a quarter of an hour.',
  },
  signature: {
    what: ['сейчас отвечают с ошибками', 'сейчас отвечает с ошибками'],
    then: 'Их ответы не проходят нашу проверку подлинности, поэтому мы никого не впускаем. Администратор уже знает.',
    english: 'sends answers that do not pass our check, so we let nobody in. The administrator knows.',
  },
  clocks: {
    what: ['сейчас отвечают с ошибками', 'сейчас отвечает с ошибками'],
    then: 'В их ответах неверное время. Попробуйте через 15–20 минут; администратор уже знает.',
    english: 'sends answers with a wrong time. Try again in a quarter of an hour; the administrator knows.',
  },
  answers: {
    what: ['сейчас отвечают с ошибками', 'сейчас отвечает с ошибками'],
    then: 'Их ответы приходят к нам испорченными. Попробуйте через 15–20 минут; администратор уже знает.',
    english: 'sends us spoilt answers. Try again in a quarter of an hour; the administrator knows.',
  },
  silent: {
    what: ['сейчас не отвечают', 'сейчас не отвечает'],
    then: 'Скорее всего, их сайт перегружен. Не нажимайте кнопку много раз подряд, попробуйте через 15–20 минут.',
    english:
      'does not answer at the moment. Please do not press the button again and again; try in a quarter of an hour.',
  },
  metadata: {
    what: ['сейчас недоступны для нас', 'сейчас недоступен для нас'],
    then: 'Сведения о них устарели, а новые получить не удаётся. Администратор уже знает.',
    english: 'cannot be used: what we know of it is out of date. The administrator knows.',
  },
}

export function bannerBar(banners: readonly ShownBanner[]): Html | undefined {
  if (banners.length === 0) return undefined
  return html`<div class="banner" role="status">
    ${banners.map(
      ({ title, trouble }) =>
        html`<p>
            <strong>${title} ${texts[trouble].what[title === GOSUSLUGI ? 0 : 1]}.</strong> ${texts[trouble].then}
          </p>
          <p lang="en">${title === GOSUSLUGI ? 'Gosuslugi' : 'The identity provider'} ${texts[trouble].english}</p>`,
    )}
  </div>`
}
