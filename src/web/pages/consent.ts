import type { ConsentText } from '../../consent/consent.js'
import { roleTitles, type Role } from '../../words/account.js'
import { html, type Html } from './html.js'
import { inBoth, type Reader } from './in-english.js'
import { page, TOKEN_FIELD, type Frame, type SignedIn } from './layout.js'
import { plainText } from './plain-text.js'

/** Which button was pressed: `given` or `declined`. */
export const CONSENT_FIELD = 'consent'
export const AGREE_FIELD = 'agree'
export const AGREED = 'yes'

export interface ConsentPage extends Frame, Reader {
  readonly signedIn: SignedIn
  /** `/continue/LOGIN` */
  readonly action: string
  readonly token: string
  readonly text: ConsentText
  /** Id of the Choice that is agreed to. */
  readonly choice: string
  readonly journalTitle: string
  readonly schoolTitle: string
  readonly role: Role
  readonly child?: string | undefined
  /** The person may agree for the child, too. */
  readonly forChild: boolean
  readonly why?: 'new-text' | 'unticked' | undefined
}

/** A page for this and nothing else; the box is empty, and no is a button of its own. */
export function consentPage(args: ConsentPage): string {
  const main = html`<h1>Нужно ваше согласие</h1>
    <p class="lead">
      «${args.journalTitle}» откроется, когда вы разрешите обработку персональных данных. До этого мы не передаём в
      журнал сведений для входа.
    </p>
    ${notice(args)}
    <dl class="facts">
      <dt>Журнал</dt>
      <dd>${args.journalTitle}</dd>
      <dt>Школа</dt>
      <dd>${args.schoolTitle}</dd>
      <dt>Вы входите как</dt>
      <dd>${roleTitles[args.role]}</dd>
      ${
        args.child !== undefined &&
        html`<dt>Ребёнок</dt>
          <dd>${args.child}</dd>`
      }
    </dl>
    <section class="document" aria-label="Текст согласия" lang="ru">
      ${plainText(args.text.whole)}
      <p class="hint">Версия текста: ${args.text.version}</p>
    </section>
    <form method="post" action="${args.action}">
      ${Object.entries({ [TOKEN_FIELD]: args.token, text: args.text.hash, choice: args.choice }).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <p class="agree">
        <input type="checkbox" id="agree" name="${AGREE_FIELD}" value="${AGREED}" required />
        <label for="agree">${agreement(args)}</label>
      </p>
      <div class="actions">
        <button class="button" type="submit" name="${CONSENT_FIELD}" value="given">Согласиться и открыть журнал</button>
        <button class="button quiet" type="submit" name="${CONSENT_FIELD}" value="declined" formnovalidate>
          Отказаться
        </button>
      </div>
    </form>
    <p class="hint">
      Отказаться можно, ничего не объясняя. Согласие можно отозвать в любой день: как это сделать, сказано в тексте.
    </p>`
  return page({ ...args, title: 'Нужно ваше согласие', main: inBoth(main, english(args), args, BUTTONS) })
}

const agreement = ({ forChild, child }: ConsentPage): Html =>
  forChild && child !== undefined
    ? html`Мне понятен этот текст. Я даю согласие за себя и, как законный представитель, за ребёнка: ${child}`
    : html`Мне понятен этот текст, и я даю согласие`

function notice({ why }: ConsentPage): Html | undefined {
  if (why === 'unticked')
    return html`<p class="notice" role="alert">
      Чтобы продолжить, поставьте отметку под текстом. Или нажмите «Отказаться».
    </p>`
  if (why === undefined) return undefined
  return html`<p class="notice" role="status">Текст согласия изменился. Прочитайте его и решите заново.</p>`
}

const english = ({ journalTitle, child, forChild, why }: ConsentPage) => ({
  heading: 'Your consent is needed',
  happened: `“${journalTitle}” opens when you allow the processing of personal data. Until then we pass nothing on to it for signing you in.`,
  steps: [
    why === 'unticked'
      ? 'To go on, tick the box below the text, or press “Отказаться”.'
      : 'The text of the consent is Russian, as the law wants it: who processes which data, what for, for how long, and how to withdraw.',
    forChild && child !== undefined
      ? `You agree for yourself and, as the legal representative, for the child: ${child}.`
      : 'You agree for yourself.',
    'You may say no without a reason, and withdraw on any day.',
  ] as const satisfies readonly [string, string, string],
})

const BUTTONS =
  'On this page, the box says “I understand this text and agree”, “Согласиться и открыть журнал” agrees and opens the journal, and “Отказаться” says no.'
