/** Attacks with messages of logout: who may end a session, and whether it ends. */
import { randomBytes } from 'node:crypto'
import { logoutRequest } from '../../journals/cas/logout-request.js'
import type { ServerCall } from '../../journals/connector.js'
import type { Attack, Came } from './attack.js'
import { openBrowser, type Browser } from './browser.js'
import * as jwt from './jwt.js'
import { deliver, shownAnswer, type Scene } from './scene.js'

const newSid = (): string => randomBytes(20).toString('base64url')

/** The server of somebody posts the message. */
const tell = async ({ network }: Scene, { to, fields }: ServerCall) => {
  const answer = await openBrowser(network).post(to, fields)
  return { answer, at: to }
}

async function enter({ forge, begin }: Scene, sid: string): Promise<Browser> {
  const { browser, state } = await begin()
  await deliver(browser, forge.handOff({ state, sid }))
  return browser
}

/** Somebody is in, and a message comes that must not end it. */
const disturbing = (
  words: Pick<Attack, 'id' | 'sent' | 'fix'>,
  make: (scene: Scene, sid: string, honest: ServerCall) => readonly ServerCall[] | undefined,
): Attack => ({
  ...words,
  expected: 'the session stays',
  async run(scene) {
    const sid = newSid()
    const honest = scene.forge.leave(sid)
    const calls = honest && make(scene, sid, honest)
    if (!calls) return undefined
    const browser = await enter(scene, sid)
    let came = ''
    for (const call of calls) {
      const told = await tell(scene, call)
      const open = !(await scene.isIn(browser))
      came = `${shownAnswer(told)}, the session ${open ? 'has ended' : 'stays'}`
      if (open) return { open, came }
    }
    return { open: false, came }
  },
})

const respelt = (
  call: ServerCall,
  change: (token: jwt.Jwt) => readonly string[],
): readonly ServerCall[] | undefined => {
  const field = Object.entries(call.fields).find(([, value]) => value.split('.').length === 3)
  return field && change(jwt.read(field[1])).map(token => ({ ...call, fields: { ...call.fields, [field[0]]: token } }))
}

const FIX = 'Verify a message of logout as strictly as an entry: signature, algorithm, issuer, audience, time.'

export const logouts: readonly Attack[] = [
  disturbing({ id: 'logout-other-key', sent: 'a logout signed with a key of our own', fix: FIX }, ({ forge }, sid) =>
    some(forge.leave(sid, { key: 'other' })),
  ),
  disturbing({ id: 'logout-unsigned', sent: 'a logout with a broken signature, and with alg: none', fix: FIX }, (_, __, honest) =>
    respelt(honest, token => [jwt.brokenSignature(token), ...jwt.algNone(token)]),
  ),
  disturbing({ id: 'logout-expired', sent: 'a logout of ten minutes ago', fix: FIX }, ({ forge }, sid) =>
    some(forge.leave(sid, { ahead: -600_000 })),
  ),
  disturbing({ id: 'logout-other-audience', sent: 'a logout for another journal', fix: FIX }, ({ forge }, sid) =>
    some(forge.leave(sid, { audience: 'check-journal-other' })),
  ),
  disturbing(
    { id: 'entry-as-logout', sent: 'a token of entry in place of a logout', fix: 'Look at `typ`, and demand `events`.' },
    ({ forge }, sid, honest) => {
      const token = jwt.tokenIn(forge.handOff({ sid }))
      return token && respelt(honest, () => [token[1]])
    },
  ),
  disturbing(
    {
      id: 'logout-stranger',
      sent: 'logoutRequest with a ticket that nobody had, with none, and with the login in its place',
      fix: 'End the session of that very ticket, and no other.',
    },
    strangerTells,
  ),
  {
    id: 'logout-unheard',
    sent: 'an honest logout',
    expected: '200 or 204, and the session has ended',
    fix: 'End every session of that sid and answer 200: else a shared computer stays signed in.',
    run: unheard,
  },
  {
    id: 'logout-overtaken',
    sent: 'an honest entry of a session that has ended meanwhile',
    expected: 'not let in',
    fix: 'Remember the sid of every logout for two minutes, and let nobody in by it.',
    run: overtaken,
  },
] // prettier-ignore

/** CAS signs no logout: whoever does not know the ticket must not end anything. */
function strangerTells({ forge }: Scene, _sid: string, honest: ServerCall): readonly ServerCall[] | undefined {
  if (forge.kind !== 'cas') return undefined
  const at = { ...honest, to: forge.handOff().to }
  at.to.searchParams.delete('ticket')
  return [`ST-${newSid()}`, '', forge.login, '*', '%'].map(ticket => ({
    ...at,
    fields: {
      logoutRequest: logoutRequest('_check-journal', forge.now(), ticket).replace('@NOT_USED@', forge.login),
    },
  }))
}

/** Messages that are signed. */
const some = (call: ServerCall | undefined) => (call && 'logout_token' in call.fields ? [call] : undefined)

async function unheard(scene: Scene): Promise<Came | undefined> {
  const sid = newSid()
  if (scene.forge.door.endsWithUs) return shutOff(scene, sid)
  if (!scene.forge.leave(sid)) return undefined
  const browser = await enter(scene, sid)
  const call = scene.forge.leave(sid)!
  scene.forge.end(sid)
  const told = await tell(scene, call)
  const stays = await scene.isIn(browser)
  const { status } = told.answer
  const heard = status === 200 || status === 204 || (call.redirectWillDo === true && status < 400)
  return { open: stays || !heard, came: `${shownAnswer(told)}, the session ${stays ? 'stays' : 'has ended'}` }
}

/** Nobody needs to be told, unless the proxy keeps our answers. */
async function shutOff(scene: Scene, sid: string): Promise<Came> {
  const browser = await enter(scene, sid)
  const was = await scene.isIn(browser)
  scene.forge.end(sid)
  const open = !was || (await scene.isIn(browser))
  return { open, came: `the session ${open ? 'stays' : 'has ended'}` }
}

async function overtaken(scene: Scene): Promise<Came | undefined> {
  const sid = newSid()
  if (!scene.forge.leave(sid)) return undefined
  const { browser, state } = await scene.begin()
  const handOff = scene.forge.handOff({ state, sid })
  scene.forge.end(sid)
  await tell(scene, scene.forge.leave(sid)!)
  const delivered = await deliver(browser, handOff)
  const open = await scene.isIn(browser)
  return { open, came: `${shownAnswer(delivered)}, ${open ? 'and is in' : 'not let in'}` }
}
