/** What `init` asks, in this order; each answer is judged by the part of the settings that it becomes. */
import { readFileSync } from 'node:fs'
import type * as z from 'zod'
import { lintMetadata } from '../../saml/lint/lint.js'
import { describeFinding } from '../../saml/metadata.js'
import { bridgeYaml } from '../../settings/schema.js'
import { printable } from '../printable.js'

export interface Answers {
  readonly url: string
  readonly organization: string
  readonly site: string
  readonly technical: string
  readonly support: string
  readonly phone: string
  readonly school: string
  /** Path of a file, an https address, or empty: not there yet. */
  readonly idpMetadata: string
  readonly journal: string
  readonly journalUrl: string
}

export interface Question {
  readonly name: keyof Answers
  /** As an option: `--url`. */
  readonly flag: string
  readonly ask: string
  readonly example: string
  /** What an empty answer means. */
  readonly usual?: (known: Partial<Answers>) => string | undefined
  /** @returns what is wrong, or undefined */
  readonly wrong: (text: string) => string | undefined
}

const { publicUrl, serviceProvider, schools, journals } = bridgeYaml.shape
const { organization, contacts } = serviceProvider.shape

const judgedBy =
  (schema: z.ZodType, sentence: string) =>
  (text: string): string | undefined =>
    schema.safeParse(text).success ? undefined : sentence

const email = (schema: z.ZodType) => judgedBy(schema, 'это не адрес почты')
const oneLine = (schema: z.ZodType) => judgedBy(schema, 'нужна одна непустая строка, до 200 знаков')

export const questions: readonly Question[] = [
  {
    name: 'url',
    flag: '--url',
    ask: 'По какому адресу люди будут открывать мост?',
    example: 'https://vhod.school.example',
    wrong: judgedBy(
      publicUrl,
      'нужен адрес с https, без пути и без косой черты в конце (для пробы годится http://localhost:8080)',
    ),
  },
  {
    name: 'organization',
    flag: '--organization',
    ask: 'Как называется организация, которая отвечает за мост?',
    example: 'МБОУ СОШ № 1',
    wrong: oneLine(organization.shape.name),
  },
  {
    name: 'site',
    flag: '--site',
    ask: 'Адрес её сайта?',
    example: 'https://school.example',
    wrong: judgedBy(organization.shape.url, 'нужен адрес, который начинается с https:// или http://'),
  },
  {
    name: 'technical',
    flag: '--technical',
    ask: 'Почта того, кто следит за мостом (увидит администратор IdP)?',
    example: 'it@school.example',
    wrong: email(contacts.shape.technical),
  },
  {
    name: 'support',
    flag: '--support',
    ask: 'Почта, по которой помогают родителям и ученикам (увидят все)?',
    example: 'help@school.example',
    usual: ({ technical }) => technical,
    wrong: email(contacts.shape.support),
  },
  {
    name: 'phone',
    flag: '--phone',
    ask: 'Телефон, по которому помогают (увидят все)?',
    example: '+7 495 000-00-00',
    wrong: oneLine(schools.element.shape.title),
  },
  {
    name: 'school',
    flag: '--school',
    ask: 'Как родители называют школу?',
    example: 'Школа № 1',
    wrong: oneLine(schools.element.shape.title),
  },
  {
    name: 'idpMetadata',
    flag: '--idp-metadata',
    ask: 'Файл или адрес https с метаданными IdP? Если их ещё нет, нажмите Enter: сначала отправите письмо.',
    example: 'gosuslugi.xml',
    usual: () => '',
    wrong: wrongMetadata,
  },
  {
    name: 'journal',
    flag: '--journal',
    ask: 'Как называется электронный журнал?',
    example: 'Сетевой Город',
    wrong: oneLine(journals.element.shape.title),
  },
  {
    name: 'journalUrl',
    flag: '--journal-url',
    ask: 'По какому адресу журнал принимает вход от моста? Скажут его разработчики; пока не знаете, назовите адрес самого журнала.',
    example: 'https://sgo.school.example/sso',
    wrong: text =>
      URL.canParse(text) && /^https:\/\/|^http:\/\/(localhost|127\.0\.0\.1)[:/]/.test(text)
        ? undefined
        : 'нужен адрес, который начинается с https://',
  },
]

/** Asked for at once: tomorrow nobody knows any more which file it was. */
function wrongMetadata(text: string): string | undefined {
  if (text === '' || /^https:\/\//.test(text)) return undefined
  if (/^http:/.test(text)) return 'по http метаданные может подменить кто угодно; нужен адрес https или файл'
  try {
    const { findings } = lintMetadata(readFileSync(text), { at: Date.now() })
    const error = findings.find(({ severity }) => severity === 'error')
    return error && `мост не сможет взять этот файл: ${printable(describeFinding(error))}`
  } catch {
    return 'такого файла нет, или его нельзя прочитать'
  }
}
