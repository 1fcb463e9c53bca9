/** The people who can sign in here: read from people.yaml, all of them invented. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { projectFile } from '../base/project-file.js'
import { parseSnils } from '../words/snils.js'

const organisation = z.strictObject({
  name: z.string(),
  ogrn: z.string().regex(/^\d{13}$/),
  inn: z.string().regex(/^\d{10}$/),
  oid: z.string().regex(/^\d+$/),
  position: z.string(),
})

const child = z.strictObject({
  lastName: z.string(),
  firstName: z.string(),
  middleName: z.string().optional(),
  birthDate: z.iso.date(),
})

const person = z.strictObject({
  /** Latin name for command lines. */
  key: z.string().regex(/^[a-z][a-z0-9-]*$/),
  /** One line in Russian: what this person is there to show. */
  about: z.string(),
  lastName: z.string(),
  firstName: z.string(),
  middleName: z.string().optional(),
  gender: z.enum(['M', 'F']),
  birthDate: z.iso.date(),
  snils: z
    .string()
    .refine(text => parseSnils(text) !== undefined, 'the check number is wrong')
    .optional(),
  userId: z.string().regex(/^\d+$/),
  phone: z.string().optional(),
  email: z.string().optional(),
  /** 10 упрощённая, 20 стандартная, 30 подтверждённая. */
  level: z.literal([10, 20, 30]),
  /** Whether a one-time code is asked for after the password. */
  secondFactor: z.boolean().default(true),
  organisations: z.array(organisation).default([]),
  /** ОГРНИП: the person may also enter as an entrepreneur. */
  ogrnip: z
    .string()
    .regex(/^\d{15}$/)
    .optional(),
  /** Series and number of an invented passport, `0000 000001`. */
  passport: z
    .string()
    .regex(/^0000 \d{6}$/)
    .optional(),
  children: z.array(child).optional(),
  /** Asked instead of a code, if the person wants. */
  question: z.strictObject({ text: z.string(), answer: z.string() }).optional(),
  /** Number of a hardware token that shows codes. */
  token: z.string().optional(),
  /** PIN of the carrier with the key of an electronic signature. */
  signaturePin: z
    .string()
    .regex(/^\d{4,8}$/)
    .optional(),
})

const file = z.strictObject({
  /** One for all of them, printed on the login page. */
  password: z.string().min(8),
  people: z.array(person).min(1),
})

export type Organisation = z.infer<typeof organisation>
export type TestPerson = z.infer<typeof person>

export interface People {
  readonly password: string
  readonly all: readonly TestPerson[]
}

/** @throws Error that lists everything that is wrong in the file */
export function readPeople(text: string): People {
  const read = file.safeParse(parse(text))
  if (!read.success) throw new Error(`The file of test people is not usable:\n${z.prettifyError(read.error)}`)
  const { password, people } = read.data
  const twice = people.map(one => one.key).find((key, at, keys) => keys.indexOf(key) !== at)
  if (twice !== undefined) throw new Error(`The file of test people names ${twice} twice.`)
  return { password, all: people }
}

export const defaultPeople = (): People => readPeople(readFileSync(projectFile('src/mock-idp/people.yaml'), 'utf8'))

export const personOfKey = (people: People, key: string): TestPerson | undefined =>
  people.all.find(one => one.key === key)

/** Digits of a telephone number with the Russian 8 read as +7. */
const digitsOf = (text: string): string => text.replace(/\D/g, '').replace(/^8(?=\d{10}$)/, '7')

/** @param login telephone, e-mail or СНИЛС, in whatever form people type it */
export function personOfLogin(people: Pick<People, 'all'>, login: string): TestPerson | undefined {
  const typed = login.trim()
  if (typed.includes('@')) return people.all.find(one => one.email?.toLowerCase() === typed.toLowerCase())
  const digits = digitsOf(typed)
  if (digits.length !== 11) return undefined
  const snils = parseSnils(typed)
  return people.all.find(
    one =>
      (one.phone !== undefined && digitsOf(one.phone) === digits) ||
      (snils !== undefined && one.snils !== undefined && parseSnils(one.snils) === snils),
  )
}
