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
import { oneLine } from './printable.js'

/** @returns undefined when nothing of it is for the IdP's people to mend */
export function letterToIdp(
  { configuration, trust }: { readonly configuration: Configuration; readonly trust: Trust },
  number: RequestNumber,
  events: readonly AuditEvent[],
): string | undefined {
  const refused = events.findLast(({ code }) => code !== undefined && refusals[code].fault === 'idp')
  if (refused?.code === undefined) return undefined
  const asked = events.find(({ what }) => what === 'login.started' || what === 'logout.started')
  const sp = serviceProviderOf(configuration)
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Ваш сервер (IdP)', refused.idp],
    ['Наш сервис (SP)', sp.entityId],
    ['Адрес для ответов', sp.acsUrl],
    ['Запрос отправлен', asked && utc(asked.at)],
    ['ID запроса', textOf(asked?.facts?.['request'])],
    ['Ответ получен', utc(refused.at)],
    ['ID ответа', refused.checks?.find(({ check }) => check === 'message')?.found],
    ['Номер обращения у нас', number],
    ['Код отказа', `${refused.code} (${refusals[refused.code].meaning})`],
    ['Часы', clocks(refused)],
  ]
  return [
    `Тема: не принят ответ SAML, ${refused.code}, ${utc(refused.at)}`,
    '',
    'Здравствуйте!',
    '',
    'Человек входил в электронный журнал через ваш сервер. Ответ вашего сервера мы принять не смогли. Пожалуйста, проверьте',
    'его настройки для нашего сервиса.',
    '',
    ...rows.flatMap(([name, value]) => (value === undefined ? [] : [`${`${name}:`.padEnd(23)} ${oneLine(value)}`])),
    '',
    ...(refused.checks ?? []).filter(({ result }) => result === 'fail').flatMap(failed),
    ...trustLines(trust, refused.idp),
    'Персональных данных в этом письме нет. Сам ответ мы не храним; если он нужен, повторим вход вместе с вами.',
  ].join('\n')
}

function failed({ check, expected, found, why }: Check): string[] {
  const details = [
    ['ожидали', expected],
    ['получили', found],
    ['подробности', why],
  ].flatMap(([name, text]) => (text === undefined ? [] : [`  ${`${name!}:`.padEnd(13)} ${oneLine(text)}`]))
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
