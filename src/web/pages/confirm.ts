/** «Подтвердите, что это вы»: where a code may go, and where it is typed. */
import type { RefusalCode } from '../../base/refusals.js'
import { wantOf } from '../../confirm/message.js'
import type { Asked } from '../../login/confirming.js'
import type { Way } from '../../words/way.js'
import { html, type Html } from './html.js'
import { inBoth, type Reader } from './in-english.js'
import { page, TOKEN_FIELD, type Frame, type SignedIn } from './layout.js'
import { refusalText } from './text-ru.js'
import { refusalTextEn } from './text-en.js'

export const WAY_FIELD = 'way'
export const CONFIRM_FIELD = 'confirmation'
export const REMEMBER_FIELD = 'remember'

export interface ConfirmPage extends Frame, Reader {
  readonly signedIn: SignedIn
  /** Where its forms lead. */
  readonly action: string
  readonly token: string
  /** What else its forms carry. */
  readonly fields?: Readonly<Record<string, string>>
  readonly asked: Asked
  /** Where to go without confirming. */
  readonly back?: { readonly href: string; readonly text: string }
}

export function confirmPage(args: ConfirmPage): string {
  const { asked, back } = args
  const { sent, problem } = asked
  const main = html`<h1>${sent ? 'Введите код' : 'Подтвердите, что это вы'}</h1>
    <p class="lead">
      ${sent ? html`Мы послали код на ${addressOf(asked, sent.way)}.` : html`Школа просит подтвердить одноразовым кодом, что это вы хотите ${wantOf(asked.purpose)}.`}
    </p>
    ${problem && !sent && html`<p class="problem" role="alert">${said(problem.code)}</p>`}
    ${sent ? codeForm(args, problem?.code) : sendForm(args, asked.contacts, false)}
    ${sent && againSection(args, sent.way)}
    <p class="hint">
      Код уходит только на почту или телефон, которые назвали нам Госуслуги: ввести другие нельзя. Никому его не
      сообщайте.
    </p>
    ${back && html`<p><a href="${back.href}">${back.text}</a></p>`}`
  const english = problem ? refusalTextEn[problem.code] : sent ? TYPE_IT : SEND_IT
  return page({
    ...args,
    title: sent ? 'Введите код' : 'Подтвердите, что это вы',
    main: inBoth(main, english, args, BUTTONS),
  })
}

const said = (code: RefusalCode): string => `${refusalText[code].happened} ${refusalText[code].steps[0]}`

const addressOf = ({ contacts }: Asked, way: Way): Html =>
  html`<strong>${contacts.find(each => each.way === way)?.masked ?? 'ваш адрес'}</strong>`

const hidden = ({ token, fields = {} }: ConfirmPage): readonly Html[] =>
  Object.entries({ [TOKEN_FIELD]: token, ...fields }).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )

const labels: Readonly<Record<Way, string>> = { email: 'письмом на', sms: 'в SMS на' }

function sendForm(args: ConfirmPage, contacts: Asked['contacts'], again: boolean): Html {
  return html`<form class="actions" method="post" action="${args.action}">
    ${hidden(args)}
    ${contacts.map(({ way, masked }) => html`<button class="button${again && ' quiet'}" type="submit" name="${WAY_FIELD}" value="${way}">Получить код ${labels[way]} ${masked}</button>`)}
  </form>`
}

function codeForm(args: ConfirmPage, problem: RefusalCode | undefined): Html {
  const { rememberFor } = args.asked
  return html`<form method="post" action="${args.action}">
    ${hidden(args)}
    <label class="field-name" for="confirmation">Код из сообщения</label>
    ${problem !== undefined && html`<p id="confirmation-problem" class="problem" role="alert">${said(problem)}</p>`}
    <input
      id="confirmation"
      class="code-input"
      name="${CONFIRM_FIELD}"
      maxlength="12"
      required
      inputmode="numeric"
      autocomplete="one-time-code"
      ${problem !== undefined && html`aria-invalid="true" aria-describedby="confirmation-problem"`}
    />
    ${
      rememberFor !== undefined &&
      html`<p class="agree">
        <input type="checkbox" id="remember" name="${REMEMBER_FIELD}" value="yes" />
        <label for="remember"
          >Запомнить это устройство на ${Math.round(rememberFor / 86_400_000)} дн. Не отмечайте на общем
          компьютере.</label
        >
      </p>`
    }
    <p class="actions"><button class="button large" type="submit">Подтвердить</button></p>
  </form>`
}

const againSection = (args: ConfirmPage, way: Way): Html =>
  html`<section aria-labelledby="again">
    <h2 id="again">Код не пришёл?</h2>
    <p>
      ${way === 'email' ? 'Письмо могло попасть в спам.' : 'SMS иногда идёт несколько минут.'} Новый код можно запросить
      через минуту.
    </p>
    ${sendForm(args, args.asked.contacts, true)}
  </section>`

const SEND_IT = {
  heading: 'Confirm that it is you',
  happened:
    'The school wants you to confirm by a one-time code. It goes to an address that Gosuslugi told us, and to no other.',
  steps: ['Choose where the code is to go.', 'Tell it to nobody.'],
} as const

const TYPE_IT = {
  heading: 'Type the code',
  happened: 'We have sent you a code of six digits.',
  steps: ['Type it here, in this browser.', 'If it does not come, look among spam, or ask for another after a minute.'],
} as const

const BUTTONS =
  'On this page, “Получить код …” sends a code to the address that it names, “Подтвердить” confirms, and “Запомнить это устройство” remembers this device.'
