import { isoTime, type Instant } from '../../base/clock.js'
import type { RefusalCode } from '../../base/refusals.js'
import type { Support } from '../../words/school.js'
import { contactCard, contactLine } from './contact.js'
import { html, type Html } from './html.js'
import { inBoth, OF_A_REFUSAL, type Reader } from './in-english.js'
import { anotherPerson, page, type Frame, type SignedIn } from './layout.js'
import { moment, numberBlock } from './number.js'
import type { RefusalText } from './refusal-text.js'
import { failureTextEn, refusalTextEn, busyTextEn, unavailableTextEn, type EnglishText } from './text-en.js'
import { refusalText } from './text-ru.js'

export interface RefusalPage extends Frame, Reader {
  readonly code: RefusalCode
  readonly number: string
  readonly at: Instant
  readonly school?: { readonly title: string; readonly support: Support } | undefined
  /** Title of the journal, when the login has one. */
  readonly journal?: string | undefined
  /** Address that starts the same login anew. */
  readonly startAgain?: string | undefined
  /** The page that may be bookmarked: of the school, or the first one. */
  readonly bookmark?: { readonly title: string; readonly url: string } | undefined
  /** How far the clocks are apart, in a sentence. */
  readonly clocks?: string | undefined
  /** Of a lock: when it ends, and where the person may lift it by a code. */
  readonly until?: Instant | undefined
  readonly unlock?: string | undefined
  /** Other ways to an account, where the journal has them: addresses. */
  readonly ways?:
    | {
        readonly code: string
        readonly oldLogin?: string | undefined
        readonly child?: string | undefined
        readonly create?: string | undefined
      }
    | undefined
  /** `***-***-*45 95`: under which number the school's list was searched. */
  readonly snilsMasked?: string | undefined
}

const SUPPORT = 'Поддержка входа'

export function refusalPage(args: RefusalPage): string {
  const text = refusalText[args.code]
  const main = html`<div role="alert">
      <h1>${text.heading}</h1>
      <p class="lead">${text.happened}</p>
    </div>
    ${args.snilsMasked !== undefined && html`<p>Мы искали по СНИЛС <span class="sign">${args.snilsMasked}</span>.</p>`}
    ${args.until !== undefined && html`<p><strong>Откроется само: ${moment(args.until)}.</strong></p>`}
    ${args.clocks !== undefined && html`<p>${args.clocks}</p>`}
    <h2>Что делать</h2>
    ${steps(text.steps)}
    ${inOrder(text, args.unlock !== undefined, html`${buttons(args, text)} ${text.bookmark && bookmark(args)}`, [
      numberBlock(args.number, args.at),
      whoHelps(args, text),
    ])}`
  const support = bridgeHelps(args) ? undefined : args.support
  return page({
    ...args,
    number: undefined,
    support,
    title: text.heading,
    main: inBoth(main, refusalTextEn[args.code], args, buttonsInEnglish(args, text)),
  })
}

const BY_CODE = '“У меня есть код от школы” takes a code that the school printed for you.'
const BY_SCHOOL = '“Спросить школу о ребёнке” puts a question to the school.'
const BY_CREATING = '“Создать мне запись в журнале” has the journal make an account for you, if you agree.'
const BY_OLD_LOGIN = '“У меня есть логин от журнала” takes the login and password that the journal gave you.'

const BY_LETTER = '“Это я: открыть кодом из письма” opens the journal at once: we send a code to your address.'

const buttonsInEnglish = ({ ways, unlock, until }: RefusalPage, { byCode }: RefusalText): string =>
  [
    until !== undefined && `It opens by itself at ${isoTime(until).slice(0, 16).replace('T', ' ')} UTC.`,
    OF_A_REFUSAL,
    unlock !== undefined && BY_LETTER,
    byCode && BY_CODE,
    byCode && ways?.oldLogin !== undefined && BY_OLD_LOGIN,
    byCode && ways?.create !== undefined && BY_CREATING,
    byCode && ways?.child !== undefined && BY_SCHOOL,
  ]
    .filter(Boolean)
    .join(' ')

/** Who can only call the school needs the number and the telephone before any button; the others press a button first. */
const inOrder = (
  { call, link }: RefusalText,
  helpsItself: boolean,
  pressing: Html,
  calling: readonly Html[],
): readonly Html[] => (call === 'school' && !link && !helpsItself ? [...calling, pressing] : [pressing, ...calling])

const bookmark = ({ bookmark: page }: RefusalPage): Html | undefined =>
  page &&
  html`<aside class="address" aria-label="Закладка">
    <p>Добавьте в закладки эту ссылку: с неё всегда можно начать вход.</p>
    <p>
      <a href="${page.url}">${page.title}</a><br /><span class="host">${page.url.replace(/^https?:\/\//, '')}</span>
    </p>
  </aside>`

interface Apology extends Frame, Reader {
  readonly number: string
  readonly at: Instant
}

/** An unexpected error: a 500 with a number, nothing else is known. */
export const failurePage = (args: Apology): string =>
  apology(args, failureTextEn, {
    heading: 'Ошибка на нашей стороне',
    happened: 'У нас что-то сломалось. Вы ничего не сделали не так, и ваши данные не пострадали.',
    steps: [
      'Подождите минуту и попробуйте ещё раз с главной страницы.',
      'Если повторится, позвоните в школу и назовите номер обращения: по нему видно, что случилось.',
    ],
  })

/** 503: starting, stopping, or a part of the bridge does not answer. */
export const unavailablePage = (args: Apology): string =>
  apology(args, unavailableTextEn, {
    heading: 'Вход временно не работает',
    happened: 'Сейчас мы не можем вас впустить: идут работы или не отвечает часть системы. Данные журнала не пропали.',
    steps: [
      'Попробуйте через несколько минут.',
      'Если не заработает за час, позвоните в школу и назовите номер обращения.',
    ],
  })

/** 503: more people than can be served at this moment. @param args.again the page comes again by itself */
export const busyPage = ({ again, ...args }: Apology & { readonly again: boolean }): string =>
  apology(args, busyTextEn, {
    heading: 'Сейчас входит очень много людей',
    happened: 'Мы не успеваем впустить всех сразу. Так бывает несколько минут по утрам; ничего не сломалось.',
    steps: again
      ? ['Подождите несколько секунд: страница обновится сама, и вход продолжится.']
      : ['Подождите минуту и обновите страницу. Если браузер спросит, отправить ли данные ещё раз, согласитесь.'],
  })

function apology(
  args: Apology,
  english: EnglishText,
  text: Pick<RefusalText, 'heading' | 'happened' | 'steps'>,
): string {
  const main = html`<div role="alert">
      <h1>${text.heading}</h1>
      <p class="lead">${text.happened}</p>
    </div>
    <h2>Что делать</h2>
    ${steps(text.steps)}
    <p class="actions"><a class="button quiet" href="/">На главную страницу входа</a></p>
    ${numberBlock(args.number, args.at)} ${args.support && contactCard(SUPPORT, args.support)}`
  return page({
    ...args,
    number: undefined,
    support: undefined,
    title: text.heading,
    main: inBoth(main, english, args),
  })
}

const steps = (list: RefusalText['steps']): Html =>
  list.length === 1
    ? html`<p>${list[0]}</p>`
    : html`<ol class="steps">
        ${list.map(step => html`<li>${step}</li>`)}
      </ol>`

function buttons(args: RefusalPage, text: RefusalText): Html {
  const { signedIn, startAgain } = args
  const again = startAgain !== undefined && text.button !== 'none'
  const another = signedIn && text.button === 'another'
  const primary = !text.link && !another && args.unlock === undefined
  return html`<div class="actions">
    ${text.link && html`<a class="button" href="${text.link.href}">${text.link.text}</a>`} ${another && leave(signedIn)}
    ${text.byCode && otherWays(args)}
    ${args.unlock !== undefined && html`<a class="button" href="${args.unlock}">Это я: открыть кодом из письма</a>`}
    ${again && html`<a class="${primary ? 'button' : 'button quiet'}" href="${startAgain}">${text.again ?? 'Войти ещё раз'}</a>`}
    <a class="button quiet" href="/">На главную страницу входа</a>
  </div>`
}

const otherWays = ({ ways = { code: '/me/code' } }: RefusalPage): Html =>
  html`<a class="button quiet" href="${ways.code}">У меня есть код от школы</a>
    ${ways.oldLogin !== undefined && html`<a class="button quiet" href="${ways.oldLogin}">У меня есть логин от журнала</a>`}
    ${ways.create !== undefined && html`<a class="button quiet" href="${ways.create}">Создать мне запись в журнале</a>`}
    ${ways.child !== undefined && html`<a class="button quiet" href="${ways.child}">Спросить школу о ребёнке</a>`}`

const leave = (signedIn: SignedIn): Html => anotherPerson(signedIn, 'Войти другим человеком', 'button')

/** Whom to call, with the nearest known telephone. Where nobody needs to be called, the school stands there just in case. */
function whoHelps(args: RefusalPage, { call }: RefusalText): Html {
  const school = args.school && contactCard(args.school.title, args.school.support)
  const bridge = bridgeHelps(args) ? args.support && contactCard(SUPPORT, args.support) : undefined
  return html`<section aria-labelledby="help-title">
    <h2 id="help-title">Кто поможет</h2>
    <p>${sentence(args.journal, call)}</p>
    ${bridge} ${school}
    ${!bridge && !school && html`<p>Начните с классного руководителя: он знает, кто в школе отвечает за журнал.</p>`}
  </section>`
}

/** Whether those who run the bridge stand among the helpers, and not only at the foot of the page. */
const bridgeHelps = ({ code, school }: RefusalPage): boolean =>
  refusalText[code].call === 'bridge' || !school || !contactLine(school.support)

function sentence(journal: string | undefined, call: RefusalText['call']): string {
  if (call === 'nobody') return 'Обычно справиться можно самим. Если не получилось, позвоните в школу и назовите номер.'
  if (call === 'bridge') return 'Позвоните или напишите и назовите номер обращения. Больше ничего объяснять не нужно.'
  if (call === 'school')
    return 'Позвоните или напишите в школу и назовите номер обращения. Больше ничего объяснять не нужно.'
  const whose = journal === undefined ? 'журнала' : `журнала «${journal}»`
  return `Поддержка ${whose}: её телефон есть в самом журнале. Можно позвонить и в школу, она передаст.`
}
