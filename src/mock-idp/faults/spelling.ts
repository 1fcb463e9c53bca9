/** Names, addresses and times that look like the right ones, and halves that are right only together. All honestly signed. */
import { BEARER, nameIdFormat, status } from '../../words/saml-names.js'
import type { Draft } from '../draft.js'
import { plain, swap, type Fault } from '../fault.js'

type Spelling = readonly [name: string, title: string, change: (honest: string) => string]

/** What eyes, browsers or careless comparisons take for the same. */
const looksLikeIt: readonly Spelling[] = [
  ['cyrillic', 'с русской «е» вместо латинской', text => text.replace('e', 'е')],
  ['full-width', 'полноширинными буквами', text => text.replace(/(?<=\/\/)[a-z]/, sign => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))],
  ['soft-hyphen', 'с мягким переносом', text => `${text.slice(0, 12)}\u00ad${text.slice(12)}`],
  ['zero-width', 'с пробелом нулевой ширины', text => `${text}\u200b`],
  ['combining', 'с приставным знаком', text => `${text}\u0301`],
  ['percent', 'с буквой, записанной процентами', text => text.replace(/.$/, sign => `%${sign.charCodeAt(0).toString(16)}`)],
  ['slash', 'с «/» в конце', text => `${text}/`],
  ['scheme', 'через http вместо https', text => text.replace('https:', 'http:')],
  ['no-scheme', 'без схемы', text => text.replace('https:', '')],
  ['user', 'с именем пользователя', text => text.replace('https://', 'https://x@')],
  ['dots', 'с точками в пути', text => text.replace(/\/([^/]*)$/, '/x/../$1')],
  ['query', 'со знаком вопроса', text => `${text}?`],
  ['fragment', 'с решёткой', text => `${text}#`],
  ['root-dot', 'с точкой в конце имени узла', text => text.replace(/(https:\/\/[^/]+)/, '$1.')],
  ['cut', 'без последней буквы', text => text.slice(0, -1)],
  ['inside', 'внутри чужого имени', text => `urn:x:${text}`],
] // prettier-ignore

const spelt = (prefix: string, what: string, refused: Fault['refused'], set: (draft: Draft, change: (text: string) => string) => Partial<Draft>): Fault[] =>
  looksLikeIt.map(([name, title, change]) => ({
    name: `${prefix}-spelt-${name}`,
    title: `${what} ${title}`,
    refused,
    draft: draft => ({ ...draft, ...set(draft, change) }),
  })) // prettier-ignore

const names: readonly Fault[] = [
  ...spelt('issuer', 'Имя поставщика', 'saml.wrong-issuer', (draft, change) => ({ responseIssuer: change(draft.responseIssuer ?? '') })),
  ...spelt('audience', 'Имя получателя', 'saml.audience', (draft, change) => ({ audiences: draft.audiences.map(list => list.map(change)) })),
  ...spelt('recipient', 'Recipient', 'saml.recipient', (draft, change) => ({ recipient: change(draft.recipient ?? '') })),
  ...spelt('destination', 'Destination', 'saml.destination', (draft, change) => ({ destination: change(draft.destination ?? '') })),
] // prettier-ignore

const says = (name: string, title: string, refused: Fault['refused'], draft: (draft: Draft) => Partial<Draft>): Fault => ({
  name,
  title,
  refused,
  draft: honest => ({ ...honest, ...draft(honest) }),
}) // prettier-ignore

const requests: readonly Fault[] = [
  says('in-response-to-with-space', 'InResponseTo с пробелом: схема его не видит', 'saml.in-response-to', draft => ({ responseInResponseTo: ` ${draft.responseInResponseTo ?? '_x'}`, confirmationInResponseTo: ` ${draft.confirmationInResponseTo ?? '_x'}` })),
  says('in-response-to-in-capitals', 'InResponseTo прописными', 'saml.in-response-to', draft => ({ responseInResponseTo: (draft.responseInResponseTo ?? '_x').toUpperCase(), confirmationInResponseTo: (draft.confirmationInResponseTo ?? '_x').toUpperCase() })),
  { ...says('in-response-to-only-outside', 'InResponseTo только у ответа', 'saml.in-response-to', () => ({ confirmationInResponseTo: undefined })), onlyWhenAsked: true },
  { ...says('in-response-to-only-inside', 'InResponseTo только у подтверждения', 'saml.in-response-to', () => ({ responseInResponseTo: undefined })), onlyWhenAsked: true },
] // prettier-ignore

const inAssertion = (name: string, title: string, refused: Fault['refused'], change: NonNullable<Fault['assertion']>, source?: string): Fault => ({
  name,
  title,
  refused,
  shape: plain('both'),
  assertion: change,
  ...(source !== undefined && { source }),
}) // prettier-ignore

const other = 'https://somebody-else.example/saml/acs'
const confirmation = (method: string, data: string): string =>
  `<saml2:SubjectConfirmation Method="${method}"><saml2:SubjectConfirmationData ${data}/></saml2:SubjectConfirmation>`
const time = (at: number): string => new Date(at).toISOString()

const halves: readonly Fault[] = [
  inAssertion('confirmations-in-halves', 'Два подтверждения, каждое верно наполовину', 'saml.expired', (xml, { draft }) => {
    const answers = draft.confirmationInResponseTo === undefined ? '' : `InResponseTo="${draft.confirmationInResponseTo}" `
    const stale = confirmation(BEARER, `${answers}NotOnOrAfter="${time(draft.assertionIssueInstant - 3_600_000)}" Recipient="${draft.recipient ?? ''}"`)
    const elsewhere = confirmation(BEARER, `${answers}NotOnOrAfter="${time(draft.assertionIssueInstant + 60_000)}" Recipient="${other}"`)
    return swap(xml, /<saml2:SubjectConfirmation .*<\/saml2:SubjectConfirmation>/, stale + elsewhere)
  }),
  inAssertion('bearer-borrowed', 'Верные данные у чужого способа подтверждения', 'saml.recipient', xml => {
    const [whole, data] = /<saml2:SubjectConfirmation [^>]*><saml2:SubjectConfirmationData ([^>]*)\/><\/saml2:SubjectConfirmation>/.exec(xml)!
    return swap(xml, whole, confirmation('urn:oasis:names:tc:SAML:2.0:cm:sender-vouches', data!) + confirmation(BEARER, data!.replace(/Recipient="[^"]*"/, `Recipient="${other}"`)))
  }),
  inAssertion('bearer-with-space', 'Способ подтверждения с пробелом', 'saml.subject-confirmation', xml => swap(xml, BEARER, `${BEARER} `)),
  inAssertion('bearer-of-saml-1', 'Способ подтверждения из SAML 1', 'saml.subject-confirmation', xml => swap(xml, BEARER, 'urn:oasis:names:tc:SAML:1.0:cm:bearer')),
  inAssertion('recipient-under-prefix', 'Recipient под чужой приставкой', 'saml.recipient', xml => swap(xml, ' Recipient="', ' xmlns:x="urn:x" x:Recipient="')),
  inAssertion('no-subject', 'Нет субъекта', 'saml.subject-confirmation', xml => swap(xml, /<saml2:Subject>.*<\/saml2:Subject>/, '')),
  inAssertion('no-conditions', 'Нет условий', 'saml.audience', xml => swap(xml, /<saml2:Conditions[\s\S]*<\/saml2:Conditions>/, '')),
  inAssertion('conditions-twice', 'Условия дважды: вторые без ограничений', 'saml.schema', xml => swap(xml, '</saml2:Conditions>', '</saml2:Conditions><saml2:Conditions/>')),
  inAssertion('audience-empty', 'Ограничение с пустым именем', 'saml.audience', xml => swap(xml, /<saml2:Audience>[^<]*/, '<saml2:Audience>')),
  inAssertion('audience-list', 'Несколько имён в одном Audience', 'saml.audience', xml => swap(xml, '</saml2:Audience>', ' https://somebody-else.example</saml2:Audience>')),
  inAssertion('audience-split', 'Имя получателя разрезано на два Audience', 'saml.audience', xml => swap(xml, /(?<=<saml2:Audience>[^<]{10})(?=[^<])/, '</saml2:Audience><saml2:Audience>')),
  inAssertion('second-statement-over', 'Второй AuthnStatement: сеанс уже закончился', 'saml.session-over', (xml, { draft }) =>
    swap(xml, '<saml2:AttributeStatement>', `<saml2:AuthnStatement AuthnInstant="${time(draft.assertionIssueInstant)}" SessionNotOnOrAfter="${time(draft.assertionIssueInstant - 3_600_000)}"><saml2:AuthnContext><saml2:AuthnContextClassRef>urn:x</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement><saml2:AttributeStatement>`)),
  inAssertion('statement-by-type', 'AuthnStatement выдан за другой элемент (xsi:type)', 'saml.no-authentication', xml =>
    swap(swap(xml, '<saml2:AuthnStatement ', '<saml2:Statement xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="saml2:AuthnStatementType" '), '</saml2:AuthnStatement>', '</saml2:Statement>')),
  inAssertion('issuer-of-another-format', 'Имя поставщика как постоянное имя человека', 'saml.wrong-issuer', xml => swap(xml, `<saml2:Issuer Format="${nameIdFormat.entity}"`, `<saml2:Issuer Format="${nameIdFormat.persistent}"`)),
  inAssertion('name-nil', 'NameID объявлен пустым (xsi:nil)', 'saml.schema', xml => swap(xml, '<saml2:NameID ', '<saml2:NameID xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true" ')),
  inAssertion('name-with-element', 'Элемент внутри NameID', 'saml.schema', (xml, { draft }) => swap(xml, `>${draft.nameId}<`, `><b xmlns="urn:x">${draft.nameId}</b><`)),
  inAssertion('saml-1-assertion', 'Утверждение из пространства имён SAML 1.1', 'saml.schema', xml => swap(xml, 'xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"', 'xmlns:saml2="urn:oasis:names:tc:SAML:1.0:assertion"')),
] // prettier-ignore

const clock = (name: string, title: string, from: RegExp, to: string): Fault =>
  inAssertion(name, title, 'saml.schema', xml => swap(xml, from, to))
const AUTHN = /(?<=AuthnInstant=")[^"]*/

const clocks: readonly Fault[] = [
  clock('time-leap-second', 'Секунда 60', AUTHN, '2026-06-30T23:59:60Z'),
  clock('time-24', 'Полночь как 24:00', AUTHN, '2026-08-31T24:00:00Z'),
  clock('time-small-z', 'Время со строчной z', AUTHN, '2026-09-01T08:00:00z'),
  clock('time-minus-zero', 'Пояс −00:00', AUTHN, '2026-09-01T08:00:00-00:00'),
  clock('time-far-year', 'Пятизначный год', AUTHN, '20260-09-01T08:00:00Z'),
  clock('time-before-christ', 'Год до нашей эры', AUTHN, '-2026-09-01T08:00:00Z'),
  clock('time-arabic-digits', 'Арабские цифры', AUTHN, '٢٠٢٦-09-01T08:00:00Z'),
  clock('time-long-fraction', 'Тысяча цифр после запятой', AUTHN, `2026-09-01T08:00:00.${'0'.repeat(1_000)}Z`),
  clock('time-date-only', 'Одна дата', AUTHN, '2026-09-01Z'),
  clock('time-epoch', 'Секунды с 1970 года', AUTHN, '1788249600'),
  says('ends-before-it-begins', 'Кончается раньше, чем начинается', 'saml.condition', draft => ({ notBefore: draft.assertionIssueInstant + 60_000, notOnOrAfter: draft.assertionIssueInstant + 30_000 })),
  says('authenticated-in-the-future', 'Человек вошёл через час', 'saml.not-yet-valid', draft => ({ authnInstant: draft.assertionIssueInstant + 3_600_000 })),
  says('response-issued-long-ago', 'Ответ выдан час назад, утверждение сейчас', 'saml.too-old', draft => ({ responseIssueInstant: draft.responseIssueInstant - 3_600_000 })),
  says('conditions-for-a-week', 'Условия действуют неделю, подтверждение пять минут', 'saml.too-long', draft => ({ notOnOrAfter: draft.assertionIssueInstant + 7 * 86_400_000 })),
] // prettier-ignore

const states: readonly Fault[] = [
  says('status-small-letters', 'Успех строчными буквами', 'idp.declined', () => ({ status: [status.success.toLowerCase()] })),
  says('status-with-space', 'Успех с пробелом', 'idp.declined', () => ({ status: [`${status.success} `] })),
  says('status-success-inside', 'Успех внутри ошибки', 'idp.requester', () => ({ status: [status.requester, status.success] })),
  says('status-of-saml-1', 'Успех из SAML 1', 'idp.declined', () => ({ status: ['samlp:Success'] })),
  says('version-2', 'Версия «2»', 'saml.version', () => ({ assertionVersion: '2' })),
  says('version-2-00', 'Версия «2.00»', 'saml.version', () => ({ responseVersion: '2.00' })),
  says('version-with-space', 'Версия с пробелом', 'saml.version', () => ({ responseVersion: '2.0 ' })),
] // prettier-ignore

export const spellingFaults: readonly Fault[] = [...names, ...requests, ...halves, ...clocks, ...states]
