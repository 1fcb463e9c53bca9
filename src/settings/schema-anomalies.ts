/** The watch: what counts as unusual, who is told, and what stands still because of it. */
import * as z from 'zod'
import type { RuleName } from '../words/watched.js'
import { secretPlace } from './schema-secrets.js'
import { duration, durationAllowed, EMAIL, isProxyAddress, isWebAddress, line } from './values.js'
import { section, setting } from './walk.js'

const action = (usual: 'notify' | 'lock', mayLock: boolean) => {
  const all = mayLock ? (['off', 'notify', 'lock'] as const) : (['off', 'notify'] as const)
  return setting(z.enum(all as readonly ('off' | 'notify' | 'lock')[]).prefault(usual), {
    about: `What follows: nothing, a notice${mayLock ? ', or a notice and a lock' : ''}.`,
    allowed: all.join(', ').replace(/, (\w+)$/, ' or $1'),
    example: usual,
  })
}

const most = (usual: number, about: string) =>
  setting(z.int().min(2).max(1_000_000).prefault(usual), {
    about,
    allowed: 'a whole number from 2 to 1000000',
    example: usual,
  })

const within = (usual: string) =>
  setting(duration('1m', '7d').prefault(usual), {
    about: 'In which time.',
    allowed: durationAllowed('1m', '7d'),
    example: usual,
  })

interface RuleWords {
  readonly about: string
  readonly action: 'notify' | 'lock'
  readonly most: number
  readonly counted: string
  readonly within: string
  readonly mayLock?: boolean
}

/** The same figures as in watch/rules.ts; a test holds the two together. */
const rule = ({ about, counted, mayLock = true, ...usual }: RuleWords) =>
  section(about, {
    action: action(usual.action, mayLock),
    most: most(usual.most, counted),
    within: within(usual.within),
  }).prefault({})

const rules = section('The rules, each with its threshold; see docs/ru/nablyudenie.md.', {
  'person-failures': rule({
    about: 'One person, signed in, types wrong codes or old passwords again and again.',
    counted: 'Wrong answers.',
    ...({ action: 'lock', most: 20, within: '1h' } as const),
  }),
  'network-failures': rule({
    about: 'Very many refusals of people come from one network.',
    counted: 'Refusals.',
    ...({ action: 'notify', most: 100, within: '10m' } as const),
  }),
  'many-accounts': rule({
    about: 'Very many different people sign in from one network that is no school.',
    counted: 'Different people.',
    ...({ action: 'notify', most: 60, within: '10m' } as const),
  }),
  'codes-tried': rule({
    about: "From one network that is no school, schools' codes or old passwords are guessed.",
    counted: 'Wrong codes and passwords.',
    ...({ action: 'notify', most: 30, within: '1h' } as const),
  }),
  travel: rule({
    about: 'One person signs in from two places that are too far apart. It needs `places`.',
    counted: 'Kilometres an hour that nobody travels.',
    ...({ action: 'notify', most: 1_000, within: '24h' } as const),
  }),
  'many-devices': rule({
    about: 'One person signs in with very many different browsers.',
    counted: 'Different browsers.',
    ...({ action: 'notify', most: 8, within: '24h' } as const),
  }),
  'refusal-spike': rule({
    about:
      'One refusal comes from at least five networks, and three times as often as in the busiest minutes of an ordinary day.',
    counted: 'The least number of refusals.',
    ...({ action: 'notify', most: 20, within: '10m', mayLock: false } as const),
  }),
} satisfies Readonly<Record<RuleName, z.ZodType>>)

const network = setting(z.string().refine(isProxyAddress), {
  allowed: 'an IP address or a network like 203.0.113.0/24, not the whole internet',
  example: '203.0.113.0/24',
})

const degrees = (about: string, most: number, example: number) =>
  setting(z.number().min(-most).max(most), { about, allowed: `a number from -${most} to ${most}`, example })

const place = z.strictObject({
  title: setting(line(100), {
    about: 'Name of the place; each has one of its own.',
    allowed: 'one line of text',
    example: 'Казань',
  }),
  latitude: degrees('Degrees north.', 90, 55.8),
  longitude: degrees('Degrees east.', 180, 49.1),
  networks: setting(z.array(network).min(1), {
    about: 'Networks that are there.',
    allowed: 'a list of IP addresses and networks',
    example: ['198.51.100.0/24'],
  }),
})

const webhook = section('An address of yours that is told by a signed POST; see docs/integrators/webhook.md.', {
  url: setting(z.string().refine(isWebAddress), {
    about: 'Where it is.',
    allowed: 'an https address',
    example: 'https://monitor.school.example/bridge',
  }),
  key: setting(secretPlace, {
    about: 'Secret that signs the messages (HMAC-SHA-256); at least 32 bytes.',
    allowed: '`{ file: … }` or `{ env: … }`',
    example: { file: 'certs/webhook.key' },
  }),
})

const notify = section('Who is told.', {
  email: setting(
    z
      .array(setting(z.string().regex(EMAIL), { allowed: 'an e-mail address', example: 'it@school.example' }))
      .exactOptional(),
    {
      about: 'By e-mail, which needs the section mail. Without the setting: serviceProvider.contacts.technical.',
      allowed: 'a list of e-mail addresses; an empty one tells nobody',
      example: ['it@school.example'],
    },
  ),
  webhook: webhook.exactOptional(),
})

const banner = section('What pages say by themselves while many people have the same trouble with an IdP.', {
  show: setting(z.boolean().prefault(true), {
    about: 'Whether it is said.',
    allowed: 'true or false',
    example: true,
  }),
  networks: setting(z.int().min(3).max(1_000).prefault(5), {
    about: 'From so many different networks the trouble must have been met: one person with a script has one.',
    allowed: 'a whole number from 3 to 1000',
    example: 5,
  }),
  within: within('10m'),
})

export const anomaliesSection = section(
  'The watch reads the audit, tells the administration of what is unusual, and may lock a person or a network for a while. See docs/ru/nablyudenie.md.',
  {
    notify: notify.prefault({}),
    lockFor: setting(duration('5m', '7d').prefault('1h'), {
      about: 'How long a lock stands.',
      allowed: durationAllowed('5m', '7d'),
      example: '1h',
    }),
    repeatAfter: setting(duration('30m', '7d').prefault('6h'), {
      about: 'When the administration is told again of what goes on and was not acknowledged.',
      allowed: durationAllowed('30m', '7d'),
      example: '6h',
    }),
    schoolNetworks: setting(z.array(network).prefault([]), {
      about: 'Networks of schools, where many people stand behind one address: no rule about networks looks at them.',
      allowed: 'a list of IP addresses and networks like 203.0.113.0/24',
      example: ['203.0.113.0/24'],
    }),
    places: setting(z.array(place).max(1_000).prefault([]), {
      about: 'Where networks are, for the rule `travel`; the bridge asks nobody on the internet.',
      allowed: 'a list of `- { title: …, latitude: …, longitude: …, networks: […] }`',
      example: [{ title: 'Казань', latitude: 55.8, longitude: 49.1, networks: ['198.51.100.0/24'] }],
    }),
    banner: banner.prefault({}),
    rules: rules.prefault({}),
  },
)
