/** A letter that school IT can send to the IdP's people as it stands: what failed, expected and found, and nobody's name. */
import { createHash } from 'node:crypto'
import type { AuditEvent } from '../audit/audit.js'
import { refusals } from '../base/refusals.js'
import type { RequestNumber } from '../base/request-number.js'
import { serviceProviderOf } from '../compose.js'
import { checkTitle } from '../saml/check-titles.js'
import type { Trust } from '../saml/trust.js'
import type { Configuration } from '../settings/configuration.js'
import type { Check } from '../words/check.js'
import { inRussian } from './checks-in-russian.js'
import { isOfTheIdp, meaningRu } from './letter-words.js'
import { oneLine } from './printable.js'

/** @returns undefined when nothing of it is for the IdP's people to mend */
export function letterToIdp(
  { configuration, trust }: { readonly configuration: Configuration; readonly trust: Trust },
  number: RequestNumber,
  events: readonly AuditEvent[],
): string | undefined {
  const refused = events.findLast(({ code }) => code !== undefined && isOfTheIdp(code))
  if (refused?.code === undefined || !isOfTheIdp(refused.code)) return undefined
  const asked = events.find(({ what }) => what === 'login.started' || what === 'logout.started')
  const sp = serviceProviderOf(configuration)
  const known = refusals[refused.code].meaning
  const about = /^soap\./.test(refused.code) ? BY_SOAP : /^logout\./.test(refused.code) ? LOGOUT : LOGIN
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Ваш сервер (IdP)', refused.idp],
    ['Наш сервис (SP)', sp.entityId],
    [about.address, about.at(sp)],
    ['Запрос отправлен', asked && utc(asked.at)],
    ['ID запроса', textOf(asked?.facts?.['request'])],
    [about.arrived, utc(refused.at)],
    ['ID ответа', refused.checks?.find(({ check, result }) => check === 'message' && result === 'pass')?.found],
    ['Номер обращения у нас', number],
    ['Код отказа', `${refused.code} — ${meaningRu[refused.code]}`],
    ['Часы', clocks(refused)],
  ]
  return [
    `Тема: ${about.subject}, ${refused.code}, ${utc(refused.at)}`,
    '',
    'Здравствуйте!',
    '',
    ...about.happened(refused.idp !== undefined),
    '',
    ...rows.flatMap(([name, value]) => (value === undefined ? [] : [`${`${name}:`.padEnd(23)} ${oneLine(value)}`])),
    '',
    ...(refused.checks ?? []).filter(({ result }) => result === 'fail').flatMap(check => failed(check, known)),
    ...trustLines(trust, refused.idp),
    about.end,
  ].join('\n')
}

interface Words {
  readonly subject: string
  readonly address: string
  readonly at: (sp: ReturnType<typeof serviceProviderOf>) => string
  readonly arrived: string
  /** @param known whether a signature proves whose message it is */
  readonly happened: (known: boolean) => readonly string[]
  readonly end: string
}

const LOGIN: Words = {
  subject: 'не принят ответ SAML',
  address: 'Адрес для ответов',
  at: ({ acsUrl }) => acsUrl,
  arrived: 'Ответ получен',
  happened: () => [
    'Человек входил в электронный журнал через ваш сервер. Ответ вашего сервера мы принять не смогли. Пожалуйста, проверьте',
    'его настройки для нашего сервиса.',
  ],
  end: 'Персональных данных в этом письме нет. Сам ответ мы не храним; если он нужен, повторим вход вместе с вами.',
}

const LOGOUT: Words = {
  subject: 'не принята просьба о выходе (LogoutRequest)',
  address: 'Адрес для выхода',
  at: ({ sloUrl }) => sloUrl,
  arrived: 'Просьба получена',
  happened: known =>
    known
      ? [
          'Ваш сервер попросил нас закончить вход человека (LogoutRequest). Выполнить эту просьбу мы не смогли. Пожалуйста,',
          'проверьте его настройки для нашего сервиса.',
        ]
      : [
          'На наш адрес для выхода пришло сообщение, которое мы не смогли прочитать; кто его прислал, по нему не видно.',
          'Если это ваш сервер, пожалуйста, проверьте, как он отправляет нам LogoutRequest.',
        ],
  end: 'Персональных данных в этом письме нет. Само сообщение мы не храним; если оно нужно, повторим выход вместе с вами.',
}

const BY_SOAP: Words = { ...LOGOUT, at: ({ sloUrl }) => `${sloUrl}/soap` }

/** @param known what the line of the code says already */
function failed({ check, expected, found, why }: Check, known: string): string[] {
  const details = [
    ['ожидали', expected],
    ['получили', found],
    ['подробности', why],
  ].flatMap(([name, text]) =>
    text === undefined || text === known ? [] : [`  ${`${name!}:`.padEnd(13)} ${oneLine(inRussian(text))}`],
  )
  return [`Не пройдена проверка «${checkTitle(check) ?? check}» (${check})`, ...details, '']
}

/** So that both sides can see whether they speak of the same metadata. */
function trustLines(trust: Trust, entityId: string | undefined): string[] {
  const idp = entityId === undefined ? undefined : trust.find(entityId)
  if (!idp) return []
  const sha256 = createHash('sha256').update(idp.metadataXml).digest('hex')
  return [
    `Ваши метаданные у нас: SHA-256 файла ${sha256}`,
    ...idp.signingKeys.map(({ fingerprint }) => `  ключ подписи, SHA-256: ${fingerprint}`),
    '',
  ]
}

function clocks({ facts }: AuditEvent): string | undefined {
  const drift = facts?.['drift']
  if (typeof drift !== 'number' || Math.abs(drift) < 5) return undefined
  return `по этому ответу ваши ${drift < 0 ? 'отстают от наших' : 'спешат относительно наших'} на ${Math.abs(drift)} с`
}

const textOf = (fact: string | number | boolean | undefined): string | undefined =>
  fact === undefined ? undefined : String(fact)

const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
