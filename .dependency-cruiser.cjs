/**
 * Who may import whom. A login walks along the corridor from left to right:
 *
 *   saml -> sessions -> identity -> confirm -> consent -> journals -> audit
 *
 * A room may take types from rooms behind it, never values, and never looks ahead. `login` is the corridor that calls them.
 */
const corridor = ['saml', 'sessions', 'identity', 'confirm', 'consent', 'journals', 'audit']
const oneOf = names => `^src/(${names.join('|')})/`

const room = (name, allowed, comment) => ({
  name: `${name}-stays-in-its-room`,
  comment,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: oneOf([name, ...allowed]) },
})

const lookBack = corridor.flatMap((name, i) =>
  i === 0
    ? []
    : [
        {
          name: `${name}-takes-types-only`,
          comment: 'From rooms behind it a room takes types; values travel through login.',
          severity: 'error',
          from: { path: `^src/${name}/` },
          to: { path: oneOf(corridor.slice(0, i)), dependencyTypesNot: ['type-only'] },
        },
      ],
)

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    room('base', [], 'base imports nothing of ours'),
    room('words', ['base'], 'words are built on base only'),
    ...corridor.map((name, i) => room(name, ['base', 'words', ...corridor.slice(0, i)], 'a room never looks ahead')),
    ...lookBack,
    room('login', ['base', 'words', ...corridor], 'the corridor opens rooms and asks for ports'),
    room(
      'queue',
      ['base', 'words', 'login', ...corridor],
      'what a school decides: functions over the ports of the corridor',
    ),
    room(
      'watch',
      ['base', 'words', 'login', ...corridor],
      'the watch reads what the audit says and writes what stands; nobody on the road of a login waits for it',
    ),
    room('cabinet', ['base', 'words', 'login', ...corridor], 'people see and mend what is kept about themselves'),
    room('trust', ['base', 'words', 'saml', 'audit'], 'trust reads metadata with saml and asks for ports'),
    room('intake', ['base', 'words', 'identity', 'audit'], 'lists that arrive in folders become the roster'),
    room(
      'store',
      ['base', 'words', 'login', 'trust', 'intake', 'watch', ...corridor],
      'a driver implements the ports of rooms',
    ),
    {
      name: 'store-takes-types-only',
      comment: 'A driver implements interfaces and calls nobody.',
      severity: 'error',
      from: { path: '^src/store/' },
      to: { path: oneOf(['login', 'trust', 'intake', 'watch', ...corridor]), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-compose-opens-the-store',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(store/|compose(-backup|-restore|-move)?\\.ts$)' },
      to: { path: '^src/store/' },
    },
    {
      name: 'only-compose-opens-the-courier',
      comment: 'Whoever wants to send something asks for the port.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(courier/|compose(-messages)?\\.ts$)' },
      to: { path: '^src/courier/' },
    },
    {
      name: 'nobody-imports-an-entrance',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/(web|cli)/' },
      to: { path: '^src/(web|cli)/' },
    },
    { name: 'entrances-do-not-meet', severity: 'error', from: { path: '^src/web/' }, to: { path: '^src/cli/' } },
    { name: 'cli-opens-no-page', severity: 'error', from: { path: '^src/cli/' }, to: { path: '^src/web/' } },
    {
      name: 'rooms-know-no-composition',
      comment: 'Settings and compose know the rooms, never the other way round.',
      severity: 'error',
      from: {
        path: oneOf(['base', 'words', 'login', 'store', 'trust', 'intake', 'queue', 'watch', 'cabinet', ...corridor]),
      },
      to: { path: '^src/(settings/|compose|main\\.ts|demo\\.ts)' },
    },
    room('metrics', ['base', 'words', 'login', 'audit'], 'metrics look at events and know no settings'),
    room('mock-idp', ['base', 'words'], 'the mock IdP shares no code with the judge'),
    room('demo-journals', ['base', 'words'], 'a journal is a stranger to the bridge'),
    room('backup', ['base', 'words'], 'a backup is a file of its own kind and knows no database'),
    room('certificates', ['base', 'words'], 'making keys is a trade of its own'),
    {
      name: 'only-cli-and-demo-make-keys',
      comment: 'A running bridge is given its keys and never makes any; settings only reads them.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(certificates|cli|demo)/' },
      to: { path: '^src/certificates/(make|key-file)' },
    },
    {
      name: 'only-settings-reads-keys',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(certificates|cli|demo|settings)/' },
      to: { path: '^src/certificates/' },
    },
    {
      name: 'separate-programs-stay-separate',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(mock-idp|demo-journals)/|^src/demo(/|\\.ts$)' },
      to: { path: '^src/(mock-idp|demo-journals)/' },
    },
    {
      name: 'only-web-knows-express',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(web|mock-idp|demo-journals)/' },
      to: { path: 'node_modules/(express|express-session|helmet)/' },
    },
    {
      name: 'only-store-knows-sql',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/' },
      to: { path: 'node_modules/(kysely|libsql|pg|redis|@redis)/' },
    },
    {
      name: 'only-the-courier-knows-mail',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/courier/' },
      to: { path: 'node_modules/nodemailer/' },
    },
    {
      name: 'only-metrics-know-prometheus',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/metrics/' },
      to: { path: 'node_modules/prom-client/' },
    },
    { name: 'src-knows-no-tests', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
