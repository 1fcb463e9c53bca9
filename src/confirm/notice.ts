/** What notices say. They lead to the cabinet, and carry no address that opens anything by itself. */
import type { Instant } from '../base/clock.js'
import type { NoticeKind } from '../words/notice.js'
import type { Support } from '../words/school.js'
import type { RuleName } from '../words/watched.js'

export interface Told {
  readonly at: Instant
  readonly publicUrl: string
  /** The browser in two words: `Chrome, Android`. */
  readonly device: string
  /** Whom to call. */
  readonly help?: { readonly title: string; readonly support: Support }
}

export interface NoticeText {
  readonly kind: NoticeKind
  readonly subject: string
  readonly text: string
}

const MOMENT = new Intl.DateTimeFormat('ru', {
  ...({ day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const),
  timeZone: 'Europe/Moscow',
})

const letter = ({ at, publicUrl, help }: Told, what: readonly string[], ifNotYou: string): string =>
  [
    ...what,
    `Когда: ${MOMENT.format(at)} по Москве.`,
    '',
    ifNotYou,
    `Ваш кабинет: ${publicUrl}/me. Там видно, где вы вошли, и там же выключаются эти письма.`,
    ...(help
      ? [
          '',
          `Помощь: ${[help.title, help.support.phone, help.support.email, help.support.hours].filter(Boolean).join(', ')}`,
        ]
      : []),
    '',
    'На это письмо отвечать не нужно. Мы никогда не просим паролей и кодов.',
  ].join('\n')

const NOT_YOU =
  'Если это были не вы, смените пароль на Госуслугах, потом завершите чужие входы в кабинете и позвоните в школу.'

export const newDevice = (told: Told): NoticeText => ({
  kind: 'devices',
  subject: 'Новое устройство: вход в электронный журнал',
  text: letter(
    told,
    [
      'Под вашим именем вошли на сайт входа в электронный журнал с устройства, которого мы раньше не видели.',
      `Устройство: ${told.device}.`,
    ],
    `Если это вы, ничего делать не нужно. ${NOT_YOU}`,
  ),
})

export const linkMade = (told: Told, journal: string): NoticeText => ({
  kind: 'accounts',
  subject: 'К вам привязана учётная запись журнала',
  text: letter(told, [`Теперь под вашим именем открывается журнал «${journal}».`], NOT_YOU),
})

export const linkEnded = (told: Told, journal: string): NoticeText => ({
  kind: 'accounts',
  subject: 'Учётная запись журнала отвязана',
  text: letter(
    told,
    [`Журнал «${journal}» под вашим именем больше не открывается. Вернуть запись можно 30 дней.`],
    NOT_YOU,
  ),
})

export const consentWithdrawn = (told: Told): NoticeText => ({
  kind: 'consents',
  subject: 'Согласие на обработку данных отозвано',
  text: letter(
    told,
    ['Согласие отозвано, все ваши входы завершены. Дать его снова можно при следующем входе в журнал.'],
    NOT_YOU,
  ),
})

/** The last one: whoever switches them off in another person's name is seen all the same. */
export const switchedOff = (told: Told): NoticeText => ({
  kind: 'devices',
  subject: 'Уведомления о входах выключены',
  text: letter(told, ['Письма о входах с новых устройств выключены в вашем кабинете. Это последнее из них.'], NOT_YOU),
})

/** What of it the person can know; rules about networks and refusals are none of theirs. */
const noticed: Partial<Readonly<Record<RuleName, string>>> = {
  travel: 'Под вашим именем вошли из двух мест, между которыми за это время не доехать.',
  'many-devices': 'За сутки под вашим именем вошли с необычно многих устройств.',
  'person-failures': 'Под вашим именем много раз подряд ввели неверный код или пароль.',
}

/** @param lockedUntil while no journal opens under their name */
export const unusual =
  ({ what, lockedUntil }: { readonly what: RuleName; readonly lockedUntil?: Instant }) =>
  (told: Told): NoticeText => ({
    kind: 'unusual',
    subject: lockedUntil === undefined ? 'Необычный вход под вашим именем' : 'Мы приостановили вход под вашим именем',
    text: letter(
      told,
      [
        noticed[what] ?? 'Мы заметили необычный вход под вашим именем.',
        ...(lockedUntil === undefined
          ? []
          : [
              `Чтобы ваши данные не увидел чужой, журнал под вашим именем не открывается до ${MOMENT.format(lockedUntil)} по Москве. Потом всё заработает само.`,
            ]),
      ],
      lockedUntil === undefined
        ? `Если это вы, ничего делать не нужно. ${NOT_YOU}`
        : `Если это вы, можно подождать, снять запрет в кабинете или позвонить в школу. ${NOT_YOU}`,
    ),
  })
