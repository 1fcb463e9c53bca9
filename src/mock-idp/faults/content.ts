/** Honest signatures under dishonest or stale words: audience, addresses, times, subject, status. */
import { status } from '../../words/saml-names.js'
import type { Draft } from '../draft.js'
import { plain, swap, type Fault } from '../fault.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const otherAddress = (address: string | undefined): string =>
  new URL('/elsewhere', new URL(address ?? 'https://nobody.example/')).href

/** The same address with its host in capitals: equal to a browser, and not the string that we published. */
const upperCase = (address: string | undefined): string =>
  (address ?? '').replace(/^(https?:\/\/)([^/:]+)/, (_, scheme: string, host: string) => scheme + host.toUpperCase())

const otherPort = (address: string | undefined): string => {
  const url = new URL(address ?? 'https://nobody.example/')
  url.port = '4443'
  return url.href
}

/** A row that changes what is said, before anything is signed. */
const says = (
  name: string,
  title: string,
  refused: Fault['refused'],
  draft: (draft: Draft) => Partial<Draft>,
): Fault => ({
  name,
  title,
  refused,
  draft: honest => ({ ...honest, ...draft(honest) }),
})

const audience: readonly Fault[] = [
  says('wrong-audience', 'Выдано другой системе', 'saml.audience', () => ({
    audiences: [['https://somebody-else.example/metadata']],
  })),
  says('sibling-audience', 'Выдано соседней школе', 'saml.audience', draft => ({
    audiences: [[`${draft.audiences[0]?.[0] ?? ''}/school-2`]],
  })),
  says('audience-with-odd-space', 'Выдано имени с неразрывным пробелом в конце', 'saml.audience', draft => ({
    audiences: draft.audiences.map(list => list.map(one => `${one}\u00a0`)),
  })),
  says('no-audience', 'Не сказано, кому выдано', 'saml.audience', () => ({ audiences: [] })),
  says('second-audience-restriction', 'Второе ограничение исключает нас', 'saml.audience', draft => ({
    audiences: [...draft.audiences, ['https://somebody-else.example/metadata']],
  })),
]

const addresses: readonly Fault[] = [
  says('other-recipient', 'Recipient указывает на другой адрес', 'saml.recipient', draft => ({
    recipient: otherAddress(draft.recipient),
  })),
  says('recipient-upper-case', 'Recipient другими буквами', 'saml.recipient', draft => ({
    recipient: upperCase(draft.recipient),
  })),
  says('recipient-other-port', 'Recipient с другим портом', 'saml.recipient', draft => ({
    recipient: otherPort(draft.recipient),
  })),
  says('recipient-with-slash', 'Recipient с косой чертой в конце', 'saml.recipient', draft => ({
    recipient: `${draft.recipient ?? ''}/`,
  })),
  says('recipient-with-space', 'Recipient с пробелом в конце', 'saml.recipient', draft => ({
    recipient: `${draft.recipient ?? ''} `,
  })),
  says('destination-of-a-neighbour', 'Destination начинается с нашего адреса', 'saml.destination', draft => ({
    destination: `${draft.destination ?? ''}.somebody-else.example`,
  })),
  says('no-recipient', 'Нет Recipient', 'saml.recipient', () => ({ recipient: undefined })),
  says('other-destination', 'Destination указывает на другой адрес', 'saml.destination', draft => ({
    destination: otherAddress(draft.destination),
  })),
  says('no-destination', 'Нет Destination в подписанном ответе', 'saml.destination', () => ({
    destination: undefined,
  })),
  says('foreign-in-response-to', 'Ответ на чужой запрос', 'saml.in-response-to', () => ({
    responseInResponseTo: '_0000000000000000000000000000000000000bad',
    confirmationInResponseTo: '_0000000000000000000000000000000000000bad',
  })),
  says('foreign-confirmation', 'Подтверждение для чужого запроса', 'saml.in-response-to', () => ({
    confirmationInResponseTo: '_0000000000000000000000000000000000000bad',
  })),
  {
    ...says('no-in-response-to', 'Ответ не назван ответом ни на какой запрос', 'saml.in-response-to', () => ({
      responseInResponseTo: undefined,
      confirmationInResponseTo: undefined,
    })),
    onlyWhenAsked: true,
  },
]

const times: readonly Fault[] = [
  says('expired', 'Срок действия прошёл', 'saml.expired', draft => ({
    notBefore: draft.assertionIssueInstant - 2 * HOUR,
    notOnOrAfter: draft.assertionIssueInstant - HOUR,
  })),
  says('confirmation-expired', 'Срок подтверждения прошёл', 'saml.expired', draft => ({
    confirmationNotOnOrAfter: draft.assertionIssueInstant - HOUR,
  })),
  says('not-yet-valid', 'Действует только через час', 'saml.not-yet-valid', draft => ({
    notBefore: draft.assertionIssueInstant + HOUR,
    notOnOrAfter: draft.assertionIssueInstant + 2 * HOUR,
    confirmationNotOnOrAfter: draft.assertionIssueInstant + 2 * HOUR,
  })),
  says('issued-in-the-future', 'Выдано через час', 'saml.not-yet-valid', draft => ({
    assertionIssueInstant: draft.assertionIssueInstant + HOUR,
    responseIssueInstant: draft.responseIssueInstant + HOUR,
  })),
  says('issued-long-ago', 'Выдано час назад', 'saml.too-old', draft => ({
    assertionIssueInstant: draft.assertionIssueInstant - HOUR,
    responseIssueInstant: draft.responseIssueInstant - HOUR,
  })),
  says('valid-for-a-week', 'Действует неделю', 'saml.too-long', draft => ({
    notOnOrAfter: draft.assertionIssueInstant + 7 * 24 * HOUR,
    confirmationNotOnOrAfter: draft.assertionIssueInstant + 7 * 24 * HOUR,
  })),
  says('session-over', 'Сеанс у поставщика уже закончился', 'saml.session-over', draft => ({
    sessionNotOnOrAfter: draft.assertionIssueInstant - HOUR,
  })),
  {
    ...says('not-reauthenticated', 'Вход не повторён, хотя этого требовали', 'saml.not-reauthenticated', draft => ({
      authnInstant: draft.assertionIssueInstant - HOUR,
    })),
    onlyWhenForced: true,
  },
]

const HOLDER_OF_KEY = 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key'
const SENDER_VOUCHES = 'urn:oasis:names:tc:SAML:2.0:cm:sender-vouches'

const odd = (name: string, title: string, from: RegExp, to: string): Fault => ({
  name,
  title,
  refused: 'saml.schema',
  shape: plain('both'),
  assertion: xml => swap(xml, from, to),
})

const clocks: readonly Fault[] = [
  odd('time-of-another-zone', 'Время с поясом вместо Z', /(?<=AuthnInstant="[^"]*)Z/, '+03:00'),
  odd('time-without-zone', 'Время без пояса', /(?<=NotOnOrAfter="[^"]*)Z/, ''),
  odd('time-with-spaces', 'Время с пробелами вокруг', /(?<=AuthnInstant=")/, ' '),
  odd('day-that-is-none', '30 февраля', /(?<=AuthnInstant="\d{4})-\d\d-\d\d/, '-02-30'),
]

const subject: readonly Fault[] = [
  says('holder-of-key', 'Подтверждение holder-of-key вместо bearer', 'saml.subject-confirmation', () => ({
    method: HOLDER_OF_KEY,
  })),
  says('sender-vouches', 'Подтверждение sender-vouches вместо bearer', 'saml.subject-confirmation', () => ({
    method: SENDER_VOUCHES,
  })),
  says('no-confirmation', 'Нет подтверждения', 'saml.subject-confirmation', () => ({ method: undefined })),
  says('confirmation-not-before', 'У подтверждения есть NotBefore', 'saml.subject-confirmation', draft => ({
    confirmationNotBefore: draft.assertionIssueInstant - MINUTE,
  })),
  says('confirmation-for-ever', 'Подтверждение без срока', 'saml.subject-confirmation', () => ({
    confirmationNotOnOrAfter: undefined,
  })),
  says('no-authentication', 'Не сказано, как человек вошёл', 'saml.no-authentication', () => ({
    authnInstant: undefined,
  })),
]

const head: readonly Fault[] = [
  says('wrong-issuer', 'Ответ выдан кем-то другим', 'saml.wrong-issuer', () => ({
    responseIssuer: 'https://somebody-else.example/idp',
    assertionIssuer: 'https://somebody-else.example/idp',
  })),
  says('assertion-of-another-issuer', 'Утверждение выдано не тем, кто отвечает', 'saml.wrong-issuer', () => ({
    assertionIssuer: 'https://somebody-else.example/idp',
  })),
  says('issuer-with-space', 'Имя поставщика с пробелом в конце', 'saml.wrong-issuer', draft => ({
    responseIssuer: `${draft.responseIssuer ?? ''} `,
  })),
  says('issuer-in-capitals', 'Имя поставщика прописными буквами', 'saml.wrong-issuer', draft => ({
    responseIssuer: draft.responseIssuer?.toUpperCase(),
  })),
  says('no-issuer', 'Не сказано, кто отвечает', 'saml.wrong-issuer', () => ({ responseIssuer: undefined })),
  says('version-1-1', 'Версия 1.1', 'saml.version', () => ({ assertionVersion: '1.1' })),
  says('response-version-1-1', 'Версия ответа 1.1', 'saml.version', () => ({ responseVersion: '1.1' })),
  says('error-with-assertion', 'Ошибка в статусе, но с утверждением', 'idp.authn-failed', () => ({
    status: [status.responder, status.authnFailed],
  })),
  declines('error-status', 'отказал: вход отменили', 'idp.request-denied', status.responder, 'RequestDenied'),
  declines('error-authn-failed', 'не узнал человека', 'idp.authn-failed', status.responder, 'AuthnFailed'),
  declines(
    'error-no-context',
    'не может войти так надёжно',
    'idp.no-authn-context',
    status.responder,
    'NoAuthnContext',
  ),
  declines('error-no-passive', 'не смог спросить', 'idp.no-passive', status.responder, 'NoPassive'),
  declines('error-unknown', 'не знает такого человека', 'idp.unknown-principal', status.responder, 'UnknownPrincipal'),
  declines('error-name-id', 'не даёт такого имени', 'idp.name-id-policy', status.requester, 'InvalidNameIDPolicy'),
  declines(
    'error-unsupported',
    'не понимает запрос',
    'idp.request-unsupported',
    status.requester,
    'RequestUnsupported',
  ),
  declines('error-requester', 'считает запрос неверным', 'idp.requester', status.requester),
  declines('error-responder', 'сломался', 'idp.declined', status.responder),
]

/** An unsigned error without an assertion, as most IdPs send it. */
function declines(name: string, title: string, refused: Fault['refused'], first: string, detail?: string): Fault {
  const codes = detail === undefined ? [first] : [first, `urn:oasis:names:tc:SAML:2.0:status:${detail}`]
  return {
    name,
    title: `Поставщик ${title} (ошибка без утверждения, без подписи)`,
    refused,
    shape: shape => ({ ...shape, sign: 'none', encrypt: false }),
    draft: draft => ({ ...draft, status: codes }),
    signedResponse: xml => swap(xml, /<saml2:Assertion[\s\S]*<\/saml2:Assertion>/, ''),
  }
}

const conditions: readonly Fault[] = [
  says('unknown-condition', 'Незнакомое условие', 'saml.condition', () => ({
    conditions:
      '<saml2:Condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="saml2:OneTimeUseType"/>',
  })),
  {
    ...says('unknown-condition-type', 'Условие незнакомого вида', 'saml.schema', () => ({
      conditions:
        '<saml2:Condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="urn:x" xsi:type="x:Delegation"/>',
    })),
    shape: plain('both'),
  },
]

export const contentFaults: readonly Fault[] = [
  ...audience,
  ...addresses,
  ...times,
  ...clocks,
  ...subject,
  ...head,
  ...conditions,
]
