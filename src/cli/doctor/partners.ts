/** Those whom browsers are sent to: do they answer, what do their clocks say, which certificates end. */
import { trustOf } from '../../compose.js'
import { redirectEndpoint } from '../../saml/samlify-entities.js'
import { daysLeft, expiriesOf, SOON, withValidity, type Expiry, type ExpiryKind } from '../../settings/expiries.js'
import type { Trust } from '../../saml/trust.js'
import { ask, NoAnswer, type Answer } from '../network.js'
import { oneLine, shownTime } from '../printable.js'
import { countedInRussian, green, red, skipped, yellow, type Patient, type Remark, type Said } from './patient.js'
import { driftInRussian, driftRemark } from './public-address.js'

export async function identityProviders(patient: Patient): Promise<readonly Remark[]> {
  const remarks = await Promise.all(
    trustedBy(patient).idps.map(async idp => {
      const to = redirectEndpoint(idp.singleSignOn)
      const seen = to === undefined ? undefined : await reach(patient, 'idp', theIdp(idp.title), new URL(to))
      return [...(seen?.remarks ?? []), ...(seen?.answer ? clockOf(patient, idp.entityId, seen.answer) : [])]
    }),
  )
  return remarks.flat()
}

const theIdp = (title: string): Said => ({ en: `the IdP ${title}`, ru: `IdP ${title}` })
const theJournal = (title: string): Said => ({ en: `the journal ${title}`, ru: `журнал ${title}` })

/** By which names connectors know where browsers go; `home` of some is a path of `site`. */
type Addresses = Readonly<Partial<Record<'url' | 'site' | 'home', string | URL>>>

const addressOf = ({ url, site, home }: Addresses): string | URL | undefined =>
  [url, site, home].find(each => each !== undefined && URL.canParse(String(each)))

export async function journals(patient: Patient): Promise<readonly Remark[]> {
  const remarks = await Promise.all(
    patient.configuration.settings.journals.map(async ({ journal, connector }) => {
      const address = addressOf(connector.block as Addresses)
      const who = theJournal(journal.title)
      if (address !== undefined) return (await reach(patient, 'journal', who, new URL(address))).remarks
      return [
        skipped('journal', {
          en: `${who.en}: its connector (${connector.kind}) names no address`,
          ru: `${who.ru}: в его connector (${connector.kind}) нет адреса`,
        }),
      ]
    }),
  )
  return remarks.flat()
}

/** Octets: what a federation publishes is large. */
const MOST = 64 * 1024 * 1024

type Partner = 'idp' | 'journal' | 'metadata'

const THEM: Readonly<Record<Partner, Said>> = {
  idp: { en: 'the people of the IdP', ru: 'администраторам IdP' },
  journal: { en: 'the makers of the journal', ru: 'разработчикам журнала' },
  metadata: { en: 'whoever publishes the metadata', ru: 'тем, кто публикует метаданные' },
}
const WRONG_ADDRESS: Readonly<Record<Partner, Said>> = {
  idp: {
    en: 'fetch the current metadata of the IdP: npx --no-install bridge idp-metadata refresh, or a new file from its people',
    ru: 'возьмите нынешние метаданные IdP: npx --no-install bridge idp-metadata refresh или новый файл от его администраторов',
  },
  journal: {
    en: 'correct the url of the connector; its makers know it',
    ru: 'исправьте url в connector журнала; верный знают его разработчики',
  },
  metadata: {
    en: 'ask the IdP where its metadata are now, and correct `metadata` in identityProviders',
    ru: 'спросите у администраторов IdP, где метаданные теперь, и исправьте `metadata` в identityProviders',
  },
}

/** Asks without any parameter: whatever it answers, it is there, unless it says that it knows no such address. */
export async function reach(
  { network }: Patient,
  check: Partner,
  who: Said,
  url: URL,
): Promise<{ readonly remarks: readonly Remark[]; readonly answer?: Answer }> {
  const where = `(${url.origin}${url.pathname})`
  const at = { en: `${who.en} ${where}`, ru: `${who.ru} ${where}` }
  try {
    const answer = await ask(network, url, { most: MOST })
    return { answer, remarks: [ofAnswer(check, at, answer)] }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    const what = { en: `${at.en} ${error.message}`, ru: `${at.ru} ${error.inRussian}` }
    return { remarks: [red(check, what, ofSilence(check))] }
  }
}

function ofAnswer(check: Partner, at: Said, { status, tls }: Answer): Remark {
  const them = THEM[check]
  if (tls?.fault !== undefined) {
    const [english, russian] =
      check === 'metadata' ? ['the bridge does', 'мост не доверяет'] : ['browsers do', 'браузеры не доверяют']
    const what = {
      en: `${at.en} shows a certificate that ${english} not trust (${tls.fault})`,
      ru: `${at.ru} показывает сертификат, которому ${russian} (${tls.fault})`,
    }
    return red(check, what, { en: `tell ${them.en}`, ru: `сообщите ${them.ru}` })
  }
  const answers = { en: `${at.en} answers`, ru: `${at.ru} отвечает` }
  if (status === 404 || status === 410)
    return red(check, { en: `${answers.en} ${status}: there is nothing`, ru: `${answers.ru} ${status}: там ничего нет` }, WRONG_ADDRESS[check]) // prettier-ignore
  if (status < 500) return green(check, answers)
  return yellow(
    check,
    { en: `${answers.en} ${status}`, ru: `${answers.ru} ${status}` },
    {
      en: `look again in a while; then tell ${them.en}`,
      ru: `проверьте ещё раз немного позже; потом сообщите ${them.ru}`,
    },
  )
}

function ofSilence(check: Partner): Said {
  const { en, ru } = THEM[check]
  return check === 'metadata'
    ? {
        en: `see whether the firewall lets this machine out; else tell ${en}`,
        ru: `проверьте, выпускает ли эту машину межсетевой экран; если да, сообщите ${ru}`,
      }
    : {
        en: `if browsers reach it and only this machine does not, it is no trouble for people; else tell ${en}`,
        ru: `если браузеры туда попадают и только эта машина нет, людям это не мешает; иначе сообщите ${ru}`,
      }
}

/** RFC 9110 6.6.1: whole seconds, of the machine that answers the web; what the IdP writes into answers is measured apart. */
function clockOf({ configuration, now }: Patient, entityId: string, { headers }: Answer): readonly Remark[] {
  const theirs = Date.parse(headers.date ?? '')
  if (Number.isNaN(theirs)) return []
  const seconds = Math.round((theirs - now) / 1000)
  const [whose, apart] = [oneLine(entityId), Math.abs(seconds)]
  const what = {
    en: `the web server of ${whose} is ${apart} s ${seconds < 0 ? 'behind' : 'ahead of'} us`,
    ru: `часы веб-сервера ${whose} ${driftInRussian(seconds)}`,
  }
  return [driftRemark(what, seconds, configuration.settings.clockSkew / 1000)]
}

const trustedBy = ({ trust, configuration }: Patient): Trust => trust ?? trustOf(configuration)

export function dates(patient: Patient): readonly Remark[] {
  const { configuration, now } = patient
  const all = expiriesOf({ secrets: configuration.secrets, idps: withValidity(trustedBy(patient)) })
  const near = all.filter(({ notAfter, state }) => state !== 'retired' && notAfter <= now + SOON)
  if (near.length === 0)
    return [
      green('keys', {
        en: 'the keys fit, and no certificate ends within 30 days',
        ru: 'ключи подходят, и в ближайшие 30 дней ни один сертификат не истекает',
      }),
    ]
  return near.map(each => yellow('keys', endOf(each, now), each.idp === undefined ? RENEW_OURS : ASK_THEIRS))
}

const RENEW_OURS = {
  en: 'npx --no-install bridge list-certs, and plan the change with the IdP',
  ru: 'npx --no-install bridge list-certs, и договоритесь с администраторами IdP о смене: docs/ru/smena-klyuchey.md',
}
const ASK_THEIRS = {
  en: 'ask the IdP for its next one; an expired certificate goes on working',
  ru: 'попросите у администраторов IdP следующий; истёкший сертификат продолжает работать',
}

const KINDS: Readonly<Record<ExpiryKind, string>> = {
  'sp-signing': 'наш сертификат подписи',
  'sp-encryption': 'наш сертификат шифрования',
  'idp-signing': 'сертификат подписи',
  'idp-metadata': 'срок метаданных',
}

function endOf({ kind, idp, notAfter }: Expiry, now: number): Said {
  const left = daysLeft(notAfter, now)
  const whose = idp === undefined ? `our certificate (${kind})` : `${kind} of ${oneLine(idp)}`
  const russian = idp === undefined ? KINDS[kind] : `${KINDS[kind]} ${oneLine(idp)}`
  return left < 0
    ? { en: `${whose} ended on ${shownTime(notAfter)}`, ru: `${russian}: истёк ${shownTime(notAfter)}` }
    : {
        en: `${whose} ends in ${left} days`,
        ru: `${russian}: истекает через ${countedInRussian(left, 'день', 'дня', 'дней')}`,
      }
}
