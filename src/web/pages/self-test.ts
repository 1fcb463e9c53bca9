import type { Instant } from '../../base/clock.js'
import { checkTitle } from '../../saml/check-titles.js'
import type { Attribute, NameId } from '../../saml/assertion.js'
import type { Check } from '../../words/check.js'
import { fullName, type Level, type Person } from '../../words/person.js'
import { printSnils } from '../../words/snils.js'
import { html, type Hole, type Html } from './html.js'
import { page, type Frame, type SignedIn } from './layout.js'
import { moment } from './number.js'

export interface PersonField {
  readonly label: string
  readonly value: string
}

export interface SelfTestPage extends Frame {
  readonly signedIn: SignedIn
  readonly number: string
  readonly at: Instant
  readonly checks: readonly Check[]
  /** What is known of the IdP's clock, in a sentence. */
  readonly clocks?: string | undefined
  readonly nameId?: NameId | undefined
  readonly attributes: readonly Attribute[]
  readonly person: readonly PersonField[]
  /** What the mapping would do, journal by journal, in sentences. */
  readonly decision: readonly { readonly journal: string; readonly lines: readonly string[] }[]
}

/** For the school's IT: everything about one login that enters no journal. */
export function selfTestPage(args: SelfTestPage): string {
  const failed = args.checks.filter(check => check.result === 'fail').length
  const main = html`<h1>Проверка входа</h1>
    <p class="lead">
      ${failed === 0 ? 'Ответ принят, все проверки пройдены.' : `Не пройдено проверок: ${failed}.`} Журнал не
      открывался.
    </p>
    <p>Номер обращения <span class="sign">${args.number}</span>, ${moment(args.at)}.</p>
    <p class="hint">На странице ваши личные данные. Прежде чем послать кому-нибудь снимок экрана, закройте их.</p>
    ${decisions(args.decision)}
    <h2 id="person">Ваши данные, как мы их поняли</h2>
    ${table(
      'person',
      ['Поле', 'Значение'],
      args.person.map(({ label, value }) => [label, value]),
    )}
    <h2 id="checks">Проверки ответа</h2>
    ${args.clocks !== undefined && html`<p>${args.clocks}</p>`}
    ${table('checks', ['Проверка', 'Итог', 'Ожидали', 'Получили'], args.checks.map(checkRow))}
    <h2 id="attributes">Что прислал поставщик</h2>
    ${nameIdLine(args.nameId)} ${table('attributes', ['Атрибут', 'Значения'], args.attributes.map(attributeRow))}`
  return page({ ...args, number: undefined, title: 'Проверка входа', wide: true, main })
}

const decisions = (decision: SelfTestPage['decision']): Html =>
  html`<h2>Что было бы дальше</h2>
    ${decision.length === 0 && html`<p>Журналов в настройках пока нет.</p>`}
    ${decision.map(
      ({ journal, lines }) =>
        html`<h3>${journal}</h3>
          <ul>
            ${lines.map(line => html`<li>${line}</li>`)}
          </ul>`,
    )}`

const results: Readonly<Record<Check['result'], Html>> = {
  pass: html`<span class="result pass">пройдена</span>`,
  fail: html`<span class="result fail">не пройдена</span>`,
  'not-checked': html`<span class="result">не проверялась</span>`,
}

const checkRow = ({ check, result, expected, found, why }: Check): readonly Hole[] => [
  html`${checkTitle(check)} <code>${check}</code>${why !== undefined && html`<br /><small>${why}</small>`}`,
  results[result],
  expected !== undefined && html`<code>${expected}</code>`,
  found !== undefined && html`<code>${found}</code>`,
]

const attributeRow = ({ name, friendlyName, values }: Attribute): readonly Hole[] => [
  html`<code>${name}</code>${friendlyName !== undefined && html`<br /><small>${friendlyName}</small>`}`,
  values.length === 0 ? html`<em>пусто</em>` : values.map((value, i) => [i > 0 && html`<br />`, value]),
]

const nameIdLine = (nameId: NameId | undefined): Html =>
  nameId
    ? html`<p>
        NameID <code>${nameId.value}</code>${nameId.format !== undefined && html`, вид <code>${nameId.format}</code>`}
      </p>`
    : html`<p>NameID не пришёл.</p>`

/** Wide tables scroll inside their own region, which a keyboard reaches; the page itself never scrolls sideways. */
const table = (titleId: string, heads: readonly string[], rows: readonly (readonly Hole[])[]): Html =>
  html`<div class="scroll" role="region" aria-labelledby="${titleId}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${heads.map(head => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...rest]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${rest.map(cell => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`

const levelTitles: Readonly<Record<Level, string>> = {
  simplified: 'упрощённая',
  standard: 'стандартная',
  confirmed: 'подтверждённая',
}

/** The person as the bridge understood the answer; shown to that person alone. */
export function personFields(person: Person): readonly PersonField[] {
  const { snils, organisation } = person
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['Имя', fullName(person)],
    ['СНИЛС', snils === undefined ? 'не передан' : printSnils(snils)],
    ['Дата рождения', person.birthDate?.split('-').reverse().join('.')],
    ['Учётная запись', levelTitles[person.level]],
    ['Номер в ЕСИА', person.userId],
    ['Почта', person.email],
    ['Телефон', person.mobile],
    ['Вошли как', person.globalRole === 'E' ? 'сотрудник организации' : 'частное лицо'],
    ['Организация', organisation?.name],
    ['ОГРН', organisation?.ogrn],
    ['ИНН', organisation?.inn],
    ['Должность', organisation?.position],
    ['Способ входа', person.authnMethod],
  ]
  return fields.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [{ label, value }]))
}
