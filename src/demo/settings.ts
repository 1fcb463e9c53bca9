import { stringify } from 'yaml'
import { doorJournals } from './doors.js'

/** Where the three programs stand, as browsers see them: origins without a slash at the end. */
export interface Town {
  readonly bridge: string
  readonly idp: string
  readonly journals: string
  /** What the bridge listens on. */
  readonly listen: { readonly host: string; readonly port: number }
  /** Further keys of bridge.yaml, over those below. */
  readonly more?: Readonly<Record<string, unknown>>
}

const support = { phone: '+7 000 000-00-01', email: 'school@example.org', hours: 'пн–пт 9:00–17:00' }

/** The demo's bridge.yaml: the same file that a school would write. */
export function demoSettings(town: Town): string {
  const settings = {
    publicUrl: town.bridge,
    demo: town.bridge.startsWith('http:'),
    selfTest: true,
    listen: { ...town.listen, trustProxy: false },
    storage: { database: 'sqlite:bridge.db' },
    secrets: {
      session: [{ file: 'certs/session.key' }],
      lookup: [{ id: 'l1', file: 'certs/lookup.key' }],
      data: [{ id: 'd1', file: 'certs/data.key' }],
      tokens: [{ id: 't1', file: 'certs/token.key' }],
    },
    serviceProvider: {
      entityId: `${town.bridge}/saml/metadata`,
      organization: { name: 'Учебная школа', url: 'https://school.example' },
      contacts: { technical: 'it@school.example', support: 'help@school.example' },
      signing: [{ key: 'certs/sp-signing.key', cert: 'certs/sp-signing.crt' }],
      decryption: [{ key: 'certs/sp-encryption.key', cert: 'certs/sp-encryption.crt' }],
    },
    identityProviders: [{ metadata: 'idp.xml', title: 'Учебный поставщик', profile: 'esia' }],
    schools: [
      { code: 'school-1', title: 'Школа № 1', ogrn: '1027700132195', support },
      {
        code: 'school-2',
        title: 'Лицей № 2',
        ogrn: '1029900000019',
        support: { ...support, phone: '+7 000 000-00-02' },
      },
    ],
    journals: journalsOf(town),
    ...town.more,
  }
  return `# Made anew by every start of the demo. For real use begin with bridge.example.yaml.\n${stringify(settings)}`
}

/** One journal for each way in, and two for the signed link. */
export const journalsOf = (town: Town) => [
  withOldLogins(town, demoJournal(town, 'sgo', 'Сетевой журнал')),
  withOldLogins(town, demoJournal(town, 'eljur', 'ЭлЖурнал')),
  handleJournal(town),
  casJournal(town),
  ...doorJournals(town),
  headersJournal(town),
]

/** People had passwords there before the bridge came. */
const withOldLogins = (town: Town, { id, ...journal }: ReturnType<typeof demoJournal>) => ({
  ...{ id, ...journal },
  oldLogin: { url: `${town.journals}/${id}/old-login`, ...signing[id] },
  createAccounts: {
    ...makes[id],
    ...{ url: `${town.journals}/${id}/new-account`, ...signing[id] },
  },
})

/** For whom they make accounts, and what they want to know for it. */
const makes = {
  sgo: { roles: ['parent'], release: ['lastName', 'firstName', 'middleName'] },
  eljur: { roles: ['parent', 'pupil', 'teacher'], release: ['lastName', 'firstName', 'birthDate'] },
} as const

const signing = { sgo: { alg: 'HS256', key: { file: 'certs/sgo.key' } }, eljur: { alg: 'ES256' } } as const

export function demoJournal(town: Town, id: keyof typeof signing, title: string) {
  return {
    id,
    title,
    schools: ['school-1', 'school-2'],
    connector: {
      kind: 'signed-link',
      ...signing[id],
      url: `${town.journals}/${id}/sso`,
      logoutUrl: `${town.journals}/${id}/sso-logout`,
    },
    returnTo: [`${town.journals}/${id}/*`],
    roles: ['parent', 'pupil', 'teacher', 'class-teacher', 'school-admin'],
  }
}

/** The browser carries a one-time handle, and the journal's server fetches the rest. */
function handleJournal(town: Town) {
  const at = `${town.journals}/handle`
  const secret = { file: 'certs/handle.key' }
  return {
    ...demoJournal(town, 'sgo', 'Дневник по одноразовому ключу'),
    id: 'handle',
    connector: { kind: 'handle', url: `${at}/enter`, secret, logoutUrl: `${at}/sso-logout` },
    returnTo: [`${at}/*`],
  }
}

/** The journal speaks CAS: its server asks whose ticket the browser brought. */
function casJournal(town: Town) {
  const at = `${town.journals}/cas`
  return {
    ...demoJournal(town, 'sgo', 'Журнал с CAS'),
    id: 'cas',
    connector: { kind: 'cas', home: `${at}/cas` },
    returnTo: [`${at}/*`],
  }
}
/** The proxy and the journal behind it: src/demo-journals/doors/trusted-headers.ts. */
const headersJournal = (town: Town) => ({
  id: 'headers',
  title: 'Журнал за прокси',
  schools: ['school-1', 'school-2'],
  connector: {
    kind: 'trusted-headers',
    site: town.journals,
    path: '/headers/.bridge',
    home: '/headers/',
    headers: {
      'X-Remote-User': '{login}',
      'X-Remote-Role': '{role}',
      'X-Remote-School': '{school}',
      'X-Remote-Child': '{child}',
      'X-Remote-Name': '{lastName} {firstName}',
    },
  },
  returnTo: [`${town.journals}/headers/*`],
  release: ['login', 'role', 'school', 'child', 'lastName', 'firstName'],
  roles: ['parent', 'pupil', 'teacher', 'class-teacher', 'school-admin'],
})
