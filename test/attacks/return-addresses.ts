/**
 * Open-redirect tricks, as data. Each one would send a person who has just signed in somewhere else, or does so in some
 * server, proxy or browser that reads it differently than we do.
 */

/** The journal that all of them attack. */
export const journal = {
  id: 'sgo',
  returnTo: [
    'https://sgo.school.example/diary/*',
    'https://sgo.school.example/start',
    'https://sgo.school.example/open?view=week',
    'https://sgo.school.example:8443/app/*',
    'https://xn--b1afajhc4a.xn--p1ai/*',
    'http://localhost:8082/sgo/*',
  ],
} as const

/** Addresses that must go through, exactly as they are. */
export const honest: readonly string[] = [
  'https://sgo.school.example/diary/',
  'https://sgo.school.example/diary/marks',
  'https://sgo.school.example/diary/marks/',
  'https://sgo.school.example/diary/2026/11/24',
  'https://sgo.school.example/diary/marks?child=c-501&week=48',
  'https://sgo.school.example/diary/?a[]=1&a[]=2',
  'https://sgo.school.example/diary/marks?next=https://other.example/',
  'https://sgo.school.example/diary/marks?',
  'https://sgo.school.example/diary/index.php',
  'https://sgo.school.example/diary/.well-known',
  'https://sgo.school.example/diary/...a',
  'https://sgo.school.example/diary/v1..2',
  'https://sgo.school.example/diary/%D0%BE%D1%86%D0%B5%D0%BD%D0%BA%D0%B8',
  'https://sgo.school.example/diary/%D0%9C%D0%BE%D0%B9%20%D0%BA%D0%BB%D0%B0%D1%81%D1%81?q=%E4%E5%ED%FC',
  'https://sgo.school.example/diary/it@school,5A;v=1',
  'https://sgo.school.example/start',
  'https://sgo.school.example/open?view=week',
  'https://sgo.school.example:8443/app/x',
  'https://xn--b1afajhc4a.xn--p1ai/',
  'https://xn--b1afajhc4a.xn--p1ai/any/thing',
  'http://localhost:8082/sgo/marks',
]

export interface Trick {
  readonly trick: string
  readonly text: string
  /** `form`: can be read in two ways, whatever the list says. `list`: plain, but not on the list. */
  readonly why: 'form' | 'list'
}

const form = (trick: string, ...texts: string[]): Trick[] => texts.map(text => ({ trick, text, why: 'form' }))
const list = (trick: string, ...texts: string[]): Trick[] => texts.map(text => ({ trick, text, why: 'list' }))

export const tricks: readonly Trick[] = [
  ...form('nothing, or no address', '', ' ', '/', '/diary/', 'diary/marks', '.', '?', '#', 'null', 'undefined', '*', 'https:'),
  ...form('no host', 'https://', 'https:///', 'https:///diary/', 'https://?sgo.school.example/diary/', 'https://:443/diary/'),
  ...form('scheme left to the browser', '//evil.example/', '//sgo.school.example/diary/', '///evil.example', '////evil.example'),
  ...form('slashes missing or too many', 'https:sgo.school.example/diary/', 'https:/sgo.school.example/diary/', 'https:///sgo.school.example/diary/', 'https:evil.example', 'https:/evil.example'),
  ...form('backslash read as slash', '\\\\evil.example', '/\\evil.example', '\\/evil.example', 'https:\\\\sgo.school.example\\diary\\', 'https:/\\evil.example/', 'https://evil.example\\@sgo.school.example/diary/', 'https://sgo.school.example\\.evil.example/diary/', 'https://sgo.school.example/diary/\\evil.example', 'https://sgo.school.example/diary/..\\..\\admin', 'https://sgo.school.example\\/diary/'),
  ...form('scheme that runs or shows something', 'javascript:alert(1)', 'JavaScript:alert(1)', 'javascript://sgo.school.example/diary/%0aalert(1)', 'java\tscript:alert(1)', ' javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'data:text/html;base64,PHNjcmlwdD4=', 'vbscript:msgbox(1)', 'blob:https://sgo.school.example/diary/x', 'view-source:https://sgo.school.example/diary/', 'about:blank', 'file:///etc/passwd', 'intent://sgo.school.example/diary/#Intent;scheme=https;end', 'mailto:a@sgo.school.example', 'tel:112'),
  ...form('scheme without protection', 'http://sgo.school.example/diary/', 'http://sgo.school.example:443/diary/', 'ftp://sgo.school.example/diary/', 'ws://sgo.school.example/diary/', 'wss://sgo.school.example/diary/', 'http://127.1:8082/sgo/x', 'http://0.0.0.0:8082/sgo/x', 'http://[::1]:8082/sgo/x', 'http://localhost.evil.example:8082/sgo/x'),
  ...list('another host', 'https://evil.example/', 'https://evil.example/diary/', 'https://evil.example/sgo.school.example/diary/', 'https://evil.example/?https://sgo.school.example/diary/', 'https://school.example/diary/', 'https://www.sgo.school.example/diary/', 'https://sgo.school.example.evil.example/diary/', 'https://evilsgo.school.example/diary/', 'https://sgo-school.example/diary/', 'https://sgo.school.exampl/diary/', 'https://sgo.school.examplee/diary/', 'https://sgo.school.example-evil.com/diary/'),
  ...form('user name that looks like the host', 'https://sgo.school.example@evil.example/', 'https://sgo.school.example:443@evil.example/diary/', 'https://sgo.school.example%2fdiary@evil.example/', 'https://user@sgo.school.example/diary/', 'https://user:pass@sgo.school.example/diary/', 'https://:@sgo.school.example/diary/', 'https://@sgo.school.example/diary/', 'https://evil.example@sgo.school.example/diary/', 'https://a@b@sgo.school.example/diary/'),
  ...list('another port', 'https://sgo.school.example:444/diary/', 'https://sgo.school.example:8443/diary/', 'https://sgo.school.example:80/diary/', 'https://sgo.school.example/app/', 'http://localhost:8083/sgo/', 'http://localhost/sgo/', 'http://127.0.0.1:8082/sgo/'),
  ...form('port written otherwise', 'https://sgo.school.example:443/diary/', 'https://sgo.school.example:/diary/', 'https://sgo.school.example:08443/app/', 'https://sgo.school.example:65979/diary/', 'https://sgo.school.example:8443:443/app/', 'https://sgo.school.example:x/diary/'),
  ...form('host written otherwise', 'https://SGO.school.example/diary/', 'https://sgo.School.Example/diary/', 'HTTPS://sgo.school.example/diary/', 'https://sgo.school.example./diary/', 'https://sgo.school.example../diary/', 'https://.sgo.school.example./diary/', 'https://sgo%2eschool.example/diary/', 'https://sgo.school.example%2f.evil.example/diary/', 'https://sgo.school.example%00.evil.example/diary/', 'https://sgo.school.example%23.evil.example/diary/', 'https://%73go.school.example/diary/'),
  ...form('letters that look alike', 'https://sgо.school.example/diary/', 'https://ѕgo.school.example/diary/', 'https://sgo。school.example/diary/', 'https://sgo．school.example/diary/', 'https://ｓｇｏ.school.example/diary/', 'https://sgo.school.example／diary/', 'https://sgo.school.example／.evil.example/diary/', 'https://sgo.ſchool.example/diary/', 'https://sgo.school.example\u200b/diary/', 'https://sgo.sch\u00adool.example/diary/', 'https://sgo.school.example\u202e/diary/', 'https://сго.рф/', 'https://sgo.school.example℀.evil.example/', 'https://evil.example⁄sgo.school.example/diary/'),
  ...list('look-alike in punycode', 'https://xn--sg-emc.school.example/diary/', 'https://xn--b1afajhc4b.xn--p1ai/', 'https://xn--80ak6aa92e.com/diary/'),
  ...form('signs that disappear', 'https://sgo.school.example\t/diary/', 'https://sgo.school.example\n/diary/', 'https://sgo.school.example\r/diary/', 'ht\ntps://sgo.school.example/diary/', '\thttps://sgo.school.example/diary/', 'https://sgo.school.example/diary/\n', 'https://sgo.school.example/diary/ ', ' https://sgo.school.example/diary/', '\u0000https://sgo.school.example/diary/', 'https://sgo.school.example/diary/\u0000', '\ufeffhttps://sgo.school.example/diary/', 'https://sgo.school.example/diary/.\t./admin', '/\t/evil.example/', 'https://sgo.school.example/\u2028diary/', 'https://sgo.school.example\u3000/diary/', 'https://sgo.school.example /diary/', 'https://evil.example\u0009.sgo.school.example/diary/', 'https://sgo.school.example/diary/\u007f'),
  ...form('line ends for a header', 'https://sgo.school.example/diary/%0d%0aSet-Cookie:a=b', 'https://sgo.school.example/diary/?q=%0d%0aLocation:%20https://evil.example', 'https://sgo.school.example/diary/%0a', 'https://sgo.school.example/diary/?q=%00', 'https://sgo.school.example/diary/%09/', 'https://sgo.school.example/diary/?q=%7f', 'https://sgo.school.example/diary/%E5%98%8A%E5%98%8D\r\n', 'https://sgo.school.example/diary/x%C2%85y'),
  ...form('dot segments', 'https://sgo.school.example/diary/../admin', 'https://sgo.school.example/diary/..', 'https://sgo.school.example/diary/./', 'https://sgo.school.example/diary/.', 'https://sgo.school.example/diary/x/../../admin', 'https://sgo.school.example/../diary/x', 'https://sgo.school.example/./diary/x', 'https://sgo.school.example/diary/x/..'),
  ...form('dot segments, encoded', 'https://sgo.school.example/diary/%2e%2e/admin', 'https://sgo.school.example/diary/%2E%2E/admin', 'https://sgo.school.example/diary/.%2e/admin', 'https://sgo.school.example/diary/%2e./admin', 'https://sgo.school.example/diary/%2e/', 'https://sgo.school.example/diary/%2e%2e', 'https://sgo.school.example/diary/%252e%252e/admin', 'https://sgo.school.example/diary/%25252e%25252e/admin', 'https://sgo.school.example/diary/%c0%ae%c0%ae/admin', 'https://sgo.school.example/diary/%e0%80%ae%e0%80%ae/admin', 'https://sgo.school.example/diary/%ef%bc%8e%ef%bc%8e/admin', 'https://sgo.school.example/diary/%e2%80%a5/admin', 'https://sgo.school.example/diary/%u002e%u002e/admin'),
  ...form('dot segments for servers that trim', 'https://sgo.school.example/diary/..;/admin', 'https://sgo.school.example/diary/..;x=1/admin', 'https://sgo.school.example/diary/.;/..;/admin', 'https://sgo.school.example/diary/..%20/admin', 'https://sgo.school.example/diary/%20../admin', 'https://sgo.school.example/diary/.../admin', 'https://sgo.school.example/diary/..../admin', 'https://sgo.school.example/diary/%2e%2e;/admin', 'https://sgo.school.example/diary/..%3b/admin', 'https://sgo.school.example/diary/%20/admin', 'https://sgo.school.example/diary/..%00/admin', 'https://sgo.school.example/diary/..%e2%80%8b/admin'),
  ...form('slash or backslash, encoded', 'https://sgo.school.example/diary/%2f', 'https://sgo.school.example/diary/..%2fadmin', 'https://sgo.school.example/diary/..%2Fadmin', 'https://sgo.school.example/diary%2fx', 'https://sgo.school.example/%2fevil.example', 'https://sgo.school.example/diary/%5c', 'https://sgo.school.example/diary/..%5cadmin', 'https://sgo.school.example/diary/%5C%5Cevil.example', 'https://sgo.school.example/diary/%252fevil.example', 'https://sgo.school.example/diary/%255cevil.example', 'https://sgo.school.example/diary/%ef%bc%8fadmin', 'https://sgo.school.example/diary/%ef%bc%bcadmin', 'https://sgo.school.example/diary/%c0%afadmin'),
  ...form('empty segments, which a relative redirect turns into a host', 'https://sgo.school.example//evil.example/diary/', 'https://sgo.school.example/diary//evil.example', 'https://sgo.school.example/diary//', 'https://sgo.school.example//diary/x', 'https://sgo.school.example/diary///x', 'https://xn--b1afajhc4a.xn--p1ai//evil.example'),
  ...form('fragment', 'https://sgo.school.example/diary/#', 'https://sgo.school.example/diary/#@evil.example/', 'https://sgo.school.example/diary/x#access_token=1', 'https://evil.example#sgo.school.example/diary/', 'https://sgo.school.example#.evil.example/diary/', 'https://sgo.school.example/start#x'),
  ...form('percent sign that encodes nothing', 'https://sgo.school.example/diary/%', 'https://sgo.school.example/diary/%zz', 'https://sgo.school.example/diary/%2', 'https://sgo.school.example/diary/?q=%', 'https://sgo.school.example/diary/%ff', 'https://sgo.school.example/diary/%25'),
  ...list('beside the listed path', 'https://sgo.school.example/', 'https://sgo.school.example/diary', 'https://sgo.school.example/diaryx', 'https://sgo.school.example/diary.evil', 'https://sgo.school.example/diary;/x', 'https://sgo.school.example/Diary/x', 'https://sgo.school.example/DIARY/', 'https://sgo.school.example/x/diary/', 'https://sgo.school.example/dia', 'https://sgo.school.example/diary?x=/', 'https://sgo.school.example/?/diary/', 'https://sgo.school.example/d%69ary/x', 'https://sgo.school.example/*'),
  ...list('beside the exact address', 'https://sgo.school.example/start/', 'https://sgo.school.example/startx', 'https://sgo.school.example/start?', 'https://sgo.school.example/start?x=1', 'https://sgo.school.example/start/x', 'https://sgo.school.example/Start', 'https://sgo.school.example/open', 'https://sgo.school.example/open?view=day', 'https://sgo.school.example/open?view=week&next=1', 'https://sgo.school.example/open?view=week&', 'https://sgo.school.example/open/?view=week', 'https://sgo.school.example/open?View=week'),
  ...form('signs that no address holds', 'https://sgo.school.example/diary/<script>', 'https://sgo.school.example/diary/"onload=', "https://sgo.school.example/diary/?q='x'", 'https://sgo.school.example/diary/`', 'https://sgo.school.example/diary/{x}', 'https://sgo.school.example/diary/|x', 'https://sgo.school.example/diary/^', 'https://sgo.school.example/diary/оценки', 'https://sgo.school.example/diary/?q=😀', 'https://sgo.school.example/diary/?q=\ud800', 'https://sgo.school.example/diary/x y'),
  ...form('host as a number', 'https://2130706433:x/', 'https://0x7f000001/diary/', 'https://017700000001/diary/', 'http://2130706433:8082/sgo/', 'http://0x7f.1:8082/sgo/', 'https://127.1/diary/'),
  ...list('host as an address', 'https://127.0.0.1/diary/', 'https://[::1]/diary/', 'https://[::ffff:7f00:1]/diary/', 'https://169.254.169.254/latest/meta-data/'),
  ...form('two addresses in one', 'https://sgo.school.example/diary/,https://evil.example/ ', 'https://evil.example, https://sgo.school.example/diary/', 'https://sgo.school.example/diary/\nhttps://evil.example/', 'https://sgo.school.example,evil.example/diary/ ', 'url=https://sgo.school.example/diary/'),
  ...list('host inside of the query or path of another', 'https://evil.example/diary/?u=https://sgo.school.example/diary/', 'https://evil.example/.sgo.school.example/diary/', 'https://evil.example/sgo.school.example/'),
  ...form('host inside of the query or path of another', 'https://evil.example/https://sgo.school.example/diary/', 'https://evil.example:443/diary/', 'https://evil.example/diary/..;/sgo'),
  ...list('host grown or shrunk', 'https://sgo.school.example.com/diary/', 'https://sgo.school.example.ru/diary/', 'https://go.school.example/diary/', 'https://sgo.schoolexample/diary/', 'https://sgoschool.example/diary/', 'https://sgo.school/diary/', 'https://sgo.sgo.school.example/diary/', 'https://-sgo.school.example/diary/', 'https://sgo_.school.example/diary/'),
  ...list('a port as a trap', 'https://sgo.school.example:8443/diary/marks', 'https://sgo.school.example:1/diary/', 'https://sgo.school.example:65535/diary/', 'https://sgo.school.example:8443/', 'https://sgo.school.example:8443/app'),
  ...form('a port as a trap', 'http://localhost:80/sgo/'),
  ...list('open redirectors that sites have', 'https://sgo.school.example/redirect?url=https://evil.example/', 'https://sgo.school.example/logout?next=//evil.example', 'https://sgo.school.example/bitrix/redirect.php?goto=https://evil.example/', 'https://sgo.school.example/login?return=https://evil.example/', 'https://sgo.school.example/url?q=https://evil.example/', 'https://sgo.school.example/away.php?to=https://evil.example/'),
  ...form('brackets, pipes and quotes that parsers repair', 'https://[sgo.school.example]/diary/', 'https://sgo.school.example]/diary/', 'https://sgo.school.example|.evil.example/diary/', 'https://sgo.school.example%5b.evil.example/diary/', 'https://sgo.school.example<.evil.example/diary/', 'https://sgo.school.example^.evil.example/diary/', 'https://sgo.school.example"/diary/'),
  ...list('brackets, pipes and quotes that parsers repair', "https://sgo.school.example'.evil.example/diary/"),
  ...form('schemes with a twist', 'https+unix://sgo.school.example/diary/', 'httpss://sgo.school.example/diary/', 'hxxps://sgo.school.example/diary/', 'https%3a//sgo.school.example/diary/', 'https%3A%2F%2Fsgo.school.example%2Fdiary%2F', 'https;//sgo.school.example/diary/', 'jar:https://sgo.school.example/diary/!/x', 'filesystem:https://sgo.school.example/diary/x', 'chrome://settings/', 'ms-settings:privacy'),
  ...form('longer than an address may be', `https://sgo.school.example/diary/${'a'.repeat(2048)}`, `https://sgo.school.example/diary/?q=${'%41'.repeat(1000)}`),
] // prettier-ignore
