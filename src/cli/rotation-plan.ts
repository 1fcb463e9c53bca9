/** The calendar of a change of keys, and the letter to the IdP's people, who must know the new certificate before it counts. */
import type { Instant } from '../base/clock.js'
import { describeCertificate } from '../certificates/describe.js'
import type { KeyUse, OwnKey } from '../settings/key-states.js'
import { oneLine } from './printable.js'

const DAY = 86_400_000
/** Days between publishing a key and using it: people at the IdP take weeks. */
export const WAIT_DAYS = 21
/** Days that a retired key stays published: what was under way, and caches of a day or two. */
export const RETIRE_DAYS = 14
/** Days that it goes on decrypting after that. */
const KEEP_DAYS = 30

export interface RotationFacts {
  readonly keys: Readonly<Record<KeyUse, readonly OwnKey[]>>
  readonly uses: readonly KeyUse[]
  readonly entityId: string
  readonly metadataUrl: string
  readonly organization: string
  readonly contact: string
  readonly now: Instant
}

export const day = (at: Instant): string => new Date(at).toISOString().slice(0, 10)
const russianDay = (at: Instant): string => day(at).split('-').reverse().join('.')

/** When the step is due: what the settings say already, else counted from today. */
export function datesOf({ keys, uses, now }: RotationFacts) {
  const listed = uses.flatMap(use => keys[use])
  const next = listed.find(({ state }) => state === 'next')
  const from = next?.from ?? now + WAIT_DAYS * DAY
  const retired = listed.find(({ state }) => state === 'retired')
  const until = (next ? undefined : retired?.until) ?? from + RETIRE_DAYS * DAY
  return { isMade: next !== undefined, begin: now, from, until, drop: until + KEEP_DAYS * DAY }
}

export function planned(facts: RotationFacts): string[] {
  const { isMade, begin, from, until, drop } = datesOf(facts)
  return [
    'The change of keys',
    '',
    isMade
      ? `  done        the next key is in the settings and in our metadata`
      : `  ${day(begin)}  rotate-certs --make-next: makes the next key and publishes it; restart the bridge, send the letter`,
    `  until then  the IdP loads our metadata anew and confirms the new certificate in writing`,
    `  ${day(from)}  rotate-certs --switch: the next key signs and stands first, the old one is retired; restart, try a login`,
    `  ${day(until)}  the retired key leaves our metadata by itself; it still decrypts`,
    `  ${day(drop)}  rotate-certs --drop: takes it out of the settings; restart, then remove its files`,
    '',
    'At any moment before the last step there is a way back: swap the words next, current and retired in the settings.',
  ]
}

const purposes: Readonly<Record<KeyUse, string>> = { signing: 'подпись', decryption: 'шифрование' }

export function letter(facts: RotationFacts): string[] {
  const { isMade, from, until } = datesOf(facts)
  return [
    `Тема: смена сертификатов поставщика услуг ${facts.entityId}`,
    '',
    'Здравствуйте!',
    '',
    `${oneLine(facts.organization)} меняет сертификаты системы, которая подключена к вам по SAML 2.0.`,
    '',
    `  entityID:   ${facts.entityId}`,
    `  метаданные: ${facts.metadataUrl}`,
    '',
    ...facts.uses.flatMap(use => certificatesOf(facts.keys[use], use)),
    ...(isMade ? [] : ['Отпечатки новых сертификатов пришлём вместе с новыми метаданными.', '']),
    'Просим:',
    `  1. до ${russianDay(from)} загрузить наши метаданные заново и принять оба сертификата: и прежний, и новый;`,
    '  2. сверить отпечатки и ответить на это письмо, что новые сертификаты приняты;',
    `  3. после ${russianDay(until)} удалить прежние сертификаты.`,
    '',
    `Переход на новые сертификаты: ${russianDay(from)}. До этого дня запросы подписаны прежним ключом. Ответы, зашифрованные`,
    'для любого из двух сертификатов, мы читаем всё это время, поэтому перерыва во входе не будет.',
    '',
    `Вопросы: ${facts.contact}`,
  ]
}

function certificatesOf(keys: readonly OwnKey[], use: KeyUse): string[] {
  const shown = (state: 'current' | 'next', title: string): string[] => {
    const key = keys.find(each => each.state === state)
    if (!key) return []
    const { sha256, subject, notBefore, notAfter } = describeCertificate(key.certificatePem)
    return [
      `  ${title} (${purposes[use]}): ${oneLine(subject)}`,
      `      SHA-256 ${sha256}`,
      `      действует с ${russianDay(notBefore)} по ${russianDay(notAfter)}`,
    ]
  }
  const lines = [...shown('current', 'прежний сертификат'), ...shown('next', 'новый сертификат')]
  return lines.length === 0 ? [] : [...lines, '']
}
