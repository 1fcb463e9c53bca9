/** The files that `consent.texts` names, and what people will read: facts of the settings and text of the file as one. */
import { createHash } from 'node:crypto'
import type { ConsentTerms, TextInTerms } from '../consent/rules.js'
import { valueAt, type Finding } from './explain.js'
import { dayOf } from './key-states.js'
import { readNamedFile, type Sources } from './read-file.js'
import type { Settings } from './settings.js'

const LARGEST = 64 * 1024

type ConsentSettings = NonNullable<Settings['consent']>

/** What no single setting can know; looks at the file as written. */
export function consentContradictions(raw: unknown): readonly Finding[] {
  const texts = valueAt(raw, ['consent', 'texts'])
  if (!Array.isArray(texts)) return []
  const codes = codesIn(raw)
  const versions = texts.map(text => valueAt(text, ['version']))
  return texts
    .flatMap((text: unknown, i): readonly Finding[] => {
      const path = ['consent', 'texts', i]
      const first = versions.indexOf(versions[i])
      const twice = `is the version of consent.texts[${first}], too; each text needs one of its own`
      const own = schoolsOf(text)
      return [
        ...(first === i || versions[i] === undefined ? [] : [{ path: [...path, 'version'], message: twice }]),
        ...own.flatMap((code, place) =>
          codes.includes(code)
            ? []
            : [
                {
                  path: [...path, 'schools', place],
                  message: `no school has this code. Known codes: ${codes.join(', ') || 'none'}`,
                },
              ],
        ),
      ]
    })
    .concat(withoutText(texts, codes))
}

/** Nobody could be let in, or everybody without being asked; neither is what was meant. */
function withoutText(texts: readonly unknown[], codes: readonly string[]): readonly Finding[] {
  if (texts.some(text => valueAt(text, ['schools']) === undefined)) return []
  const bare = codes.filter(code => !texts.some(text => schoolsOf(text).includes(code)))
  if (bare.length === 0) return []
  const message = `leaves ${bare.join(', ')} without a text; add one without \`schools\`, which counts for all`
  return [{ path: ['consent', 'texts'], message }]
}

const textsIn = (list: unknown): readonly string[] =>
  Array.isArray(list) ? list.filter((each): each is string => typeof each === 'string') : []
const schoolsOf = (text: unknown): readonly string[] => textsIn(valueAt(text, ['schools']))

function codesIn(raw: unknown): readonly string[] {
  const schools = valueAt(raw, ['schools'])
  return textsIn(Array.isArray(schools) ? schools.map(school => valueAt(school, ['code'])) : [])
}

export interface ConsentReading {
  readonly terms?: ConsentTerms
  readonly findings: readonly Finding[]
}

export function readConsent(consent: Settings['consent'], sources: Sources): ConsentReading {
  if (!consent) return { findings: [] }
  const findings: Finding[] = []
  const texts = consent.texts.flatMap(({ version, file, from, schools }, i): readonly TextInTerms[] => {
    try {
      const whole = wholeText(consent, readText(file, sources))
      const hash = createHash('sha256').update(whole).digest('hex')
      return [{ version, hash, whole, from: dayOf(from), ...(schools && { schools }) }]
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      findings.push({ path: ['consent', 'texts', i, 'file'], message: error.message })
      return []
    }
  })
  const { pupilsFrom14, destroyAfter } = consent
  return { findings, ...(findings.length === 0 && { terms: { texts, pupilsFrom14, destroyAfter } }) }
}

/** Line ends and a byte order mark are an editor's, and change no text. @throws RangeError in a sentence for the operator */
function readText(path: string, sources: Sources): string {
  const octets = readNamedFile(path, sources, LARGEST)
  const text = decoded(path, octets).replace(/\r\n?/g, '\n').trim()
  if (text === '') throw new RangeError(`${path} is empty`)
  if (/[^\P{Cc}\n\t]/u.test(text)) throw new RangeError(`${path} holds control characters; save it as plain text`)
  return text
}

function decoded(path: string, octets: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets)
  } catch {
    throw new RangeError(`${path} is not UTF-8 text; save it as UTF-8`)
  }
}

/** One text, so that one hash covers all that people agree to. A change of this form would make every text another one. */
function wholeText({ operator, purpose, data, actions, recipients, term, withdrawal }: ConsentSettings, body: string) {
  const listed = (lines: readonly string[]) => lines.map(each => `- ${each}`).join('\n')
  const parts: readonly (readonly [string, string] | undefined)[] = [
    ['Кто обрабатывает данные', `${operator.name}, ${operator.address}`],
    ['Зачем', purpose],
    ['Какие данные', listed(data)],
    ['Что с ними делают', listed(actions)],
    recipients && ['Кому их передают', listed(recipients)],
    ['Как долго', term],
    ['Как отозвать согласие', withdrawal],
    ['Текст согласия', body],
  ]
  return `${parts.flatMap(part => (part ? [`# ${part[0]}\n\n${part[1]}`] : [])).join('\n\n')}\n`
}
