/** Confirming who somebody is: from упрощённая or стандартная to подтверждённая. The register and the centre are played. */
import { parseSnils, printSnils } from '../../words/snils.js'
import { remember, type Account } from '../accounts/account.js'
import type { Idp } from '../idp.js'
import { html } from '../html.js'
import { complaint, input, page } from '../layout.js'
import { WrongInput } from '../wrong-input.js'
import { isInvented } from '../registration/invented.js'

export const ways = {
  centre: 'В центре обслуживания: показать паспорт сотруднику',
  video: 'По видео: показать лицо и паспорт в камеру',
  post: 'Заказным письмом: ввести код из письма',
  signature: 'Электронной подписью',
} as const

type Way = keyof typeof ways
const isWay = (text: string): text is Way => Object.hasOwn(ways, text)

/** The number that the played register knows. */
export const passportOf = ({ person }: Account): string => person.passport ?? `0000 ${person.userId.slice(-6)}`

export interface Proof {
  readonly passport: string
  readonly snils: string
  readonly way: string
}

/** @throws WrongInput when the papers are not those of the register */
export function confirmIdentity(idp: Idp, account: Account, { passport, snils, way }: Proof, device: string): void {
  const { person } = account
  const number = parseSnils(snils)
  if (!isWay(way)) throw new WrongInput('Выберите, как подтвердить личность.')
  if (number === undefined) throw new WrongInput('В СНИЛС ошибка: одиннадцать цифр, последние две проверочные.')
  const taken = idp.accounts.persons.some(
    other => other !== person && other.snils !== undefined && parseSnils(other.snils) === number,
  )
  const own = person.snils === undefined ? isInvented(number) && !taken : parseSnils(person.snils) === number
  if (passport.replace(/\s/g, '') !== passportOf(account).replace(/\s/g, '') || !own) {
    remember(account, idp.clock.now(), 'Личность не подтверждена: данные не совпали', device)
    throw new WrongInput('Данные не совпали с учебным реестром. Проверьте паспорт и СНИЛС.')
  }
  account.person = { ...person, passport: passportOf(account), snils: printSnils(number), level: 30 }
  remember(account, idp.clock.now(), `Личность подтверждена. ${ways[way]}`, device)
}

export function proofingPage(account: Account, suggested: string, wrong?: string): string {
  const { person } = account
  return page(
    'Подтвердить личность',
    html`<section class="card">
      <h1>Подтвердить личность</h1>
      <p>
        Всё здесь учебное: никто не звонит, сканы не загружаются. Реестр стенда знает ваш вымышленный паспорт
        <code>${passportOf(account)}</code> и СНИЛС <code>${person.snils ?? suggested}</code>.
      </p>
      ${complaint(wrong)}
      <form method="post" action="/idp/cabinet/confirm">
        ${input({ name: 'passport', label: 'Серия и номер паспорта' })} ${input({ name: 'snils', label: 'СНИЛС' })}
        <label for="way">Как подтвердить</label>
        <select id="way" name="way">
          ${Object.entries(ways).map(([value, title]) => html`<option value="${value}">${title}</option>`)}
        </select>
        <button>Подтвердить</button>
      </form>
      <p><a href="/idp/cabinet">К моим данным</a></p>
    </section>`,
  )
}
