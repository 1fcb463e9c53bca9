/** The attack table of logout: every way an IdP's LogoutRequest may lie that we know of, and the refusal it must earn. */
import { deflateRawSync } from 'node:zlib'
import { isoTime } from '../base/clock.js'
import type { RefusalCode } from '../base/refusals.js'
import { algorithm, nameIdFormat, ns } from '../words/saml-names.js'
import { swap } from './fault.js'
import type { LogoutDraft, LogoutTools, Way } from './logout-request.js'
import { HMAC_SHA256, signElement, type SignatureForm, type Signer } from './sign.js'

export interface LogoutFault {
  readonly name: string
  /** One line in Russian, for the page that offers it. */
  readonly title: string
  readonly refused: RefusalCode
  /** Ways on which the trick exists; all of them unless said otherwise. */
  readonly ways?: readonly Way[]
  readonly source?: string
  readonly unsigned?: true
  readonly draft?: (draft: LogoutDraft, tools: LogoutTools) => LogoutDraft
  /** Instead of the IdP's own signer. */
  readonly signer?: (tools: LogoutTools) => Signer
  readonly form?: (form: SignatureForm) => SignatureForm
  /** The message before it is signed. */
  readonly xml?: (xml: string, tools: LogoutTools) => string
  readonly signedXml?: (xml: string, tools: LogoutTools) => string
  /** Octets of the query that carry the message. */
  readonly deflated?: (xml: string) => Buffer
  readonly query?: (query: string) => string
  readonly envelope?: (xml: string) => string
}

const inside: readonly Way[] = ['post', 'soap']
const onlyRedirect: readonly Way[] = ['redirect']
const onlySoap: readonly Way[] = ['soap']
const MINUTE = 60_000
const shifted =
  (field: 'issueInstant' | 'notOnOrAfter', ms: number) =>
  (draft: LogoutDraft, { order }: LogoutTools): LogoutDraft => ({ ...draft, [field]: isoTime(order.now + ms) })

/** A whole assertion, signed by the IdP, as whoever signed in once has it. */
function captured({ order, signer }: LogoutTools): string {
  const xml =
    `<saml2:Assertion xmlns:saml2="${ns.assertion}" ID="_captured" IssueInstant="${isoTime(order.now)}" Version="2.0">` +
    `<saml2:Issuer>${order.entityId}</saml2:Issuer><saml2:Subject><saml2:NameID>${order.nameId}</saml2:NameID></saml2:Subject></saml2:Assertion>`
  return signElement(xml, '_captured', signer, order.form)
}

const signatures: readonly LogoutFault[] = [
  { name: 'unsigned', title: 'Просьба не подписана', refused: 'saml.unsigned', unsigned: true },
  { name: 'foreign-key', title: 'Подписана чужим ключом', refused: 'saml.untrusted-key', signer: tools => tools.stranger() },
  {
    name: 'altered', title: 'Имя заменено после подписи', refused: 'saml.altered', ways: inside,
    signedXml: xml => swap(xml, />[^<]*<\/saml2:NameID>/, '>_somebody-else</saml2:NameID>'),
  },
  {
    name: 'altered-query', title: 'Адрес изменён после подписи', refused: 'saml.untrusted-key', ways: onlyRedirect,
    query: query => swap(query, /RelayState=[^&]*|SigAlg=/, 'RelayState=changed&SigAlg=').replace('&SigAlg=&SigAlg=', '&SigAlg='),
  },
  {
    name: 'captured-assertion', title: 'Неподписанная обёртка вокруг чужого подписанного утверждения', refused: 'saml.signature-form',
    ways: inside, unsigned: true, source: 'tngan/samlify#634',
    draft: (draft, tools) => ({ ...draft, extensions: captured(tools) }),
  },
  {
    name: 'captured-assertion-beside', title: 'Подписанное утверждение внутри подписанной просьбы', refused: 'saml.signature-form',
    draft: (draft, tools) => ({ ...draft, extensions: captured(tools) }),
  },
  {
    name: 'wrapped', title: 'Подписанная просьба спрятана внутри поддельной (XSW)', refused: 'saml.signature-form', ways: inside,
    source: 'Somorovsky 2012',
    signedXml(xml) {
      const kept = `<saml2p:Extensions><x xmlns="urn:x">${xml}</x></saml2p:Extensions>`
      const forged = swap(xml, /<ds:Signature[\s\S]*<\/ds:Signature>/, kept).replace(/ ID="[^"]*"/, ' ID="_forged"')
      const name = forged.lastIndexOf('<saml2:NameID')
      return forged.slice(0, name) + forged.slice(name).replace(/>[^<]*<\/saml2:NameID>/, '>_victim</saml2:NameID>')
    },
  },
  {
    name: 'moved-reference', title: 'Подпись ссылается на другой элемент', refused: 'saml.wrapped', ways: inside,
    form: form => ({ ...form, signedInfo: xml => swap(xml, /URI="#[^"]*"/, 'URI="#_elsewhere"') }),
  },
  {
    name: 'empty-reference', title: 'Подпись ссылается на «весь документ»', refused: 'saml.signature-form', ways: inside,
    form: form => ({ ...form, signedInfo: xml => swap(xml, /URI="#[^"]*"/, 'URI=""') }),
  },
  {
    name: 'two-signatures', title: 'Две подписи в одной просьбе', refused: 'saml.schema', ways: inside,
    signedXml: xml => xml.replace(/<ds:Signature[\s\S]*<\/ds:Signature>/, found => found + found),
  },
  { name: 'rsa-sha1', title: 'Устаревший алгоритм rsa-sha1', refused: 'saml.algorithm', form: form => ({ ...form, signature: algorithm.rsaSha1 }) },
  { name: 'hmac', title: 'Подпись HMAC, ключ — сертификат', refused: 'saml.algorithm', form: form => ({ ...form, signature: HMAC_SHA256 }) },
  {
    name: 'signed-inside-redirect', title: 'Подпись ещё и внутри сообщения в адресе', refused: 'saml.signature-form', ways: onlyRedirect,
    signedXml: (xml, { order, signer }) => signElement(xml, / ID="([^"]*)"/.exec(xml)![1]!, signer, order.form),
  },
] // prettier-ignore

const queries: readonly LogoutFault[] = [
  { name: 'doubled-message', title: 'SAMLRequest в адресе дважды', refused: 'request.malformed', ways: onlyRedirect, query: query => `${query}&${query.split('&')[0]!}` },
  { name: 'doubled-signature', title: 'Signature в адресе дважды', refused: 'request.malformed', ways: onlyRedirect, query: query => `${query}&${query.split('&').at(-1)!}` },
  { name: 'hidden-name', title: 'Имя параметра записано процентами', refused: 'request.malformed', ways: onlyRedirect, query: query => query.replace('SigAlg', '%53igAlg') },
  { name: 'both-directions', title: 'Просьба и ответ сразу', refused: 'request.malformed', ways: onlyRedirect, query: query => `${query}&SAMLResponse=x` },
  { name: 'other-encoding', title: 'Чужой SAMLEncoding', refused: 'request.malformed', ways: onlyRedirect, query: query => `${query}&SAMLEncoding=urn:x` },
  { name: 'deflate-bomb', title: 'Сжатая бомба на десять мегабайт', refused: 'saml.too-large', ways: onlyRedirect, deflated: () => deflateRawSync(Buffer.alloc(10_000_000, 'A')) },
  { name: 'not-deflated', title: 'Сообщение не сжато', refused: 'request.malformed', ways: onlyRedirect, deflated: xml => Buffer.from(xml) },
] // prettier-ignore

const documents: readonly LogoutFault[] = [
  { name: 'doctype', title: 'DTD в просьбе о выходе', refused: 'saml.doctype', signedXml: xml => `<!DOCTYPE x [<!ENTITY a "b">]>${xml}`, ways: ['redirect', 'post'] },
  { name: 'other-message', title: 'Вместо просьбы о выходе другое сообщение', refused: 'saml.not-response', xml: xml => xml.replaceAll('LogoutRequest', 'ManageNameIDRequest') },
  { name: 'out-of-schema', title: 'Просьба не по схеме XML', refused: 'saml.schema', xml: xml => swap(xml, '</saml2p:LogoutRequest>', '<saml2p:Status/></saml2p:LogoutRequest>') },
  { name: 'two-names', title: 'Два имени в одной просьбе', refused: 'saml.schema', xml: xml => xml.replace(/<saml2:NameID[\s\S]*<\/saml2:NameID>/, found => found + found) },
  { name: 'no-envelope', title: 'Просьба без конверта SOAP', refused: 'soap.envelope', ways: onlySoap, envelope: xml => /<saml2p:LogoutRequest[\s\S]*<\/saml2p:LogoutRequest>/.exec(xml)![0] },
  { name: 'two-in-body', title: 'Две просьбы в одном конверте', refused: 'saml.duplicate-id', ways: onlySoap, envelope: xml => xml.replace(/<saml2p:LogoutRequest[\s\S]*<\/saml2p:LogoutRequest>/, found => found + found) },
  { name: 'body-beside', title: 'Второе сообщение рядом в конверте', refused: 'soap.envelope', ways: onlySoap, envelope: xml => swap(xml, '<S:Body>', '<S:Body><x xmlns=""/>') },
  { name: 'soap-12', title: 'Конверт SOAP 1.2', refused: 'soap.version', ways: onlySoap, envelope: xml => xml.replace(ns.soap, 'http://www.w3.org/2003/05/soap-envelope') },
  { name: 'must-understand', title: 'Заголовок SOAP, который обязаны понять', refused: 'soap.must-understand', ways: onlySoap, envelope: xml => swap(xml, '<S:Body>', '<S:Header><t xmlns="urn:t" S:mustUnderstand="1"/></S:Header><S:Body>') },
] // prettier-ignore

const contents: readonly LogoutFault[] = [
  { name: 'unknown-issuer', title: 'Просит незнакомый поставщик', refused: 'idp.unknown', draft: draft => ({ ...draft, issuer: 'https://evil.example' }) },
  { name: 'no-issuer', title: 'Не сказано, кто просит', refused: 'idp.unknown', ways: onlyRedirect, draft: draft => ({ ...draft, issuer: undefined }) },
  { name: 'issuer-format', title: 'Поставщик назван чужим форматом', refused: 'idp.unknown', xml: xml => swap(xml, nameIdFormat.entity, nameIdFormat.persistent) },
  { name: 'wrong-destination', title: 'Послано на другой адрес', refused: 'saml.destination', draft: draft => ({ ...draft, destination: 'https://other.example/saml/slo' }) },
  { name: 'no-destination', title: 'Без адреса назначения', refused: 'saml.destination', draft: draft => ({ ...draft, destination: undefined }) },
  { name: 'version', title: 'Версия 1.1 в просьбе о выходе', refused: 'saml.version', draft: draft => ({ ...draft, version: '1.1' }) },
  { name: 'too-old', title: 'Просьба составлена полчаса назад', refused: 'saml.too-old', draft: shifted('issueInstant', -30 * MINUTE) },
  { name: 'from-the-future', title: 'Просьба составлена в будущем', refused: 'saml.not-yet-valid', draft: shifted('issueInstant', 30 * MINUTE) },
  { name: 'expired', title: 'Срок просьбы о выходе прошёл', refused: 'saml.expired', draft: shifted('notOnOrAfter', -4 * MINUTE) },
  { name: 'too-long', title: 'Просьба о выходе действует двое суток', refused: 'saml.too-long', draft: shifted('notOnOrAfter', 48 * 60 * MINUTE) },
  { name: 'local-time', title: 'Время просьбы не по Гринвичу', refused: 'saml.schema', draft: draft => ({ ...draft, issueInstant: draft.issueInstant.replace('Z', '+03:00') }) },
  { name: 'other-format', title: 'То же имя в другом формате', refused: 'logout.other-name', draft: draft => ({ ...draft, nameIdAttributes: { Format: nameIdFormat.persistent } }) },
  { name: 'other-qualifier', title: 'То же имя от имени другого поставщика', refused: 'logout.other-name', draft: draft => ({ ...draft, nameIdAttributes: { ...draft.nameIdAttributes, NameQualifier: 'https://evil.example' } }) },
  { name: 'base-id', title: 'Человек назван BaseID', refused: 'saml.schema', draft: draft => ({ ...draft, otherId: `<saml2:BaseID xmlns:saml2="${ns.assertion}"/>` }) },
  {
    name: 'sealed-to-others', title: 'Имя зашифровано чужим сертификатом', refused: 'saml.decryption',
    draft: draft => ({ ...draft, encrypted: true }),
    xml: xml => xml.replace(/(<xenc:EncryptedKey[\s\S]*?<xenc:CipherValue>)(.)/, (_, before: string, first: string) => before + (first === 'A' ? 'B' : 'A')),
  },
] // prettier-ignore

export const logoutFaults: readonly LogoutFault[] = [...signatures, ...queries, ...documents, ...contents]

export const findLogoutFault = (name: string): LogoutFault | undefined =>
  logoutFaults.find(fault => fault.name === name)
