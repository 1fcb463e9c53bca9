/** Octets, XML and schema: messages that must be refused before anybody asks what they say. */
import { cut, plain, swap, type Fault } from '../fault.js'

const declaration = '<?xml version="1.0" encoding="UTF-8"?>'
const afterDeclaration =
  (text: string) =>
  (xml: string): string =>
    swap(xml, `${declaration}\n`, `${declaration}\n${text}`)

const octets: readonly Fault[] = [
  {
    name: 'not-base64',
    title: 'Не base64',
    refused: 'saml.not-base64',
    posted: base64 => `${base64.slice(0, 40)}!${base64.slice(41)}`,
  },
  {
    name: 'base64-with-spaces',
    title: 'Пробелы внутри base64',
    refused: 'saml.not-base64',
    posted: base64 => `${base64.slice(0, 40)} ${base64.slice(40)}`,
  },
  {
    name: 'base64-of-zeros',
    title: 'Лишние биты в конце base64',
    refused: 'saml.not-base64',
    octets: message => Buffer.concat([message, Buffer.alloc((4 - (message.length % 3)) % 3, ' ')]), // ends in `A==`
    posted: base64 => swap(base64, /A==$/, 'B=='),
  },
  {
    name: 'too-large',
    title: 'Больше 256 КиБ',
    refused: 'saml.too-large',
    octets: message => Buffer.concat([message, Buffer.alloc(300 * 1024, ' ')]),
  },
  {
    name: 'not-utf8',
    title: 'Не UTF-8',
    refused: 'saml.not-utf8',
    octets: message => Buffer.concat([message, Buffer.from([0x0a, 0xff])]),
  },
  {
    name: 'overlong-utf8',
    title: 'UTF-8 с лишними октетами',
    refused: 'saml.not-utf8',
    octets: message => Buffer.concat([message, Buffer.from([0x0a, 0xc0, 0xaf])]),
  },
  {
    name: 'utf-16',
    title: 'UTF-16',
    refused: 'saml.not-utf8',
    octets: message => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(message.toString(), 'utf16le')]),
  },
]

const prologue: readonly Fault[] = [
  {
    name: 'declared-windows-1251',
    title: 'Объявлена кодировка windows-1251',
    refused: 'saml.declaration',
    signedResponse: xml => swap(xml, 'encoding="UTF-8"', 'encoding="windows-1251"'),
  },
  {
    name: 'declared-utf-16',
    title: 'Объявлена кодировка UTF-16',
    refused: 'saml.declaration',
    signedResponse: xml => swap(xml, 'encoding="UTF-8"', 'encoding="UTF-16"'),
  },
  {
    name: 'xml-1-1',
    title: 'XML 1.1',
    refused: 'saml.declaration',
    signedResponse: xml => swap(xml, 'version="1.0"', 'version="1.1"'),
  },
  {
    name: 'doctype',
    title: 'Объявление DOCTYPE',
    refused: 'saml.doctype',
    signedResponse: afterDeclaration('<!DOCTYPE saml2p:Response>'),
  },
  {
    name: 'entity',
    title: 'Внутренняя сущность вместо NameID',
    refused: 'saml.doctype',
    source: 'CVE-2025-25291',
    shape: plain('assertion'),
    signedResponse: (xml, { draft }) =>
      afterDeclaration(`<!DOCTYPE saml2p:Response [<!ENTITY who "${draft.nameId}">]>`)(
        swap(xml, draft.nameId, '&who;'),
      ),
  },
  {
    name: 'external-entity',
    title: 'Внешняя сущность (файл сервера)',
    refused: 'saml.doctype',
    signedResponse: afterDeclaration('<!DOCTYPE saml2p:Response [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
  },
  {
    name: 'entity-bomb',
    title: 'Бомба из сущностей',
    refused: 'saml.doctype',
    signedResponse: afterDeclaration(
      `<!DOCTYPE saml2p:Response [<!ENTITY e0 "e">${Array.from({ length: 20 }, (_, at) => `<!ENTITY e${at + 1} "&e${at};&e${at};">`).join('')}]>`,
    ),
  },
  {
    name: 'attlist',
    title: 'Пространство имён из ATTLIST',
    refused: 'saml.doctype',
    source: 'CVE-2025-25292',
    signedResponse: afterDeclaration(
      '<!DOCTYPE saml2p:Response [<!ATTLIST saml2p:Response xmlns:x CDATA #FIXED "urn:x">]>',
    ),
  },
  {
    name: 'processing-instruction',
    title: 'Инструкция обработки',
    refused: 'saml.processing-instruction',
    signedResponse: afterDeclaration('<?xml-stylesheet href="https://somebody-else.example/x.xsl"?>'),
  },
  {
    name: 'processing-instruction-inside',
    title: 'Инструкция обработки внутри NameID',
    refused: 'saml.processing-instruction',
    shape: plain('assertion'),
    signedResponse: (xml, { draft }) => swap(xml, draft.nameId, `${draft.nameId}<?x y?>`),
  },
]

const numbered = (count: number, one: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => one(at)).join('')

const extended =
  (content: string) =>
  (xml: string): string =>
    swap(xml, '<saml2p:Status>', `<saml2p:Extensions>${content}</saml2p:Extensions><saml2p:Status>`)

const complex: readonly Fault[] = [
  {
    name: 'deep',
    title: '10 000 уровней вложенности',
    refused: 'saml.too-complex',
    shape: plain('assertion'),
    signedResponse: extended(`<a xmlns="urn:x">${'<a>'.repeat(9_999)}${'</a>'.repeat(9_999)}</a>`),
  },
  {
    name: 'many-elements',
    title: '25 000 элементов',
    refused: 'saml.too-complex',
    shape: plain('assertion'),
    signedResponse: extended(`<a xmlns="urn:x">${'<b/>'.repeat(25_000)}</a>`),
  },
  {
    name: 'many-attributes',
    title: '10 000 атрибутов у элемента',
    refused: 'saml.too-complex',
    shape: plain('assertion'),
    signedResponse: extended(`<a xmlns="urn:x"${numbered(10_000, at => ` a${at}=""`)}/>`),
  },
  {
    name: 'many-namespaces',
    title: '5 000 пространств имён',
    refused: 'saml.too-complex',
    shape: plain('assertion'),
    signedResponse: extended(`<a xmlns="urn:x"${numbered(5_000, at => ` xmlns:n${at}="urn:n:${at}"`)}/>`),
  },
]

const malformed: readonly Fault[] = [
  {
    name: 'cut-short',
    title: 'Сообщение оборвано',
    refused: 'saml.not-xml',
    signedResponse: xml => xml.slice(0, -20),
  },
  {
    name: 'undeclared-prefix',
    title: 'Приставка без объявления',
    refused: 'saml.not-xml',
    signedResponse: xml => swap(xml, '<saml2p:Status>', '<x:y/><saml2p:Status>'),
  },
  {
    name: 'attribute-twice',
    title: 'Один атрибут дважды',
    refused: 'saml.not-xml',
    signedResponse: xml => swap(xml, ' Version="2.0">', ' Version="2.0" Version="2.0">'),
  },
  {
    name: 'attribute-twice-by-namespace',
    title: 'Один атрибут дважды под разными приставками',
    refused: 'saml.not-xml',
    signedResponse: extended('<a xmlns="urn:x" xmlns:p="urn:y" xmlns:q="urn:y" p:z="1" q:z="2"/>'),
  },
  {
    name: 'two-roots',
    title: 'Два документа подряд',
    refused: 'saml.not-xml',
    signedResponse: xml => xml + xml.slice(xml.indexOf('\n') + 1),
  },
  {
    name: 'forbidden-character',
    title: 'Запрещённый знак &#0;',
    refused: 'saml.not-xml',
    signedResponse: extended('<a xmlns="urn:x">&#0;</a>'),
  },
  {
    name: 'relative-namespace',
    title: 'Относительное пространство имён',
    refused: 'saml.not-xml',
    signedResponse: extended('<a xmlns="x"/>'),
  },
]

const schema: readonly Fault[] = [
  {
    name: 'wrong-order',
    title: 'Элементы не в том порядке',
    refused: 'saml.schema',
    shape: plain('both'),
    assertion(xml) {
      const { before, element, after } = cut(xml, 'saml2:Subject')
      return swap(before + after, '</saml2:Conditions>', `</saml2:Conditions>${element}`)
    },
  },
  {
    name: 'unknown-element',
    title: 'Элемент, которого в SAML нет',
    refused: 'saml.schema',
    response: xml => swap(xml, '<saml2p:Status>', '<saml2p:Nonsense/><saml2p:Status>'),
  },
  {
    name: 'id-of-digits',
    title: 'ID начинается с цифры',
    refused: 'saml.schema',
    draft: draft => ({ ...draft, responseId: `1${draft.responseId}` }),
  },
  {
    name: 'bare-assertion',
    title: 'Утверждение без ответа',
    refused: 'saml.not-response',
    shape: plain('assertion'),
    signedResponse: xml => cut(xml, 'saml2:Assertion').element,
  },
  {
    name: 'logout-response',
    title: 'Ответ о выходе вместо ответа о входе',
    refused: 'saml.not-response',
    shape: plain('response'),
    signedAssertion: () => '',
    response: xml => xml.replaceAll('saml2p:Response', 'saml2p:LogoutResponse'),
  },
]

export const documentFaults: readonly Fault[] = [...octets, ...prologue, ...complex, ...malformed, ...schema]
