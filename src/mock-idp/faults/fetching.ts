/** Messages that would have somebody fetch something: a file, a schema, a key, a stylesheet, the signed text itself. */
import { ns } from '../../words/saml-names.js'
import { plain, swap, type Fault, type Tools } from '../fault.js'

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

const fetching = (name: string, title: string, refused: Fault['refused'], change: (xml: string, at: string, tools: Tools) => string, shape?: Fault['shape']): Fault => ({
  name,
  title,
  refused,
  source: 'server-side request forgery',
  ...(shape && { shape }),
  signedResponse: (xml, tools) => change(xml, `${tools.elsewhere}/${name}`, tools),
}) // prettier-ignore

const doctype = (name: string, title: string, declaration: (at: string) => string): Fault =>
  fetching(name, title, 'saml.doctype', (xml, at) => swap(xml, HEAD, `${HEAD}<!DOCTYPE ${declaration(at)}>`))

const inExtensions = (content: string) => (xml: string): string =>
  swap(xml, '<saml2p:Status>', `<saml2p:Extensions>${content}</saml2p:Extensions><saml2p:Status>`) // prettier-ignore

const XINCLUDE = 'http://www.w3.org/2001/XInclude'

export const fetchingFaults: readonly Fault[] = [
  doctype('fetch-dtd', 'DOCTYPE с адресом', at => `a SYSTEM "${at}"`),
  doctype('fetch-dtd-public', 'DOCTYPE с общеизвестным именем', at => `a PUBLIC "-//X//EN" "${at}"`),
  doctype('fetch-entity', 'Внешняя сущность с адресом', at => `a [<!ENTITY e SYSTEM "${at}">]`),
  doctype('fetch-parameter-entity', 'Внешняя параметрическая сущность', at => `a [<!ENTITY % e SYSTEM "${at}"> %e;]`),
  doctype('fetch-notation', 'Внешняя нотация', at => `a [<!NOTATION n SYSTEM "${at}"><!ENTITY e SYSTEM "${at}" NDATA n>]`),
  fetching('fetch-stylesheet', 'Таблица стилей с адресом', 'saml.processing-instruction', (xml, at) => swap(xml, HEAD, `${HEAD}<?xml-stylesheet type="text/xsl" href="${at}"?>`)),
  fetching('fetch-model', 'Схема с адресом (xml-model)', 'saml.processing-instruction', (xml, at) => swap(xml, HEAD, `${HEAD}<?xml-model href="${at}"?>`)),
  fetching('fetch-assertion', 'Вместо утверждения адрес, откуда его взять (xi:include)', 'saml.schema', (xml, at) => swap(xml, /<saml2:Assertion[\s\S]*<\/saml2:Assertion>/, `<xi:include xmlns:xi="${XINCLUDE}" href="${at}"/>`), plain('assertion')),
  fetching('fetch-included', 'xi:include вместо значения атрибута', 'saml.altered', (xml, at) => swap(xml, /(?<=<saml2:AttributeValue[^>]*>)[^<]+/, `<xi:include xmlns:xi="${XINCLUDE}" parse="text" href="${at}"/>`), plain('assertion')),
  fetching('fetch-schema', 'Схема чужого вида с адресом', 'saml.schema', (xml, at) =>
    inExtensions(`<saml2:Condition xmlns:saml2="${ns.assertion}" xmlns:xsi="${ns.xsi}" xmlns:x="urn:x" xsi:schemaLocation="urn:x ${at}" xsi:type="x:evil"/>`)(xml), plain('assertion')),
  {
    name: 'fetch-signed-text',
    title: 'Подписан текст по адресу',
    refused: 'saml.signature-form',
    source: 'server-side request forgery',
    shape: plain('assertion'),
    signedResponse: (xml, { elsewhere }) => swap(xml, /(?<=<ds:Reference URI=")[^"]*/, `${elsewhere}/fetch-signed-text`),
  },
  {
    name: 'fetch-by-xslt',
    title: 'Преобразование XSLT читает document(адрес)',
    refused: 'saml.signature-form',
    source: 'CVE-2007-3715: XSLT in a signature runs before it is verified',
    shape: plain('assertion'),
    signedResponse: (xml, { elsewhere }) =>
      swap(xml, '</ds:Transforms>', `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"><xsl:template match="/"><xsl:copy-of select="document('${elsewhere}/fetch-by-xslt')"/></xsl:template></xsl:stylesheet></ds:Transform></ds:Transforms>`),
  },
  {
    name: 'fetch-manifest',
    title: 'ds:Manifest со ссылками на адреса',
    refused: 'saml.signature-form',
    shape: plain('assertion'),
    signedResponse: (xml, { elsewhere }) =>
      swap(xml, '</ds:Signature>', `<ds:Object><ds:Manifest>${`<ds:Reference URI="${elsewhere}/fetch-manifest"><ds:DigestMethod Algorithm="urn:x"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>`.repeat(20)}</ds:Manifest></ds:Object></ds:Signature>`),
  },
  {
    name: 'fetch-cipher',
    title: 'Шифртекст лежит по адресу',
    refused: 'saml.decryption',
    response: (xml, { elsewhere }) =>
      swap(xml, /<xenc:CipherValue>[^<]*<\/xenc:CipherValue>(?=<\/xenc:CipherData><\/xenc:EncryptedData>)/, `<xenc:CipherReference URI="${elsewhere}/fetch-cipher"><xenc:Transforms><ds:Transform xmlns:ds="${ns.ds}" Algorithm="${ns.ds}base64"/></xenc:Transforms></xenc:CipherReference>`),
  },
  {
    name: 'fetch-wrapped-key',
    title: 'Обёрнутый ключ лежит по адресу',
    refused: 'saml.decryption',
    response: (xml, { elsewhere }) =>
      swap(xml, /<xenc:CipherValue>[^<]*<\/xenc:CipherValue>(?=<\/xenc:CipherData><\/xenc:EncryptedKey>)/, `<xenc:CipherReference URI="${elsewhere}/fetch-wrapped-key"/>`),
  },
  {
    name: 'fetch-key',
    title: 'Ключ шифра лежит по адресу (RetrievalMethod)',
    refused: 'saml.decryption',
    response: (xml, { elsewhere }) =>
      swap(xml, /<xenc:EncryptedKey [\s\S]*<\/xenc:EncryptedKey>/, `<ds:RetrievalMethod URI="${elsewhere}/fetch-key" Type="${ns.xenc}EncryptedKey"/>`),
  },
] // prettier-ignore
