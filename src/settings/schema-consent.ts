/** Consent to the processing of personal data, and how long what about people is kept. */
import * as z from 'zod'
import { duration, durationAllowed, line } from './values.js'
import { section, setting } from './walk.js'

const words = (about: string, example: string) => setting(line(1_000), { about, allowed: 'one line of text', example })

const oneOfMany = setting(line(500), { allowed: 'one line of text', example: 'фамилия, имя, отчество' })

const list = (about: string, example: readonly string[]) =>
  setting(z.array(oneOfMany).min(1), { about, allowed: 'a list of at least one line of text', example })

const text = z.strictObject({
  version: setting(z.string().regex(/^[0-9A-Za-zА-Яа-яЁё._-]{1,40}$/), {
    about: 'What this text is called; a changed text, or a changed setting of this section, is another version.',
    allowed: '1 to 40 letters, digits, `.`, `_` or `-`',
    example: '2026-09',
  }),
  file: setting(line(1_000), {
    about: 'The text itself: UTF-8, at most 64 KiB, paragraphs, `# headings` and lists with `- ` or `1. `.',
    allowed: 'the path of a file',
    example: 'consent/2026-09.md',
  }),
  from: setting(z.iso.date(), {
    about: 'First day on which it is asked for; who agreed to an earlier one is asked again.',
    allowed: 'a day like 2026-09-01',
    example: '2026-09-01',
  }),
  schools: setting(
    z
      .array(setting(line(32), { allowed: 'the code of a school', example: 'school-1' }))
      .min(1)
      .exactOptional(),
    {
      about: 'For these schools only, in place of the texts for all.',
      allowed: 'a list of codes of schools',
      example: ['school-1'],
    },
  ),
})

export const consentSection = section(
  'Consent to the processing of personal data (152-ФЗ, ст. 9), asked before the first entry and whenever the text changes. Without this section nobody is asked. See docs/ru/soglasie.md.',
  {
    operator: section('Who processes the data: the operator.', {
      name: words('Full name of the operator.', 'МБОУ «Школа № 1»'),
      address: words('Its postal address.', '123456, г. Светлогорск, ул. Школьная, д. 1'),
    }),
    purpose: words('What the data are processed for.', 'вход в электронный журнал школы через Госуслуги'),
    data: list('Which data.', ['фамилия, имя, отчество', 'СНИЛС', 'дата рождения']),
    actions: list('What is done with them.', [
      'сбор',
      'запись',
      'хранение',
      'использование',
      'передача',
      'уничтожение',
    ]),
    recipients: setting(z.array(oneOfMany).min(1).exactOptional(), {
      about: 'Who gets them, or processes them for the operator.',
      allowed: 'a list of at least one line of text',
      example: ['ООО «Журнал», разработчик электронного журнала'],
    }),
    term: words('How long the consent is in force.', 'до отзыва или до окончания обучения'),
    withdrawal: words('How it is withdrawn.', 'кнопкой «Отозвать согласие» на странице входа или письмом в школу'),
    texts: setting(z.array(text).min(1), {
      about: 'The texts. Each that was ever used is kept in the database, whole.',
      allowed: 'a list of at least one `- { version: …, file: …, from: … }`',
      example: [{ version: '2026-09', file: 'consent/2026-09.md', from: '2026-09-01' }],
      inFull: true,
    }),
    pupilsFrom14: setting(z.enum(['with-parent', 'alone']).prefault('with-parent'), {
      about:
        "Whether pupils from 14 to 17 need a parent's recorded consent beside their own (ГК, ст. 26). Under 14 a parent's is always needed.",
      allowed: 'with-parent or alone',
      example: 'with-parent',
    }),
    destroyAfter: setting(duration('1d', '29d').prefault('14d'), {
      about: 'How long after a withdrawal what was kept is destroyed; the law allows 30 days.',
      allowed: durationAllowed('1d', '29d'),
      example: '14d',
    }),
    backupsKept: setting(duration('1d', '366d').exactOptional(), {
      about:
        'How long your copies of the database are kept; the act of destruction names the day when the last one with the data is gone.',
      allowed: durationAllowed('1d', '366d'),
      example: '35d',
    }),
  },
)
