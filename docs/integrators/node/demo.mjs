// Маленький журнал вокруг receiver.mjs и logout.mjs: запустите и сравните со своим. / A small journal around the receiver.
//   BRIDGE=https://vhod.school.example HOME_URL=http://localhost:8090/diary/ KEY=… node demo.mjs 8090
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { createLeaving } from './logout.mjs'
import { createNewAccount } from './new-account.mjs'
import { createOldLogin } from './old-login.mjs'
import { createReceiver } from './receiver.mjs'

const { BRIDGE, HOME_URL, KEY, JOURNAL = 'sgo', AUDIENCE = 'sgo', ALG = 'HS256', REQUIRE_STATE = 'yes', POST = 'no', NOW } = process.env
const common = { bridge: BRIDGE, audience: AUDIENCE, alg: ALG, key: KEY, ...(NOW && { now: () => Number(NOW) * 1000 }) }
const secure = HOME_URL.startsWith('https:') ? '; Secure' : ''
const sessions = new Map() // number -> account

const leaving = createLeaving({
  ...common,
  signOut(sid) {
    for (const [number, account] of sessions) if (account.sid === sid) sessions.delete(number)
  },
})
const receiver = createReceiver({
  ...common,
  ...{ journal: JOURNAL, home: HOME_URL, requireState: REQUIRE_STATE === 'yes', post: POST === 'yes' },
  signIn(account, request, response) {
    sessions.delete(numberOf(request)) // a new number: whoever knew the old one is not in
    if (leaving.isOver(account.sid)) return // the logout was faster
    const number = randomBytes(16).toString('hex')
    sessions.set(number, account)
    response.setHeader('Set-Cookie', [response.getHeader('Set-Cookie') ?? [], `journal=${number}; Path=/; HttpOnly; SameSite=Lax${secure}`].flat())
  },
})

const passwords = new Map([['p-1001', 'journal-p-1001']])
const oldLogin = createOldLogin({
  ...common,
  login: ({ login, password }) => (passwords.get(login) === password ? login : undefined), // yours: salted hashes, and the count of wrong ones
})

const made = new Map() // yours: a table with a unique index on the key, and one on school and sub
const newAccount = createNewAccount({
  ...common,
  account({ key, sub, school }) {
    const who = `${school} ${sub}`
    const before = made.get(key)
    if (before) return { created: true, login: before.login }
    if ([...made.values()].some(each => each.who === who)) return { created: false, why: 'exists' }
    made.set(key, { who, login: `g-${randomBytes(5).toString('hex')}` })
    return { created: true, login: made.get(key).login }
  },
})

const numberOf = request => (/(?:^|; )journal=(\w+)/.exec(request.headers.cookie ?? '') ?? [])[1]
const escape = text => text.replace(/[&<>]/g, sign => `&#${sign.charCodeAt(0)};`)

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://x')
  if (pathname === '/login') return receiver.login(request, response)
  if (pathname === '/sso') return receiver.sso(request, response)
  if (pathname === '/sso-logout' && request.method === 'POST') return leaving(request, response)
  if (pathname === '/sso-check' && request.method === 'POST') return oldLogin(request, response)
  if (pathname === '/sso-create' && request.method === 'POST') return newAccount(request, response)
  const account = sessions.get(numberOf(request))
  response.writeHead(account ? 200 : 403, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(account ? `<h1>Дневник</h1><p>${escape(`${account.login} ${account.child ?? ''}`)}</p>` : '<h1>Войдите</h1>')
})
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
