/** Attacks by where a login leads: whoever comes in must not be sent to another site. */
import type { HandOff } from '../../journals/connector.js'
import type { Attack, Came, Words } from './attack.js'
import { follow, leadsTo, type Browser } from './browser.js'
import * as jwt from './jwt.js'
import { deliver, shownAnswer, type Scene } from './scene.js'

const ELSEWHERE = 'evil.example'

/** Whoever is let in must not be sent elsewhere. */
const leading = (words: Words, make: (scene: Scene, state: string | undefined) => HandOff | undefined): Attack => ({
  ...words,
  expected: 'nobody is sent elsewhere',
  async run(scene) {
    const { browser, state } = await scene.begin()
    const handOff = make(scene, state)
    return handOff && ends(scene, browser, handOff)
  },
})

async function ends(scene: Scene, browser: Browser, handOff: HandOff): Promise<Came> {
  const first = await deliver(browser, handOff)
  const last = await follow(browser, first.answer, first.at, to => scene.origins.has(to.origin))
  const to = leadsTo(last.answer, last.at)
  const refreshes = new RegExp(`http-equiv=.?refresh[^>]*${ELSEWHERE}`, 'i').test(last.answer.body.toString())
  const open = refreshes || to?.hostname.endsWith(ELSEWHERE) === true
  return { open, came: open ? `leads to ${ELSEWHERE}` : shownAnswer(first) }
}

/** Names by which programs say where to go next. */
const NAMES = ['return_to', 'return', 'returnTo', 'return_path', 'next', 'url', 'redirect', 'back', 'to']

/** The journal's own start keeps where to go; an honest login follows. */
async function atStart(scene: Scene): Promise<Came | undefined> {
  const { beginAtJournal, forge } = scene
  if (!beginAtJournal) return undefined
  const { browser, state } = await beginAtJournal(NAMES.map(name => [name, `https://${ELSEWHERE}/`]))
  return ends(scene, browser, forge.handOff({ state }))
}

export const returns: readonly Attack[] = returnAttacks()

function returnAttacks(): readonly Attack[] {
  const fix = 'Compare return_to with a list of your own addresses: scheme, host and path, as a whole.'
  const places: readonly (readonly [string, string, (home: URL) => string])[] = [
    ['return-elsewhere', 'return_to to another site', () => `https://${ELSEWHERE}/`],
    ['return-lookalike', 'return_to to a host that begins like yours', home => `${home.protocol}//${home.hostname}.${ELSEWHERE}${home.pathname}`],
    ['return-user', 'return_to with your host as the user of another site', home => `${home.protocol}//${home.host}@${ELSEWHERE}/`],
    ['return-slashes', 'return_to that begins with // or /\\', () => `//${ELSEWHERE}/`],
    ['return-backslash', 'return_to that begins with /\\', () => `/\\${ELSEWHERE}/`],
  ]
  const inToken = places.map(([id, sent, make]) =>
    leading({ id, sent, fix }, ({ forge, home }, state) => {
      if (forge.kind === 'handle') return forge.handOff({ state, claims: { return_to: make(home) } })
      const honest = forge.handOff({ state })
      const token = jwt.tokenIn(honest)
      if (!token || !forge.sign) return undefined
      return jwt.withToken(honest, forge.sign({ ...jwt.read(token[1]).claims, return_to: make(home) }))
    }),
  )
  return [
    ...inToken,
    leading({ id: 'return-beside', blind: true, sent: 'an honest hand-off, and beside it in the address where to go', fix: 'Take return_to from the token only: everything beside it anybody could have written.' },
      ({ forge }, state) => {
        const honest = forge.handOff({ state })
        const to = new URL(honest.to)
        for (const name of NAMES)
          if (!to.searchParams.has(name)) to.searchParams.append(name, `https://${ELSEWHERE}/`)
        return { ...honest, to }
      },
    ),
    {
      id: 'return-at-start',
      sent: "the journal's own button, with another site to go to afterwards; then an honest hand-off",
      expected: 'nobody is sent elsewhere',
      fix: 'Compare where to go afterwards with a list of your own addresses when a login begins, too.',
      run: atStart,
    },
  ]
} // prettier-ignore
