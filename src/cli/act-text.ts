/** The act of destruction as people sign it: what order № 179 of Роскомнадзор (28.10.2022), points 3 to 5, wants in it. */
import type { AuditEvent } from '../audit/audit.js'
import type { Destroyed, Destruction } from '../login/consent-ports.js'
import type { Settings } from '../settings/settings.js'

const categories: Readonly<Record<Destroyed['category'], string>> = {
  consents: 'имя, логин, адрес и браузер, при которых дано согласие; имя, класс и код ребёнка',
  links: 'связь с учётной записью: имя, дата рождения, отпечатки номера Госуслуг и СНИЛС',
  devices: 'запомненные устройства: название, отпечатки номера Госуслуг и СНИЛС',
  creations: 'начатое создание учётной записи журнала',
  accounts: 'учётная запись, созданная при первом входе: имя, дата рождения, СНИЛС, логин',
  messages: 'неотправленные уведомления: адрес почты и текст',
  choices: 'выбор уведомлений',
  requests: 'обращения в школу: имя, дата рождения, СНИЛС, контакты',
}

export interface Act {
  readonly number: string
  readonly operator?: { readonly name: string; readonly address: string }
  /** Stands for the person, whose name was destroyed with the rest. */
  readonly person: string
  readonly system: string
  readonly school: string
  readonly journal: string
  readonly consent: { readonly version: string; readonly hash: string }
  readonly categories: readonly { readonly name: string; readonly records: number }[]
  readonly how: string
  readonly reason: string
  readonly withdrawnAt: string
  readonly destroyedAt: string
  /** Copies of the database that still hold the data are gone then; absent where the settings do not say how long they are kept. */
  readonly backupsGoneAt?: string
  readonly log: readonly { readonly at: string; readonly what: string; readonly facts: string }[]
}

export function actOf(
  { number, person, school, journal, version, hash, orderedAt, done }: Destruction,
  log: readonly AuditEvent[],
  { consent, publicUrl, schools, journals }: Settings,
): Act {
  const at = done?.at ?? orderedAt
  const kept = consent?.backupsKept
  return {
    number,
    ...(consent && { operator: consent.operator }),
    person,
    system: `мост к электронным журналам, ${publicUrl}`,
    school: schools.find(({ code }) => code === school)?.title ?? school,
    journal: journals.find(each => each.journal.id === journal)?.journal.title ?? journal,
    consent: { version, hash },
    categories: (done?.destroyed ?? []).flatMap(({ category, records }) =>
      records > 0 ? [{ name: categories[category], records }] : [],
    ),
    how: 'удаление записей и полей из базы данных с затиранием; журнал и программа восстановить их не могут',
    reason: 'отзыв согласия субъекта (152-ФЗ, ст. 21, ч. 5)',
    withdrawnAt: iso(orderedAt),
    destroyedAt: iso(at),
    ...(kept !== undefined && { backupsGoneAt: iso(at + kept) }),
    log: log.map(event => ({ at: iso(event.at), what: event.what, facts: factsOf(event) })),
  }
}

const iso = (at: number): string => new Date(at).toISOString()
const factsOf = ({ facts = {} }: AuditEvent): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ')

const BLANK = '____________________________'

export const printAct = (act: Act): string => `АКТ об уничтожении персональных данных № ${act.number}

Оператор: ${act.operator ? `${act.operator.name}, ${act.operator.address}` : BLANK}
Лицо, обрабатывавшее данные по поручению оператора: ${BLANK}
Субъект: псевдоним ${act.person} (имя и другие сведения уничтожены)
Школа и журнал: ${act.school}, «${act.journal}»
Информационная система: ${act.system}
Категории уничтоженных данных:
${act.categories.map(({ name, records }) => `  - ${name} (записей: ${records})`).join('\n') || '  - записей не было'}
Способ: ${act.how}
Причина: ${act.reason}, отзыв ${act.withdrawnAt}
Дата уничтожения: ${act.destroyedAt}
Резервные копии с этими данными исчезнут: ${act.backupsGoneAt ?? `${BLANK} (в настройках нет consent.backupsKept)`}
Сохраняется: запись о согласии без имени (псевдоним, текст версии ${act.consent.version}, SHA-256 ${act.consent.hash}) как доказательство;
  журнал событий, где стоят псевдонимы; список школы, который школа ведёт на своём основании.

Уничтожено программой. Ответственные (должность, имя, подпись):
  ${BLANK}
  ${BLANK}

Выгрузка из журнала регистрации событий (UTC):
${act.log.map(({ at, what, facts }) => `  ${at}  ${what}  ${facts}`).join('\n')}
`
