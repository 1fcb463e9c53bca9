/** Ways of writing: octets, base64 and XML that two readers would read differently, and changes that only eyes take for none. */
import { deflateRawSync, gzipSync } from 'node:zlib'
import { plain, swap, type Fault } from '../fault.js'

type Rows = readonly (readonly [
  name: string,
  title: string,
  refused: Fault['refused'],
  spoil: NonNullable<Fault['posted']>,
])[]

const posted: Rows = [
  ['base64-for-urls', 'base64 для адресов', 'saml.not-base64', text => swap(text, /[A-Z]/, '-')],
  ['base64-without-padding', 'base64 без «=» в конце', 'saml.not-base64', text => (text.endsWith('=') ? text.replace(/=+$/, '') : text.slice(0, -1))],
  ['base64-more-padding', 'Лишние «=» в конце', 'saml.not-base64', text => `${text}====`],
  ['base64-padding-inside', '«=» посередине', 'saml.not-base64', text => `${text.slice(0, 40)}==${text.slice(42)}`],
  ['base64-as-data', 'Адрес data:', 'saml.not-base64', text => `data:text/xml;base64,${text}`],
  ['base64-with-mark', 'Метка порядка байтов перед base64', 'saml.not-base64', text => `\uFEFF${text}`],
  ['base64-with-nul', 'Нулевой знак в base64', 'saml.not-base64', text => `${text}\0`],
  ['base64-odd-lines', 'Строки base64 по 75 знаков', 'saml.not-base64', text => text.replace(/.{75}/g, '$&\n')],
  ['base64-lonely-returns', 'Возвраты каретки без перевода строки', 'saml.not-base64', text => `${text.slice(0, 40)}\r${text.slice(40)}`],
  ['base64-full-width', 'Полноширинные буквы в base64', 'saml.not-base64', text => text.replace(/[A-Z]/, sign => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))],
  ['base64-twice', 'base64 дважды', 'saml.not-xml', text => Buffer.from(text).toString('base64')],
  ['base64-percent-encoded', 'base64, записанное процентами', 'saml.not-base64', text => text.replace(/./, sign => `%${sign.charCodeAt(0).toString(16)}`)],
  ['plain-xml', 'XML без base64', 'saml.not-base64', text => Buffer.from(text, 'base64').toString()],
  ['nothing', 'Пустое поле', 'saml.not-base64', () => ''],
] // prettier-ignore

const octets: readonly (readonly [string, string, Fault['refused'], NonNullable<Fault['octets']>])[] = [
  ['compressed-gzip', 'Сжато gzip', 'saml.not-utf8', message => gzipSync(message)],
  ['compressed-raw', 'Сжато DEFLATE, как в Redirect', 'saml.not-utf8', message => deflateRawSync(message)],
  ['compressed-bomb', 'Бомба DEFLATE: 20 МБ в 20 КБ', 'saml.not-utf8', () => deflateRawSync(Buffer.alloc(20_000_000, ' '))],
  ['utf-16-big-endian', 'UTF-16 с обратным порядком', 'saml.not-utf8', message => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(message.toString(), 'utf16le')]).swap16()],
  ['utf-32', 'UTF-32', 'saml.not-xml', message => Buffer.concat(Array.from(message, octet => Buffer.from([0, 0, 0, octet])))],
  ['utf-7', 'UTF-7 вместо разметки', 'saml.not-xml', message => Buffer.from(message.toString().replaceAll('<', '+ADw-'))],
  ['overlong-less-than', 'Знак < длинной записью UTF-8', 'saml.not-utf8', message => Buffer.concat([message.subarray(0, -1), Buffer.from([0xc0, 0xbc])])],
  ['five-octets', 'Пять октетов UTF-8 на знак', 'saml.not-utf8', message => Buffer.concat([message, Buffer.from([0xf8, 0x88, 0x80, 0x80, 0x80])])],
  ['beyond-unicode', 'Знак за пределами Юникода в UTF-8', 'saml.not-utf8', message => Buffer.concat([message, Buffer.from([0xf4, 0x90, 0x80, 0x80])])],
  ['half-a-character', 'Половина знака в конце', 'saml.not-utf8', message => Buffer.concat([message, Buffer.from([0xd0])])],
  ['nul-behind', 'Нулевой октет за концом', 'saml.not-xml', message => Buffer.concat([message, Buffer.alloc(1)])],
  ['nul-inside', 'Нулевой октет внутри', 'saml.not-xml', message => Buffer.concat([message.subarray(0, 60), Buffer.alloc(1), message.subarray(60)])],
  ['windows-1251', 'Русские буквы в windows-1251', 'saml.not-utf8', message => Buffer.concat([message, Buffer.from([0x3c, 0x21, 0x2d, 0x2d, 0xcf, 0xf0, 0x2d, 0x2d, 0x3e])])],
  ['nothing-but-spaces', 'Одни пробелы', 'saml.not-xml', () => Buffer.from('   \n')],
  ['nothing-but-comment', 'Один комментарий', 'saml.not-xml', () => Buffer.from('<!-- -->')],
  ['web-page', 'Страница вместо ответа', 'saml.doctype', () => Buffer.from('<!DOCTYPE html><html></html>')],
] // prettier-ignore

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
const head = (name: string, title: string, refused: Fault['refused'], to: string): Fault => ({
  name,
  title,
  refused,
  signedResponse: xml => swap(xml, HEAD, to),
}) // prettier-ignore

const heads: readonly Fault[] = [
  head('declaration-version-1-00', 'Версия XML «1.00»', 'saml.declaration', '<?xml version="1.00" encoding="UTF-8"?>'),
  head('declaration-utf8', 'Кодировка «UTF8»', 'saml.declaration', '<?xml version="1.0" encoding="UTF8"?>'),
  head('declaration-latin', 'Кодировка ISO-8859-1', 'saml.declaration', '<?xml version="1.0" encoding="ISO-8859-1"?>'),
  head('declaration-ebcdic', 'Кодировка IBM037', 'saml.declaration', '<?xml version="1.0" encoding="IBM037"?>'),
  head('declaration-standalone-maybe', 'Объявление XML со standalone="maybe"', 'saml.declaration', '<?xml version="1.0" standalone="maybe"?>'),
  head('declaration-turned', 'Кодировка перед версией', 'saml.declaration', '<?xml encoding="UTF-8" version="1.0"?>'),
  head('declaration-without-version', 'Объявление XML без версии', 'saml.declaration', '<?xml encoding="UTF-8"?>'),
  head('declaration-long', 'Объявление XML в килобайт', 'saml.declaration', `<?xml version="1.0"${' '.repeat(1_000)}?>`),
  head('declaration-twice', 'Объявление XML дважды', 'saml.processing-instruction', `${HEAD}${HEAD}`),
  head('declaration-in-capitals', 'Объявление XML прописными', 'saml.processing-instruction', '<?XML version="1.0"?>'),
] // prettier-ignore

const extension = (name: string, title: string, content: string, refused: Fault['refused'] = 'saml.not-xml'): Fault => ({
  name,
  title,
  refused,
  shape: plain('assertion'),
  signedResponse: xml =>
    swap(xml, '<saml2p:Status>', `<saml2p:Extensions>${content}</saml2p:Extensions><saml2p:Status>`),
}) // prettier-ignore

const markup: readonly Fault[] = [
  extension('entity-in-attribute', 'Неизвестная сущность в значении атрибута', '<a xmlns="urn:x" b="&e;"/>'),
  extension('ampersand-alone', 'Одинокий амперсанд', '<a xmlns="urn:x">&amp</a>'),
  extension('reference-in-capitals', 'Ссылка &amp;#X41;', '<a xmlns="urn:x">&#X41;</a>'),
  extension('reference-empty', 'Ссылка без числа', '<a xmlns="urn:x">&#x;</a>'),
  extension('reference-negative', 'Ссылка с минусом', '<a xmlns="urn:x">&#-1;</a>'),
  extension('reference-to-nul-in-attribute', 'Ссылка на нулевой знак в атрибуте', '<a xmlns="urn:x" b="&#x0;"/>'),
  extension('reference-to-vertical-tab', 'Ссылка на вертикальную табуляцию', '<a xmlns="urn:x">&#11;</a>'),
  extension('reference-to-noncharacter', 'Ссылка на U+FFFF', '<a xmlns="urn:x">&#xFFFF;</a>'),
  extension('form-feed', 'Перевод страницы между атрибутами', '<a xmlns="urn:x"\fb="c"/>'),
  extension('no-break-space-in-tag', 'Неразрывный пробел между атрибутами', '<a xmlns="urn:x"\u00a0b="c"/>'),
  extension('attribute-without-value', 'Атрибут без значения', '<a xmlns="urn:x" b/>'),
  extension('attribute-without-quotes', 'Значение без кавычек', '<a xmlns="urn:x" b=c/>'),
  extension('attributes-without-space', 'Атрибуты без пробела', '<a xmlns="urn:x" b="c"d="e"/>'),
  extension('slash-apart', 'Косая черта отдельно от скобки', '<a xmlns="urn:x"/ >'),
  extension('attribute-on-end-tag', 'Атрибут в закрывающем теге', '<a xmlns="urn:x"></a b="c">'),
  extension('tags-crossed', 'Теги крест-накрест', '<a xmlns="urn:x"><b></a></b>'),
  extension('comment-ends-in-three', 'Комментарий кончается на «--->»', '<!-- a --->'),
  extension('comment-unclosed', 'Комментарий не закрыт', '<!-- '),
  extension('cdata-unclosed', 'CDATA не закрыта', '<a xmlns="urn:x"><![CDATA[</a>'),
  extension('cdata-small-letters', 'cdata строчными', '<a xmlns="urn:x"><![cdata[b]]></a>'),
  extension('conditional-section', 'Условный раздел', '<![INCLUDE[<a xmlns="urn:x"/>]]>'),
  extension('element-called-xmlns', 'Элемент с приставкой xmlns', '<xmlns:a xmlns="urn:x"/>'),
  extension('name-with-colon-first', 'Имя начинается с двоеточия', '<:a xmlns="urn:x"/>'),
  extension('name-with-digit-first', 'Имя начинается с цифры', '<1a xmlns="urn:x"/>'),
  extension('prefix-declared-twice', 'Приставка объявлена дважды', '<a xmlns="urn:x" xmlns:p="urn:y" xmlns:p="urn:z"/>'),
  extension('default-declared-twice', 'Пространство по умолчанию объявлено дважды', '<a xmlns="urn:x" xmlns="urn:y"/>'),
  extension('namespace-with-space', 'Пробел в пространстве имён', '<a xmlns="urn:x y"/>'),
  extension('namespace-with-quote', 'Кавычка в пространстве имён', '<a xmlns=\'urn:x"y\'/>'),
  extension('namespace-of-xmlns', 'Пространство xmlns под приставкой', '<a xmlns="urn:x" xmlns:p="http://www.w3.org/2000/xmlns/"/>'),
  extension('entity-declaration', 'Объявление сущности без DOCTYPE', '<!ENTITY e "e">'),
  extension('many-comments', '25 000 комментариев', '<!---->'.repeat(25_000), 'saml.too-complex'),
  extension('many-texts', '25 000 текстов и комментариев', `<a xmlns="urn:x">${'b<!---->'.repeat(12_500)}</a>`, 'saml.too-complex'),
  extension('declarations-on-one', '100 пространств имён у элемента', `<a xmlns="urn:x"${Array.from({ length: 100 }, (_, at) => ` xmlns:n${at}="urn:n"`).join('')}/>`, 'saml.too-complex'),
] // prettier-ignore

/** Written otherwise under an honest signature, so that it says something else to somebody. */
const altered = (name: string, title: string, from: string | RegExp, to: string, refused: Fault['refused'] = 'saml.altered'): Fault => ({
  name,
  title,
  refused,
  shape: plain('assertion'),
  signedResponse: xml => swap(xml, from, to),
}) // prettier-ignore

const VALUE = /(?<=<saml2:AttributeValue[^>]*>)(?=[^<])/

const otherwise: readonly Fault[] = [
  altered('value-with-return', 'Возврат каретки ссылкой в начале значения', VALUE, '&#13;'),
  altered('value-with-line', 'Перевод строки в начале значения', VALUE, '\n'),
  altered('value-with-mark', 'Метка порядка байтов в начале значения', VALUE, '\uFEFF'),
  altered('value-with-entity', 'Лишний &amp;amp; в начале значения', VALUE, '&amp;'),
  altered('value-with-cdata', 'Лишняя CDATA в начале значения', VALUE, '<![CDATA[x]]>'),
  altered('value-with-element', 'Пустой элемент в начале значения', VALUE, '<b xmlns="urn:x"/>'),
  altered('value-of-look-alikes', 'Латинская «o» вместо русской в имени', /(?<=>[А-Я][а-я]*)о/, 'o'),
  altered('value-with-tab', 'Табуляция ссылкой в имени атрибута', /(?<=<saml2:Attribute [^>]*Name="[^"]{4})/, '&#9;'),
  altered('names-swapped', 'Имена двух атрибутов поменяны', /Name="urn:mace:dir:attribute:lastName"/, 'Name="urn:mace:dir:attribute:firstName"'),
  altered('default-namespace-undone', 'Пространство по умолчанию отменено', /<saml2:AttributeValue (?=xmlns:xsi)/, '<saml2:AttributeValue xmlns:saml2="urn:x" ', 'saml.schema'),
  altered('prefix-renamed', 'Приставка saml2 заменена другой с тем же значением', /<saml2:NameID([^>]*)>([^<]*)<\/saml2:NameID>/, '<s:NameID xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion">_x</s:NameID>'),
  altered('signature-of-another-namespace', 'Приставка ds ведёт в чужое пространство', /xmlns:ds="[^"]*"/, 'xmlns:ds="urn:x"', 'saml.schema'),
  altered('signature-of-1-1', 'Подпись из пространства xmldsig 1.1', /xmlns:ds="[^"]*"/, 'xmlns:ds="http://www.w3.org/2009/xmldsig11#"', 'saml.schema'),
] // prettier-ignore

export const writingFaults: readonly Fault[] = [
  ...posted.map(([name, title, refused, spoil]): Fault => ({ name, title, refused, posted: spoil })),
  ...octets.map(([name, title, refused, spoil]): Fault => ({ name, title, refused, octets: spoil })),
  ...heads,
  ...markup,
  ...otherwise,
]
