/** The second confirmation by a one-time code. */
import * as z from 'zod'
import { roles } from '../words/account.js'
import { moments } from '../words/confirming.js'
import { duration, durationAllowed } from './values.js'
import { section, setting } from './walk.js'

export const momentList = z
  .array(setting(z.enum(moments), { allowed: `one of ${moments.join(', ')}`, example: 'link' }))
  .refine(list => new Set(list).size === list.length, 'must name everything once')

export const confirmationSection = section(
  'A second confirmation by a one-time code, sent to the e-mail or telephone that came in the assertion. It needs the section mail or sms. See docs/ru/podtverzhdenie.md.',
  {
    ask: setting(momentList.prefault([]), {
      about:
        'When it is asked: `link` before an account becomes theirs, `entry` once in each sign-in, `changes` before they unlink, withdraw a consent or end other sessions.',
      allowed: `a list of ${moments.join(', ')}; an empty one asks nobody`,
      example: ['link', 'changes'],
    }),
    roles: setting(
      z
        .array(setting(z.enum(roles), { allowed: `one of ${roles.join(', ')}`, example: 'teacher' }))
        .min(1)
        .exactOptional(),
      {
        about: 'Of `link` and `entry`: only for accounts of these roles.',
        allowed: `a list of ${roles.join(', ')}`,
        example: ['teacher', 'class-teacher', 'school-admin'],
      },
    ),
    codeLives: setting(duration('3m', '30m').prefault('10m'), {
      about: 'How long a code is good for.',
      allowed: durationAllowed('3m', '30m'),
      example: '10m',
    }),
    rememberDevice: setting(z.union([z.literal('never'), duration('1d', '365d')]).prefault('90d'), {
      about: 'How long a device that a person wants remembered spares them `link` and `entry`.',
      allowed: 'never, or a duration like 30d, up to 365d',
      example: '90d',
    }),
  },
)
