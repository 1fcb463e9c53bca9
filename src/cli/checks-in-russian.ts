import { meaningsRu } from '../base/meanings-ru.js'
import { refusals, type RefusalCode } from '../base/refusals.js'

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
  'a name was expected': 'здесь должно стоять имя',
  'a malformed qualified name': 'имя с префиксом записано неверно',
  'a malformed start tag': 'открывающий тег записан неверно',
  'an attribute without a value': 'атрибут без значения',
  'an attribute value without quotes': 'значение атрибута без кавычек',
  '< in an attribute value': 'знак < в значении атрибута',
  'an attribute value without an end': 'значение атрибута не закончено',
  'an unknown or malformed reference': 'неизвестная или неверная ссылка на символ',
  'a prefix declared twice': 'префикс объявлен дважды',
  'xml or xmlns rebound': 'переопределён xml или xmlns',
  'an empty, relative or odd namespace name': 'имя пространства имён пустое, относительное или необычное',
  'text outside the document': 'текст вне документа',
  ']]> in text': 'знаки ]]> в тексте',
  'unknown markup': 'неизвестная разметка',
  'a malformed comment': 'комментарий записан неверно',
  'a misplaced or unfinished CDATA section': 'раздел CDATA не на месте или не закончен',
  'neither NameID nor EncryptedID': 'нет ни NameID, ни EncryptedID',
  'no Element': 'не сказано, что зашифрован элемент (Element)',
  'no CipherValue': 'нет CipherValue',
  'the document element is no Envelope': 'корневой элемент не Envelope',
  'the Body does not hold exactly one element': 'в Body не ровно один элемент',
  'the Envelope holds other than an optional Header and a Body': 'в Envelope есть что-то, кроме Header и Body',
  'at most 24 hours ahead': 'не больше чем на 24 часа вперёд',
  // why a check was not made
  'decided when the session is opened': 'решается, когда открывают вход',
  'the file holds XML': 'в файле XML',
  'the assertion is not encrypted': 'утверждение не зашифровано',
  'covered by the signature of the Response': 'уже под подписью Response',
  'the name of the subject is not encrypted': 'имя человека (NameID) не зашифровано',
  'the request is not known here': 'запроса мы здесь не знаем',
  'the browser now calls from another address: a signal, never a stop':
    'браузер пришёл с другого адреса: это знак, но не повод отказать',
  'no NotOnOrAfter': 'нет NotOnOrAfter',
  'no class of sign-in was asked for': 'о способе входа мы не просили',
  'no SessionNotOnOrAfter': 'нет SessionNotOnOrAfter',
  'no fresh sign-in was demanded': 'войти заново мы не просили',
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
  [/^(\S+) by ([0-9a-f]{16})$/, '$1, ключ $2'],
  [/^(\S+) is not UTC with Z \(saml-core 1\.3\.3\)$/, '$1 не в UTC со знаком Z (saml-core 1.3.3)'],
  [/^(\S+) has parameters$/, 'у $1 есть параметры'],
  [/^(\S+) is no plain text$/, '$1 — не простой текст'],
  [/^(\S+) is not base64$/, '$1 — не base64'],
]

/** A check that failed and has nothing of its own to tell says what the refusal means. */
const MEANINGS: ReadonlyMap<string, string> = new Map(
  (Object.keys(refusals) as RefusalCode[]).map(code => [refusals[code].meaning, meaningsRu[code]]),
)

export const inRussian = (text: string): string =>
  WHOLE[text] ??
  MEANINGS.get(text) ??
  text
    .split(/, (?=[a-z])/)
    .map(part => WHOLE[part] ?? byPattern(part))
    .join(', ')

function byPattern(part: string): string {
  const found = PARTS.find(([pattern]) => pattern.test(part))
  return found ? part.replace(...found) : part
}
