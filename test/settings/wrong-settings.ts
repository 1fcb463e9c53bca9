/** Every way a settings file may be wrong: each row spoils one place of the sample. */
import { wrongAnomalies } from './wrong-anomalies.js'

export interface Row {
  readonly wrong: string
  readonly from: string
  readonly to: string
  /** Line, path, and words of the message of every problem, in order. */
  readonly told: readonly (readonly [number, string, RegExp])[]
}

const one = (line: number, path: string, words: RegExp) => [[line, path, words]] as const

export const wrongSettings: readonly Row[] = [
  {
    wrong: 'a misspelt key at the top, told once although the right one is missing, too',
    from: 'publicUrl:',
    to: 'publicURL:',
    told: one(1, 'publicURL', /not a setting\. Did you mean publicUrl\?/),
  },
  {
    wrong: 'a misspelt key deep inside',
    from: '  contacts: { technical:',
    to: '  contacts: { techincal:',
    told: one(12, 'serviceProvider.contacts.techincal', /Did you mean technical\?/),
  },
  {
    wrong: 'a key in the wrong group',
    from: 'sessions: { idle: 15m,',
    to: 'sessions: { idle: 15m, port: 8081,',
    told: one(27, 'sessions.port', /not a setting here\. It belongs under listen/),
  },
  ...wrongAnomalies,
  {
    wrong: 'lists for a journal that is not there',
    from: 'clockSkew: 180s',
    to: 'rosterImports: [{ journal: sog, school: school-1, folder: lists }]',
    told: one(28, 'rosterImports[0].journal', /no journal has this id\. Known: sgo/),
  },
  {
    wrong: 'lists for a school that does not use the journal',
    from: 'clockSkew: 180s',
    to: 'rosterImports: [{ journal: sgo, school: school-2, folder: lists }]',
    told: one(28, 'rosterImports[0].school', /sgo is not used by this school/),
  },
  {
    wrong: 'two folders whose lists would undo each other',
    from: 'clockSkew: 180s',
    to: 'rosterImports: [{ journal: sgo, school: school-1, folder: a }, { journal: sgo, school: school-1, folder: b }]',
    told: one(28, 'rosterImports[1].folder', /rosterImports\[0\] has the same folder, or the same journal and school/),
  },
  {
    wrong: 'a key that is known nowhere',
    from: 'clockSkew: 180s',
    to: 'fiddlesticks: 1',
    told: one(28, 'fiddlesticks', /Known here: publicUrl, listen/),
  },
  {
    wrong: 'plain http',
    from: 'https://vhod.school.example\nl',
    to: 'http://vhod.school.example\nl',
    told: one(1, 'publicUrl', /must be an https origin without path/),
  },
  {
    wrong: 'http on localhost without demo',
    from: 'https://vhod.school.example\nl',
    to: 'http://localhost:8080\nl',
    told: one(1, 'publicUrl', /demo: true/),
  },
  {
    wrong: 'a path behind the origin',
    from: 'https://vhod.school.example\nl',
    to: 'https://vhod.school.example/\nl',
    told: one(1, 'publicUrl', /without path or slash/),
  },
  {
    wrong: 'nothing after the colon',
    from: 'publicUrl: https://vhod.school.example',
    to: 'publicUrl:',
    told: one(1, 'publicUrl', /nothing after the colon/),
  },
  {
    wrong: 'a port beyond 65535',
    from: 'port: 8080',
    to: 'port: 80800',
    told: one(2, 'listen.port', /from 1 to 65535/),
  },
  { wrong: 'a port as text', from: 'port: 8080', to: 'port: "8080"', told: one(2, 'listen.port', /whole number/) },
  {
    wrong: 'trust in every proxy',
    from: 'trustProxy: loopback',
    to: 'trustProxy: true',
    told: one(2, 'listen.trustProxy', /false, loopback, or a list/),
  },
  {
    wrong: 'trust in the whole internet',
    from: 'trustProxy: loopback',
    to: 'trustProxy: [0.0.0.0/0]',
    told: one(2, 'listen.trustProxy[0]', /not the whole internet/),
  },
  {
    wrong: 'PostgreSQL without a user',
    from: '"sqlite:data/bridge.db"',
    to: '"postgres://db/bridge"',
    told: one(3, 'storage.database', /USER@HOST/),
  },
  {
    wrong: 'a password in the address of PostgreSQL',
    from: '"sqlite:data/bridge.db"',
    to: '"postgres://bridge:correct-horse@db/bridge"',
    told: one(3, 'storage.database', /holds a password.*storage\.postgres\.password/),
  },
  {
    wrong: 'no connections to PostgreSQL',
    from: '"sqlite:data/bridge.db"',
    to: '"postgresql://bridge@db/bridge", postgres: { connections: 0 }',
    told: one(3, 'storage.postgres.connections', /from 2 to 500/),
  },
  {
    wrong: 'short-lived records at no server',
    from: '"sqlite:data/bridge.db"',
    to: '"sqlite:data/bridge.db", shortLived: "memcached://r"',
    told: one(3, 'storage.shortLived', /redis:\/\/HOST/),
  },
  {
    wrong: 'a password in the address of Redis',
    from: '"sqlite:data/bridge.db"',
    to: '"sqlite:data/bridge.db", shortLived: "redis://:correct-horse@r"',
    told: one(3, 'storage.shortLived', /holds a password.*storage\.redis\.password/),
  },
  {
    wrong: 'the password of Redis in the YAML',
    from: '"sqlite:data/bridge.db"',
    to: '"sqlite:data/bridge.db", shortLived: "redis://r", redis: { password: correct-horse }',
    told: one(3, 'storage.redis.password', /never stands in this file/),
  },
  {
    wrong: 'a secret in the YAML',
    from: 'session: [{ file: certs/session.key }]',
    to: 'session: [correct-horse-battery-staple]',
    told: one(5, 'secrets.session[0]', /never stands in this file/),
  },
  {
    wrong: "a journal's secret in the YAML",
    from: 'key: { env: SGO_KEY }',
    to: 'key: correct-horse-battery-staple',
    told: one(24, 'journals[0].connector.key', /never stands in this file/),
  },
  {
    wrong: 'a secret in two places',
    from: '{ id: l1, file: certs/lookup.key }',
    to: '{ id: l1, file: certs/lookup.key, env: LOOKUP }',
    told: one(6, 'secrets.lookup[0]', /exactly one place/),
  },
  {
    wrong: 'a data key without a name',
    from: '{ id: d1, file',
    to: '{ file',
    told: one(7, 'secrets.data[0].id', /is missing/),
  },
  {
    wrong: 'two data keys of one name',
    from: '{ id: d1, file: certs/data.key }',
    to: '{ id: d1, file: certs/data.key }, { id: d1, env: OLD }',
    told: one(7, 'secrets.data[1].id', /is taken by secrets\.data\[0\]/),
  },
  {
    wrong: 'no token key',
    from: 'tokens: [{ id: t1, file: certs/token.key }]',
    to: 'tokens: []',
    told: one(8, 'secrets.tokens', /a list of at least one/),
  },
  {
    wrong: 'an entityId that is no URI',
    from: 'entityId: https://vhod.school.example/saml/metadata',
    to: 'entityId: vhod',
    told: one(10, 'serviceProvider.entityId', /absolute URI/),
  },
  {
    wrong: 'a contact that is no e-mail',
    from: 'it@school.example',
    to: 'Иван Иванович',
    told: one(12, 'serviceProvider.contacts.technical', /an e-mail address/),
  },
  {
    wrong: 'the same IdP twice',
    from: 'schools:\n',
    to: '  - { metadata: metadata/idp/gosuslugi.xml, profile: legacy-esia }\nschools:\n',
    told: one(18, 'identityProviders[1].metadata', /is the IdP of identityProviders\[0\] again/),
  },
  {
    wrong: 'an unknown profile',
    from: 'profile: esia',
    to: 'profile: legacy-esiaa',
    told: one(17, 'identityProviders[0].profile', /Did you mean legacy-esia\?/),
  },
  {
    wrong: 'a yes where the risk must be named',
    from: 'assurance: confirmed',
    to: 'acceptUnsolicited: true',
    told: one(17, 'identityProviders[0].acceptUnsolicited', /i-accept-login-csrf/),
  },
  {
    wrong: 'a mistyped ОГРН',
    from: '1027700132195',
    to: '1027700132159',
    told: one(19, 'schools[0].ogrn', /check digit/),
  },
  {
    wrong: 'a mistyped number in a list',
    from: '"1027700132195"',
    to: '["1027700132195", "7"]',
    told: one(19, 'schools[0].ogrn[1]', /13 digits/),
  },
  {
    wrong: 'a number without quotes',
    from: '"1027700132195"',
    to: '1027700132195',
    told: one(19, 'schools[0].ogrn', /put it in quotes/),
  },
  {
    wrong: 'a school code that is a path',
    from: 'code: school-1',
    to: 'code: ..',
    told: [
      [19, 'schools[0].code', /1 to 32 letters/],
      [23, 'journals[0].schools[0]', /Known codes/],
    ],
  },
  {
    wrong: 'the same school twice',
    from: 'schools:\n',
    to: 'schools:\n  - { code: school-1, title: Ещё одна }\n',
    told: one(20, 'schools[1].code', /is taken by schools\[0\]/),
  },
  {
    wrong: 'a journal id with capitals',
    from: 'id: sgo',
    to: 'id: SGO',
    told: one(21, 'journals[0].id', /small Latin letters/),
  },
  {
    wrong: 'a journal of an unknown school',
    from: 'schools: [school-1]',
    to: 'schools: [school_1]',
    told: one(23, 'journals[0].schools[0]', /Did you mean school-1\?/),
  },
  {
    wrong: 'a school twice in a journal',
    from: 'schools: [school-1]',
    to: 'schools: [school-1, school-1]',
    told: one(23, 'journals[0].schools[1]', /twice/),
  },
  {
    wrong: 'an unknown kind of connector',
    from: 'kind: signed-link',
    to: 'kind: signedlink',
    told: one(24, 'journals[0].connector.kind', /one of: signed-link\b.*\. Did you mean signed-link\?/),
  },
  {
    wrong: 'a misspelt key of the connector',
    from: 'alg: HS256',
    to: 'algo: HS256',
    told: one(24, 'journals[0].connector.algo', /Did you mean alg\?/),
  },
  {
    wrong: 'an algorithm that is none',
    from: 'alg: HS256',
    to: 'alg: none',
    told: one(24, 'journals[0].connector.alg', /one of/),
  },
  {
    wrong: 'a door without https',
    from: 'url: https://sgo',
    to: 'url: http://sgo',
    told: one(24, 'journals[0].connector.url', /must be https/),
  },
  {
    wrong: 'requireState beside the connector',
    from: '    roles:',
    to: '    requireState: true\n    roles:',
    told: one(26, 'journals[0].requireState', /belongs under journals\.connector/),
  },
  {
    wrong: 'a return address with a wildcard host',
    from: '"https://sgo.school.example/diary/*"',
    to: '"https://*.school.example/diary"',
    told: one(25, 'journals[0].returnTo[0]', /asterisk/),
  },
  {
    wrong: 'a role that does not exist',
    from: 'roles: [parent,',
    to: 'roles: [parents,',
    told: one(26, 'journals[0].roles[0]', /Did you mean parent\?/),
  },
  {
    wrong: 'an idle time beyond its range',
    from: 'idle: 15m',
    to: 'idle: 31m',
    told: one(27, 'sessions.idle', /from 5m to 30m/),
  },
  { wrong: 'a skew beyond five minutes', from: '180s', to: '301s', told: one(28, 'clockSkew', /from 0s to 300s/) },
  { wrong: 'a duration without a unit', from: '180s', to: '180', told: one(28, 'clockSkew', /90s, 10m, 8h or 7d/) },
  {
    wrong: 'mail that would leave in clear over the network',
    from: 'clockSkew: 180s',
    to: 'mail: { from: a@school.example, smtp: { host: smtp.school.example, security: none } }',
    told: one(28, 'mail.smtp.security', /in clear over the network; write `tls` or `starttls`/),
  },
  {
    wrong: 'codes that nothing could send',
    from: 'clockSkew: 180s',
    to: 'confirmation: { ask: [link] }',
    told: one(28, 'confirmation.ask', /nothing could send; write the section mail or sms/),
  },
  {
    wrong: 'notices without a mail server',
    from: 'clockSkew: 180s',
    to: 'notices: [devices]',
    told: one(28, 'notices', /write the section mail/),
  },
  {
    wrong: 'the same of one school',
    from: 'ogrn: "1027700132195",',
    to: 'ogrn: "1027700132195", confirm: [entry],',
    told: one(19, 'schools[0].confirm', /nothing could send/),
  },
  {
    wrong: 'a code that lives too short',
    from: 'clockSkew: 180s',
    to: 'confirmation: { codeLives: 1m }',
    told: one(28, 'confirmation.codeLives', /from 3m to 30m/),
  },
  {
    wrong: 'a gateway for SMS over http',
    from: 'clockSkew: 180s',
    to: 'sms: { url: "http://sms.example/", fields: { to: "{phone}", t: "{text}" } }',
    told: one(28, 'sms.url', /must be https/),
  },
  {
    wrong: 'an SMS without its text',
    from: 'clockSkew: 180s',
    to: 'sms: { url: "https://sms.example/", fields: { to: "{phone}" } }',
    told: one(28, 'sms.fields', /with \{phone\} and \{text\}/),
  },
  {
    wrong: 'two things at once',
    from: '8080, trustProxy: loopback }',
    to: '0.5, trustProxy: 1 }',
    told: [
      [2, 'listen.port', /whole/],
      [2, 'listen.trustProxy', /false/],
    ],
  },
  {
    wrong: 'a key twice',
    from: 'clockSkew: 180s',
    to: 'clockSkew: 180s\nclockSkew: 100s',
    told: one(29, '', /stands twice/),
  },
  { wrong: 'a tab', from: '  session:', to: '\tsession:', told: one(5, '', /tab/) },
  { wrong: 'a second document', from: 'clockSkew', to: '---\nclockSkew', told: one(28, '', /second document/) },
  { wrong: 'a tag', from: 'publicUrl: ', to: 'publicUrl: !!js/function ', told: one(1, '', /tags/) },
]
