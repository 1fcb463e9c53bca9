/** What is said about anomalies: to the administration, at the command line and on the page of a school. */
import type { Instant } from '../base/clock.js'
import type { RuleName, Subject, Trouble } from '../words/watched.js'
import type { AlertContent, Anomaly, ToldAnomaly } from './ports.js'

/** What happened, with the number that the rule counts. */
export const happened: Readonly<Record<RuleName, (value: number) => string>> = {
  'person-failures': value => `один человек много раз ошибся в кодах и паролях (${value})`,
  'network-failures': value => `с одного адреса много отказов подряд (${value})`,
  'many-accounts': value => `с одного адреса вошли под многими людьми (${value})`,
  'codes-tried': value => `с одного адреса перебирают коды школы или старые пароли (${value})`,
  travel: value => `один человек вошёл из двух мест, между которыми так быстро не доехать (${value} км)`,
  'many-devices': value => `один человек вошёл с многих устройств (${value})`,
  'refusal-spike': value => `один и тот же отказ стал намного чаще обычного (${value})`,
}

/** What whoever looks after the bridge does about it. */
export const advice: Readonly<Record<RuleName, string>> = {
  'person-failures':
    'Посмотрите по номеру обращения (explain), что он вводил; если это подбор, запрет уже стоит или поставьте его (anomalies lock).',
  'network-failures':
    'Посмотрите по номеру обращения (explain), что не получается. Если адрес принадлежит школе, впишите его в anomalies.schoolNetworks.',
  'many-accounts':
    'Если это школа, библиотека или оператор связи, впишите адрес в anomalies.schoolNetworks; если нет, запретите его (anomalies lock).',
  'codes-tried':
    'Если это не школа, запретите адрес (anomalies lock). Коды, которые могли увидеть чужие, отзовите (revoke-codes) и напечатайте заново.',
  travel:
    'Спросите человека, он ли это. Если нет: закончите его входы (end-sessions), и пусть он сменит пароль на Госуслугах.',
  'many-devices':
    'Спросите человека, он ли это. Если нет: закончите его входы (end-sessions), и пусть он сменит пароль на Госуслугах.',
  'refusal-spike':
    'Что значит этот отказ и что делать, сказано в docs/refusals.md; по номеру обращения расскажет explain.',
}

const kinds: Readonly<Record<Subject['kind'], string>> = { person: 'псевдоним', network: 'адрес', code: 'отказ' }

export const subjectTold = ({ kind, name }: Subject): string => `${kinds[kind]} ${name}`

const MOMENT = new Intl.DateTimeFormat('ru', {
  ...({ day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' } as const),
  timeZone: 'Europe/Moscow',
})
export const inMoscow = (at: Instant): string => `${MOMENT.format(at)} по Москве`

export function linesAbout(anomaly: ToldAnomaly): readonly string[] {
  const { id, rule, subject, value, first, last, number, schools, lockedUntil } = anomaly
  return [
    `${id}: ${happened[rule](value)}`,
    `  ${subjectTold(subject)}`,
    `  впервые ${inMoscow(first)}, последний раз ${inMoscow(last)}`,
    ...(number === undefined ? [] : [`  номер обращения ${number}`]),
    ...(schools.length === 0 ? [] : [`  школы: ${schools.join(', ')}`]),
    ...(lockedUntil === undefined ? [] : [`  вход запрещён до ${inMoscow(lockedUntil)}`]),
    `  ${advice[rule]}`,
  ]
}

export function alertMail({ anomalies, more }: AlertContent, publicUrl: string): { subject: string; text: string } {
  const { host } = new URL(publicUrl)
  const count = anomalies.length + more
  return {
    subject: `${host}: необычные события (${count})`,
    text: [
      `Мост входа ${host} заметил необычное.`,
      '',
      ...anomalies.flatMap(each => [...linesAbout(each), '']),
      ...(more > 0 ? [`И ещё ${more}: npx --no-install bridge anomalies list`, ''] : []),
      'Посмотреть всё: npx --no-install bridge anomalies list',
      'Больше не напоминать: npx --no-install bridge anomalies acknowledge ID --reason "…"',
      'Снять запрет: npx --no-install bridge anomalies unlock ID --reason "…"',
      '',
      'Имён здесь нет и не будет: мост называет людей псевдонимами.',
    ].join('\n'),
  }
}

export const asTold = (anomaly: Anomaly, lockedUntil?: Instant): ToldAnomaly => {
  const { id, rule, subject, value, first, last, number, accounts } = anomaly
  return {
    ...{ id, rule, subject, value, first, last, schools: [...new Set(accounts.map(({ school }) => school))] },
    ...(number !== undefined && { number }),
    ...(lockedUntil !== undefined && { lockedUntil }),
  }
}

/** After «Госуслуги сейчас …». */
export const troubleTitles: Readonly<Record<Trouble, string>> = {
  errors: 'отвечают с ошибками',
  signature: 'подписывают ответы ключом, которого мост не знает',
  clocks: 'отвечают с неверным временем',
  answers: 'присылают испорченные ответы',
  silent: 'не отвечают',
  metadata: 'давно не обновляли сведения о себе',
}
