/** What the web server in front of the bridge makes of the headers of a request. */
import { oneLine } from '../printable.js'
import { green, yellow, type Patient, type Remark } from './patient.js'

/** A request of ours as it arrived at the bridge. */
export interface Seen {
  readonly host: string
  readonly peer: string
  readonly address: string
  readonly forwardedFor: boolean
}

type Settings = Patient['configuration']['settings']

export function proxy({ publicUrl, listen }: Settings, seen: Seen): readonly Remark[] {
  const expected = new URL(publicUrl).host
  const remarks = [
    ...(seen.host === expected ? [] : [changedHost(oneLine(seen.host), expected)]),
    ...forwardedFor(listen.trustProxy, seen),
  ]
  if (remarks.length > 0) return remarks
  return [
    green('proxy', {
      en: `requests arrive as they should; this one came from ${seen.address}`,
      ru: `запросы доходят как надо; этот пришёл с ${seen.address}`,
    }),
  ]
}

const changedHost = (host: string, expected: string): Remark =>
  yellow(
    'proxy',
    { en: `the web server changes Host to ${host}`, ru: `веб-сервер меняет Host на ${host}` },
    {
      en: `nothing breaks, since only publicUrl counts; nginx: proxy_set_header Host ${expected}`,
      ru: `ничего не ломается, важен только publicUrl; nginx: proxy_set_header Host ${expected}`,
    },
  )

function forwardedFor(trusted: Settings['listen']['trustProxy'], seen: Seen): readonly Remark[] {
  if (seen.forwardedFor && trusted === false) return [NOT_BELIEVED]
  if (seen.forwardedFor && seen.address === seen.peer) return [ofAnother(seen.peer)]
  return !seen.forwardedFor && trusted !== false ? [NONE_COMES] : []
}

const NOT_BELIEVED = yellow(
  'proxy',
  {
    en: 'X-Forwarded-For comes and is not believed: the audit shows the address of the web server',
    ru: 'X-Forwarded-For приходит, но мост ему не верит: в журнале аудита стоит адрес веб-сервера',
  },
  {
    en: 'set listen.trustProxy: loopback if the web server is on this machine, else its address',
    ru: 'поставьте listen.trustProxy: loopback, если веб-сервер на этой же машине, иначе — его адрес',
  },
)

const ofAnother = (peer: string): Remark =>
  yellow(
    'proxy',
    {
      en: `X-Forwarded-For comes from ${peer}, which is not in listen.trustProxy`,
      ru: `X-Forwarded-For приходит с ${peer}, а этого адреса нет в listen.trustProxy`,
    },
    { en: 'add that address if it is your web server', ru: 'добавьте его, если это ваш веб-сервер' },
  )

const NONE_COMES = yellow(
  'proxy',
  {
    en: 'no X-Forwarded-For comes: the audit shows one address for everybody',
    ru: 'X-Forwarded-For не приходит: в журнале аудита у всех один адрес',
  },
  {
    en: 'nginx: proxy_set_header X-Forwarded-For $remote_addr',
    ru: 'nginx: proxy_set_header X-Forwarded-For $remote_addr',
  },
)
