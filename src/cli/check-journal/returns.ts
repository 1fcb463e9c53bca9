/** Attacks by where a login leads: whoever comes in must not be sent to another site. */
import type { HandOff } from '../../journals/connector.js'
import type { Attack } from './attack.js'
import { follow, leadsTo } from './browser.js'
import * as jwt from './jwt.js'
import { deliver, shownAnswer, type Scene } from './scene.js'

const ELSEWHERE = 'evil.example'

/** Whoever is let in must not be sent elsewhere. */
const leading = (
  words: Pick<Attack, 'id' | 'sent' | 'fix'>,
  make: (scene: Scene, state: string | undefined) => HandOff | undefined,
): Attack => ({
  ...words,
  expected: 'nobody is sent elsewhere',
  async run(scene) {
    const { browser, state } = await scene.begin()
    const handOff = make(scene, state)
    if (!handOff) return undefined
    const first = await deliver(browser, handOff)
    const last = await follow(browser, first.answer, first.at, to => scene.origins.has(to.origin))
    const to = leadsTo(last.answer, last.at)
    const refreshes = new RegExp(`http-equiv=.?refresh[^>]*${ELSEWHERE}`, 'i').test(last.answer.body.toString())
    const open = refreshes || to?.hostname.endsWith(ELSEWHERE) === true
    return { open, came: open ? `leads to ${ELSEWHERE}` : shownAnswer(first) }
  },
})

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
      const honest = forge.handOff({ state })
      const token = jwt.tokenIn(honest)
      if (!token || !forge.sign) return undefined
      return jwt.withToken(honest, forge.sign({ ...jwt.read(token[1]).claims, return_to: make(home) }))
    }),
  )
  return [
    ...inToken,
    leading({ id: 'return-beside', sent: 'an honest token, and beside it in the address where to go', fix: 'Take return_to from the token only: everything beside it anybody could have written.' },
      ({ forge }, state) => {
        const honest = forge.handOff({ state })
        const to = new URL(honest.to)
        for (const name of ['return_to', 'return', 'returnTo', 'next', 'url', 'redirect', 'back'])
          if (!to.searchParams.has(name)) to.searchParams.append(name, `https://${ELSEWHERE}/`)
        return { ...honest, to }
      },
    ),
  ]
} // prettier-ignore
