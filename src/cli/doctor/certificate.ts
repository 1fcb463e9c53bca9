/** The certificate that browsers are shown under publicUrl. */
import { daysLeft, SOON } from '../../settings/expiries.js'
import type { TlsSeen } from '../network.js'
import { shownTime } from '../printable.js'
import { countedInRussian, green, red, yellow, type Remark, type Said } from './patient.js'

const WHOLE_CHAIN = {
  en: 'have the web server send the whole chain',
  ru: 'пусть веб-сервер отдаёт всю цепочку',
}
const TRUSTED = {
  en: 'get one from an authority that browsers trust',
  ru: 'получите сертификат у центра, которому доверяют браузеры',
}

const FAULTS: Readonly<Record<string, readonly [what: Said, fix: Said]>> = {
  CERT_HAS_EXPIRED: [
    { en: 'the certificate has expired', ru: 'срок сертификата истёк' },
    { en: 'renew it', ru: 'обновите его' },
  ],
  CERT_NOT_YET_VALID: [
    { en: 'the certificate is not valid yet', ru: 'сертификат ещё не действует' },
    { en: 'look at the clock of this machine', ru: 'проверьте часы этой машины' },
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    { en: 'the certificate is for another name', ru: 'сертификат выдан на другое имя' },
    { en: 'get one for the name in publicUrl', ru: 'получите сертификат на имя из publicUrl' },
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    { en: 'the intermediate certificate is missing', ru: 'не хватает промежуточного сертификата' },
    { en: `${WHOLE_CHAIN.en} (fullchain)`, ru: `${WHOLE_CHAIN.ru} (fullchain)` },
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    {
      en: 'the certificate is from an authority that Node.js does not know',
      ru: 'сертификат выдан центром, которого Node.js не знает',
    },
    {
      en: `${WHOLE_CHAIN.en}; a root of your own goes into NODE_EXTRA_CA_CERTS`,
      ru: `${WHOLE_CHAIN.ru}; свой корневой сертификат укажите в NODE_EXTRA_CA_CERTS`,
    },
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [{ en: 'the certificate is self-signed', ru: 'сертификат подписан сам собой' }, TRUSTED],
  SELF_SIGNED_CERT_IN_CHAIN: [
    {
      en: 'the certificate is from an authority of somebody’s own',
      ru: 'сертификат выдан чьим-то собственным центром',
    },
    {
      en: `${TRUSTED.en}, or give its root in NODE_EXTRA_CA_CERTS`,
      ru: `${TRUSTED.ru}, или укажите его корневой сертификат в NODE_EXTRA_CA_CERTS`,
    },
  ],
}

const unknown = (fault: string): readonly [what: Said, fix: Said] => [
  { en: `browsers would not trust it (${fault})`, ru: `браузеры не стали бы доверять сертификату (${fault})` },
  { en: 'look at it in a browser', ru: 'посмотрите на него в браузере' },
]

export function tlsRemarks({ fault, protocol, notAfter }: TlsSeen, now: number): readonly Remark[] {
  const version = /^TLSv1\.[23]$/.test(protocol) ? [] : [outdated(protocol)]
  if (fault !== undefined) return [red('tls', ...(FAULTS[fault] ?? unknown(fault))), ...version]
  const [time, left] = [shownTime(notAfter), daysLeft(notAfter, now)]
  const until = {
    en: `the certificate of publicUrl ends on ${time}, in ${left} days`,
    ru: `сертификат publicUrl действует до ${time}, ещё ${countedInRussian(left, 'день', 'дня', 'дней')}`,
  }
  if (notAfter <= now + SOON / 2) return [yellow('tls', until, NOT_RENEWED), ...version]
  return [green('tls', { en: `${protocol}; ${until.en}`, ru: `${protocol}; ${until.ru}` }), ...version]
}

const NOT_RENEWED = {
  en: 'see why it is not renewed by itself',
  ru: 'выясните, почему он не обновляется сам',
}

const outdated = (protocol: string): Remark =>
  red(
    'tls',
    {
      en: `${protocol} is spoken, which browsers refuse`,
      ru: `веб-сервер говорит по ${protocol}, а браузеры его не принимают`,
    },
    { en: 'let the web server speak TLS 1.2 and 1.3', ru: 'включите в веб-сервере TLS 1.2 и 1.3' },
  )
