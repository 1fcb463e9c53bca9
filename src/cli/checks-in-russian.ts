/**
 * What a check expected and found, in Russian, for people who are asked to mend it. Addresses, times, names of elements and
 * identifiers stay as they are. The judge's words are fixed sentences; one that is not here is told as it is.
 */
const SIGNED = 'подпись этого элемента ключом из метаданных сервера и допустимым алгоритмом'
const SEALED = 'зашифровано для нашего ключа допустимым алгоритмом'

const WHOLE: Readonly<Record<string, string>> = {
  '(absent)': '(нет)',
  '(not shown)': '(не показываем)',
  'at most 256 KiB': 'не больше 256 КиБ',
  'base64 (RFC 4648, section 4), and nothing else': 'base64 (RFC 4648, раздел 4) и ничего больше',
  'well-formed XML 1.0 with namespaces; no DTD, no processing instructions':
    'правильный XML 1.0 с пространствами имён, без DTD и инструкций обработки',
  'what the OASIS schemas allow in this place': 'то, что в этом месте допускают схемы OASIS',
  'signatures in Response and Assertion alone': 'подписи только в Response и Assertion',
  "a signature over this element, by a key of the IdP's metadata and an algorithm that we take": SIGNED,
  'encrypted for a key of ours, by an algorithm that we take': SEALED,
  'times like 2026-09-01T08:00:00Z': 'время вида 2026-09-01T08:00:00Z',
  understood: 'известные условия',
  'unknown condition': 'неизвестное условие',
  'a signature stands elsewhere than in Response or Assertion': 'подпись стоит не в Response и не в Assertion',
  'a signature stands elsewhere than in the message itself': 'подпись стоит не в самом сообщении',
  'the Response is not signed': 'Response не подписан',
  'two signatures in one element': 'две подписи в одном элементе',
  'Signature holds an Object': 'в Signature есть Object',
  'Reference without the ID of its parent': 'Reference не называет ID своего элемента',
  'too many prefixes in InclusiveNamespaces': 'слишком много префиксов в InclusiveNamespaces',
  'version 1.0 and UTF-8 only': 'объявление XML: не версия 1.0 или не UTF-8',
  'a document type declaration': 'DOCTYPE',
  'a processing instruction': 'инструкция обработки',
  'the same ID twice': 'один ID у двух элементов',
  'the same attribute twice': 'один атрибут дважды',
  'too many nodes': 'слишком много элементов',
  'too many levels': 'слишком много уровней',
  'too many attributes': 'слишком много атрибутов',
  'too many namespace declarations': 'слишком много объявлений пространств имён',
  'an end tag that closes another element': 'закрывающий тег другого элемента',
  'an end tag without a start tag': 'закрывающий тег без открывающего',
  'the document ends too early': 'документ обрывается',
  'an undeclared prefix': 'необъявленный префикс',
  'a second document element': 'второй корневой элемент',
  'a character that XML forbids': 'символ, запрещённый в XML',
}

const PARTS: readonly (readonly [RegExp, string])[] = [
  [/^line (\d+)$/, 'строка $1'],
  [/^element (\S+)$/, 'элемент $1'],
  [/^length (\d+)$/, 'длина $1'],
  [/^most (\d+)$/, 'можно не больше $1'],
  [/^keys (\d+)$/, 'ключей в метаданных: $1'],
  [/^use (\S+)$/, 'назначение: $1'],
  [/^algorithm (\S+)$/, 'алгоритм $1'],
  [/^status (\S+)$/, 'статус $1'],
  [/^detail (\S+)$/, 'подробнее $1'],
  [/^not after (\S+)$/, 'не позже $1'],
  [/^not before (\S+)$/, 'не раньше $1'],
  [/^after (\S+)$/, 'позже $1'],
  [/^at most 24 hours after (\S+)$/, 'не больше чем через 24 часа после $1'],
  [/^at most 10 minutes old$/, 'не старше 10 минут'],
  [/^(\S+) holds other than (.+)$/, 'в $1 стоит не только $2'],
  [/^(\S+) has parameters$/, 'у $1 есть параметры'],
  [/^(\S+) is no plain text$/, '$1 — не простой текст'],
  [/^(\S+) is not base64$/, '$1 — не base64'],
]

export const inRussian = (text: string): string =>
  WHOLE[text] ??
  text
    .split(/, (?=[a-z])/)
    .map(part => WHOLE[part] ?? byPattern(part))
    .join(', ')

function byPattern(part: string): string {
  const found = PARTS.find(([pattern]) => pattern.test(part))
  return found ? part.replace(...found) : part
}
