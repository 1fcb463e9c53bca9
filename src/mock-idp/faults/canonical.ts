/** What canonicalisation hangs on: prefixes and their meaning, transforms, algorithms, and keys that lie elsewhere. */
import { algorithm, ns } from '../../words/saml-names.js'
import { cut, plain, swap, type Fault, type Shape } from '../fault.js'
import type { SignatureForm } from '../sign.js'

const signedBy =
  (form: Partial<SignatureForm>, sign: Shape['sign'] = 'assertion') =>
  (shape: Shape): Shape => ({ ...plain(sign)(shape), signature: { ...shape.signature, ...form } })

const inSignedInfo = (from: string | RegExp, to: string, more: Partial<SignatureForm> = {}) =>
  signedBy({ ...more, signedInfo: xml => swap(xml, from, to) })

const ENVELOPED = `<ds:Transform Algorithm="${algorithm.enveloped}"/>`
const EXCLUSIVE = `<ds:Transform Algorithm="${algorithm.excC14n}">`
const LIST = /<ec:InclusiveNamespaces [^>]*>/

const prefixes: readonly Fault[] = [
  {
    name: 'inclusive-prefix-declared-outside',
    title: 'Приставка из InclusiveNamespaces объявлена снаружи после подписи',
    refused: 'saml.altered',
    source: 'xml-exc-c14n 3: inclusive prefixes are resolved in the ancestors, too',
    shape: signedBy({ prefixes: 'xs outer' }),
    signedResponse: xml => swap(xml, '<saml2p:Response ', '<saml2p:Response xmlns:outer="urn:x" '),
  },
  {
    name: 'inclusive-default-declared-outside',
    title: 'Пространство по умолчанию из InclusiveNamespaces (#default) объявлено снаружи',
    refused: 'saml.altered',
    shape: signedBy({ prefixes: 'xs #default' }),
    signedResponse: xml => swap(xml, '<saml2p:Response ', '<saml2p:Response xmlns="urn:x" '),
  },
  {
    name: 'inclusive-twice',
    title: 'InclusiveNamespaces дважды',
    refused: 'saml.signature-form',
    shape: signedBy({ signedInfo: xml => xml.replace(LIST, list => list + list) }),
  },
  {
    name: 'inclusive-of-another-namespace',
    title: 'InclusiveNamespaces из чужого пространства имён',
    refused: 'saml.signature-form',
    shape: inSignedInfo(`xmlns:ec="${ns.excC14n}"`, 'xmlns:ec="urn:x"'),
  },
  {
    name: 'prefix-moved',
    title: 'Объявление xs перенесено наружу: подписано было внутри',
    refused: 'saml.altered',
    shape: signedBy({ prefixes: '' }),
    signedResponse: xml => swap(xml, 'xsi:type="xs:string">', 'xmlns:y="urn:y" y:type="xs:string">'),
  },
]

const transforms: readonly Fault[] = [
  {
    name: 'no-enveloped',
    title: 'Нет преобразования enveloped-signature',
    refused: 'saml.signature-form',
    shape: inSignedInfo(ENVELOPED, ''),
  },
  {
    name: 'no-canonicalization',
    title: 'Нет преобразования канонизации',
    refused: 'saml.signature-form',
    shape: inSignedInfo(/<ds:Transform Algorithm="[^"]*exc-c14n#">.*?<\/ds:Transform>/, ''),
  },
  {
    name: 'no-transforms',
    title: 'Нет преобразований вовсе',
    refused: 'saml.signature-form',
    shape: inSignedInfo(/<ds:Transforms>.*<\/ds:Transforms>/, ''),
  },
  {
    name: 'transforms-swapped',
    title: 'Преобразования в обратном порядке',
    refused: 'saml.algorithm',
    shape: inSignedInfo(`${ENVELOPED}${EXCLUSIVE}</ds:Transform>`, `${EXCLUSIVE}</ds:Transform>${ENVELOPED}`, {
      prefixes: '',
    }),
  },
  {
    name: 'enveloped-twice',
    title: 'enveloped-signature дважды, канонизации нет',
    refused: 'saml.algorithm',
    shape: inSignedInfo(`${EXCLUSIVE}</ds:Transform>`, ENVELOPED, { prefixes: '' }),
  },
  {
    name: 'inclusive-c14n-transform',
    title: 'Инклюзивная канонизация в преобразовании',
    refused: 'saml.algorithm',
    shape: inSignedInfo(EXCLUSIVE, '<ds:Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315">'),
  },
  {
    name: 'c14n-1-1',
    title: 'Канонизация 1.1',
    refused: 'saml.algorithm',
    shape: inSignedInfo(
      `<ds:CanonicalizationMethod Algorithm="${algorithm.excC14n}"`,
      '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2006/12/xml-c14n11"',
    ),
  },
  {
    name: 'xpath-filter-2',
    title: 'Преобразование XPath Filter 2.0: подписан один Issuer',
    refused: 'saml.algorithm',
    shape: inSignedInfo(
      `${EXCLUSIVE}</ds:Transform>`,
      '<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"><f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="intersect">//*[local-name()="Issuer"]</f:XPath></ds:Transform>',
      { prefixes: '' },
    ),
  },
]

const algorithms: readonly Fault[] = [
  {
    name: 'rsa-pss',
    title: 'RSA-PSS, о котором не договорились',
    refused: 'saml.algorithm',
    shape: inSignedInfo(algorithm.rsaSha256, 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'),
  },
  {
    name: 'dsa-sha1',
    title: 'Подпись DSA',
    refused: 'saml.algorithm',
    shape: inSignedInfo(algorithm.rsaSha256, 'http://www.w3.org/2000/09/xmldsig#dsa-sha1'),
  },
  {
    name: 'ecdsa-by-rsa-key',
    title: 'Назван ECDSA, а ключ RSA',
    refused: 'saml.weak-key',
    shape: inSignedInfo(algorithm.rsaSha256, algorithm.ecdsaSha256),
  },
  {
    name: 'digest-sha224',
    title: 'Дайджест sha224',
    refused: 'saml.algorithm',
    shape: inSignedInfo(
      `DigestMethod Algorithm="${algorithm.sha256}"`,
      'DigestMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#sha224"',
    ),
  },
  {
    name: 'no-algorithm',
    title: 'Алгоритм подписи — пустая строка',
    refused: 'saml.algorithm',
    shape: inSignedInfo(`SignatureMethod Algorithm="${algorithm.rsaSha256}"`, 'SignatureMethod Algorithm=""'),
  },
  {
    name: 'algorithm-of-every-object',
    title: 'Алгоритм по имени «constructor»',
    refused: 'saml.algorithm',
    source: 'prototype lookups in tables of algorithms',
    shape: inSignedInfo(
      `SignatureMethod Algorithm="${algorithm.rsaSha256}"`,
      'SignatureMethod Algorithm="constructor"',
    ),
  },
]

const values: readonly Fault[] = [
  {
    name: 'signature-value-comment',
    title: 'Комментарий внутри SignatureValue',
    refused: 'saml.signature-form',
    source: 'CVE-2025-29775',
    shape: plain('assertion'),
    signedResponse: xml => swap(xml, /(?<=<ds:SignatureValue>[^<]{8})/, '<!--AAAA-->'),
  },
  {
    name: 'signature-value-empty',
    title: 'Пустая подпись',
    refused: 'saml.signature-form',
    shape: plain('assertion'),
    signedResponse: xml => swap(xml, /(?<=<ds:SignatureValue>)[^<]+/, ''),
  },
  {
    name: 'signature-value-zero',
    title: 'Подпись из нулей',
    refused: 'saml.untrusted-key',
    source: 'CVE-2022-21449',
    shape: plain('assertion'),
    signedResponse: xml => swap(xml, /(?<=<ds:SignatureValue>)[^<]+/, Buffer.alloc(256).toString('base64')),
  },
  {
    name: 'signature-of-another-message',
    title: 'Подпись ответа переставлена в утверждение',
    refused: 'saml.wrapped',
    shape: plain('both'),
    signedResponse(xml) {
      const { element } = cut(xml, 'ds:Signature')
      const { before, element: assertion, after } = cut(xml, 'saml2:Assertion')
      const own = cut(assertion, 'ds:Signature')
      return (
        cut(before, 'ds:Signature').before +
        cut(before, 'ds:Signature').after +
        own.before +
        element +
        own.after +
        after
      )
    },
  },
  {
    name: 'signature-at-the-end',
    title: 'Подпись стоит в конце утверждения',
    refused: 'saml.schema',
    shape: plain('assertion'),
    signedResponse(xml) {
      const { before, element, after } = cut(xml, 'ds:Signature')
      return swap(before + after, '</saml2:Assertion>', `${element}</saml2:Assertion>`)
    },
  },
  {
    name: 'signature-in-attribute',
    title: 'Вторая подпись внутри значения атрибута',
    refused: 'saml.signature-form',
    shape: plain('response'),
    signedResponse(xml) {
      const { element } = cut(xml, 'ds:Signature')
      return swap(xml, /(?<=<saml2:AttributeValue[^>]*>)/, element)
    },
  },
]

export const canonicalFaults: readonly Fault[] = [...prefixes, ...transforms, ...algorithms, ...values]
