/** Schools and the journals they use. */
import * as z from 'zod'
import { roles } from '../words/account.js'
import { levels } from '../words/person.js'
import { releasable, usuallyReleased } from '../words/released.js'
import { type AliasKind, aliasKinds, levelFor } from '../words/school.js'
import { checkSchoolCode, checkSchoolNumber } from '../words/school-numbers.js'
import { newAccountsSchema } from '../journals/new-account.js'
import { oldLoginSchema } from '../journals/old-login.js'
import { returnPattern } from '../journals/return-address.js'
import { connectorKinds } from './connectors.js'
import { momentList } from './schema-confirmation.js'
import { EMAIL, line } from './values.js'
import { setting } from './walk.js'

const aliasNotes: Readonly<Record<AliasKind, { readonly about: string; readonly example: string }>> = {
  ogrn: { about: 'ОГРН of the school; what an employee brings from Госуслуги.', example: '1027700132195' },
  inn: { about: 'ИНН of the organisation.', example: '9900000017' },
  kpp: { about: 'КПП; tells branches of one ОГРН apart.', example: '770101001' },
  oo_code: { about: 'Code of the school in exams (ГИА, ВПР), as the region gives it.', example: '770123' },
  okpo: { about: 'ОКПО of the organisation.', example: '00032537' },
  esia_oid: { about: 'Number of the organisation at ЕСИА.', example: '1000000000' },
  journal_id: { about: 'Number of the school inside its journal.', example: '17' },
}

const aliasNumber = setting(z.string(), { allowed: 'a number in quotes', example: '1027700132195' })

const alias = (kind: AliasKind) =>
  setting(
    z
      .union([z.string(), z.array(aliasNumber).min(1)])
      .superRefine((value, context) => {
        for (const [i, text] of [value].flat().entries()) {
          const problem = checkSchoolNumber(kind, text)
          if (problem !== undefined)
            context.addIssue({ code: 'custom', message: problem, path: typeof value === 'string' ? [] : [i] })
        }
      })
      .exactOptional(),
    { ...aliasNotes[kind], allowed: 'a number in quotes, or a list of such numbers' },
  )

const aliases = Object.fromEntries(aliasKinds.map(kind => [kind, alias(kind)])) as Record<
  AliasKind,
  ReturnType<typeof alias>
>

const contactLine = (about: string, example: string) =>
  setting(line(200).exactOptional(), { about, allowed: 'one line of text', example })

const support = setting(
  z
    .strictObject({
      phone: contactLine('Telephone of the help line.', '+7 495 000-00-00'),
      email: setting(z.string().regex(EMAIL).exactOptional(), {
        about: 'E-mail of the help line.',
        allowed: 'an e-mail address',
        example: 'help@school.example',
      }),
      hours: contactLine('When somebody answers, as a person would read it.', 'пн–пт 9:00–17:00'),
    })
    .prefault({}),
  { about: 'Whom people may ask; stands on every page that says no.' },
)

const school = z.strictObject({
  code: setting(
    z.string().refine(text => checkSchoolCode(text) === undefined),
    {
      about: 'What the school is called in this file, in addresses and in tokens; never change it.',
      allowed: '1 to 32 letters, digits, dots, - or _, and not dots alone',
      example: 'school-1',
    },
  ),
  title: setting(line(200), {
    about: 'Name of the school as parents know it.',
    allowed: 'one line of text',
    example: 'Школа № 1',
  }),
  level: setting(z.enum(levels).prefault('confirmed'), {
    about: 'The least level of an account at Госуслуги that may enter.',
    allowed: `one of ${levels.join(', ')}`,
    example: 'confirmed',
  }),
  levels: setting(
    z
      .partialRecord(
        z.enum(levelFor),
        setting(z.enum(levels), { allowed: `one of ${levels.join(', ')}`, example: 'standard' }),
      )
      .exactOptional(),
    {
      about: 'The same for some, where it differs from `level`; of a pupil under 14 that entry counts before `pupil`.',
      allowed: `\`{ WHO: level }\` with ${levelFor.join(', ')}`,
      example: { pupil: 'standard', 'pupil-under-14': 'simplified' },
    },
  ),
  staff: setting(z.enum(['anyone', 'employee']).prefault('anyone'), {
    about:
      'Who may enter an account of staff: `employee` demands a sign-in at Госуслуги as an employee of this school, known by its `ogrn`.',
    allowed: 'anyone or employee',
    example: 'employee',
  }),
  changedSnils: setting(z.enum(['wait', 'enter']).prefault('wait'), {
    about:
      "A person whom the IdP's own number proves comes with another СНИЛС: the school is asked; until it answers the person waits, or enters as before.",
    allowed: 'wait or enter',
    example: 'wait',
  }),
  confirm: setting(momentList.exactOptional(), {
    about: 'When people of this school confirm a second time; in place of `confirmation.ask`.',
    allowed: 'a list of link, entry, changes; an empty one asks nobody',
    example: ['link'],
  }),
  ...aliases,
  support,
})

export const schoolsList = setting(z.array(school).min(1), {
  about: 'Schools whose people walk over this bridge.',
  allowed: 'a list of at least one school: `- { code: …, title: … }`',
  example: [{ code: 'school-1', title: 'Школа № 1' }],
  inFull: true,
})

const returnTo = setting(
  z.string().superRefine((text, context) => {
    try {
      returnPattern(text)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      context.addIssue({ code: 'custom', message: error.message })
    }
  }),
  {
    about: 'An address where a login may end: exact, or `/*` at its end for whole path segments below.',
    allowed: 'an https address, exact or with /* at its end',
    example: 'https://sgo.school.example/diary/*',
  },
)

const connector = setting(
  z.looseObject({
    kind: setting(z.string(), {
      about: 'How the journal lets people in.',
      allowed: `one of ${connectorKinds.join(', ')}`,
      example: 'signed-link',
    }),
    requireState: setting(z.boolean().prefault(false), {
      about: 'Refuse logins that the journal did not start itself (without `state`).',
      allowed: 'true or false',
      example: false,
    }),
  }),
  { about: 'The door of this journal; what may stand here depends on `kind`.', allowed: '`{ kind: …, … }`' },
)

const entityId = setting(line(1_024), {
  allowed: 'an entityID of identityProviders',
  example: 'https://esia.gosuslugi.example/idp/shibboleth',
})

const journal = z.strictObject({
  id: setting(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/), {
    about: 'What the journal is called in addresses (`/login?journal=sgo`); never change it.',
    allowed: '1 to 32 small Latin letters, digits or -, beginning with a letter or digit',
    example: 'sgo',
  }),
  title: setting(line(200), {
    about: 'Name of the journal as parents know it.',
    allowed: 'one line of text',
    example: 'Сетевой Город',
  }),
  schools: setting(
    z.array(setting(z.string(), { allowed: 'the code of a school above', example: 'school-1' })).min(1),
    {
      about: 'Codes of the schools that use it.',
      allowed: 'a list of at least one code of a school above',
      example: ['school-1'],
    },
  ),
  connector,
  oldLogin: setting(oldLoginSchema.exactOptional(), {
    about:
      'People whom no list knows may prove their account by the login and password of the journal itself, which its server checks for us; docs/integrators/old-login.md.',
    allowed: '`{ url: …, alg: …, key: … }`',
    example: { url: 'https://sgo.school.example/sso-check', alg: 'HS256', key: { env: 'SGO_KEY' } },
  }),
  createAccounts: setting(newAccountsSchema.exactOptional(), {
    about:
      'People whom the list of the school does not name may have the journal make an account for them, if they agree; docs/integrators/new-account.md.',
    allowed: '`{ roles: …, release: …, url: …, alg: …, key: … }`',
    example: {
      roles: ['parent'],
      release: ['lastName', 'firstName', 'middleName'],
      url: 'https://sgo.school.example/sso-create',
      alg: 'HS256',
      key: { env: 'SGO_KEY' },
    },
  }),
  returnTo: setting(z.array(returnTo).prefault([]), {
    about: 'Where a login may end inside the journal; other return addresses are refused.',
    allowed: 'a list of addresses',
    example: ['https://sgo.school.example/diary/*'],
  }),
  release: setting(
    z
      .array(setting(z.enum(releasable), { allowed: `one of ${releasable.join(', ')}`, example: 'login' }))
      .refine(list => new Set(list).size === list.length, 'must name everything once')
      .prefault([...usuallyReleased]),
    {
      about: 'All that this journal may get about a person; nothing else leaves the bridge for it.',
      allowed: `a list of ${releasable.join(', ')}`,
      example: [...usuallyReleased],
    },
  ),
  roleNames: setting(
    z.partialRecord(z.enum(roles), setting(line(100), { allowed: 'one line of text', example: 'P' })).exactOptional(),
    {
      about: 'What the journal itself calls the roles; without an entry it gets our word.',
      allowed: `\`{ ROLE: word }\` with ${roles.join(', ')}`,
      example: { parent: 'P', pupil: 'S' },
    },
  ),
  administrators: setting(z.enum(['own', 'school']).prefault('own'), {
    about:
      'About which accounts an administrator of a school decides whom the list of this journal names: its own, or those of every journal of that school.',
    allowed: 'own or school',
    example: 'school',
  }),
  identityProvider: setting(z.union([entityId, z.array(entityId).min(1)]).exactOptional(), {
    about:
      'IdPs through which this journal may be entered; without it, all of identityProviders. With several the person chooses.',
    allowed: 'an entityID, or a list of them',
    example: 'https://esia.gosuslugi.example/idp/shibboleth',
  }),
  roles: setting(z.array(setting(z.enum(roles), { allowed: `one of ${roles.join(', ')}`, example: 'parent' })).min(1), {
    about: 'Who may enter.',
    allowed: `a list of at least one of ${roles.join(', ')}`,
    example: ['parent', 'pupil', 'teacher'],
  }),
})

export const journalsList = setting(z.array(journal).min(1), {
  about: 'Electronic journals behind this bridge.',
  allowed: 'a list of at least one journal: `- { id: …, title: …, schools: …, connector: …, roles: … }`',
  example: [{ id: 'sgo', title: 'Сетевой Город' }],
  inFull: true,
})
