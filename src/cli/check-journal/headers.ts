/** Attacks on journals that believe a header: whoever can write it is whoever they like. */
import type { Attack, Came } from './attack.js'
import { openBrowser, type Browser } from './browser.js'
import { look, traits } from './entered.js'
import { NoAnswer, type Headers } from '../network.js'
import { deliver, type Scene } from './scene.js'

/** Nobody's login. */
const LIE = 'check-journal-lie'

type Lies = Readonly<Record<string, string>>

/** Ways to write a header that programs behind the proxy read as the same one (RFC 3875, 4.1.18). */
const spellings: readonly ((lies: Lies) => Headers)[] = [
  lies => lies,
  lies => renamed(lies, name => name.toLowerCase()),
  lies => renamed(lies, name => name.replaceAll('-', '_')),
  lies => renamed(lies, name => name.replace('-', '_')),
  lies => renamed(lies, name => name.replace(/-([^-]*)$/, '_$1').toUpperCase()),
  lies => Object.fromEntries(Object.entries(lies).map(([name, value]) => [name, [value, value]])),
]

const renamed = (lies: Lies, spell: (name: string) => string): Lies =>
  Object.fromEntries(Object.entries(lies).map(([name, value]) => [spell(name), value]))

const STRIP =
  'Let the proxy take every spelling of these headers off each request (see docs/integrators/trusted-headers.md) before it sets its own.'

export const headers: readonly Attack[] = [
  {
    id: 'header-outside',
    sent: 'the headers of somebody who is in, in every spelling, from a browser that is not',
    expected: 'not let in',
    fix: STRIP,
    blind: true,
    run: outside,
  },
  {
    id: 'header-inside',
    sent: 'lies in every spelling, from a browser that is in',
    expected: 'the journal sees what the bridge says, and no lie',
    fix: STRIP,
    run: inside,
  },
  {
    id: 'header-struck',
    sent: 'Connection, naming the headers, from a browser that is in',
    expected: 'refused, or as if it had not been sent',
    fix: 'The proxy strikes what Connection names, its own headers, too: refuse such requests.',
    run: struck,
  },
  {
    id: 'past-the-proxy',
    sent: 'the headers straight to the journal',
    expected: 'nobody is let in',
    fix: 'Let the journal listen on 127.0.0.1 only, or let a firewall pass nobody but the proxy.',
    blind: true,
    run: past,
  },
]

async function outside(scene: Scene): Promise<Came | undefined> {
  const { network, isIn, forge } = scene
  const { truth, id } = forge
  if (!truth) return undefined
  const cookie = { Cookie: [`vhod-visit-${id}=${LIE}`, `__Host-vhod-visit-${id}=${LIE}`].join('; ') }
  for (const spell of spellings)
    for (const more of [{}, cookie])
      if (await isIn(openBrowser(network), { ...spell(truth), ...more }))
        return { open: true, came: `${said(spell(truth))}: is in` }
  return { open: false, came: 'not let in' }
}

async function inside(scene: Scene): Promise<Came | undefined> {
  const { truth } = scene.forge
  if (!truth) return undefined
  const { browser, steady } = await entered(scene)
  const lies = Object.fromEntries(Object.keys(truth).map(name => [name, LIE]))
  for (const spell of spellings) {
    const seen = await browser.get(scene.page, spell(lies))
    if (seen.body.includes(LIE)) return { open: true, came: `${said(spell(lies))}: is believed` }
    if (!shows(traits(seen, scene.page), steady)) return { open: true, came: `${said(spell(lies))}: changes the page` }
  }
  return { open: false, came: 'no lie is believed' }
}

async function struck(scene: Scene): Promise<Came | undefined> {
  const { truth } = scene.forge
  if (!truth) return undefined
  const { browser, steady } = await entered(scene)
  const seen = await browser.get(scene.page, { Connection: ['close', ...Object.keys(truth)].join(', ') })
  const open = seen.status < 400 && !shows(traits(seen, scene.page), steady)
  return { open, came: open ? `${seen.status}, and another page` : `${seen.status}` }
}

const shows = (seen: ReadonlySet<string>, steady: readonly string[]): boolean => steady.every(trait => seen.has(trait))

async function past({ forge, behind, network, page, isIn }: Scene): Promise<Came | undefined> {
  const { truth } = forge
  if (!truth || !behind) return undefined
  const at = new URL(page.pathname + page.search, behind)
  try {
    for (const spell of spellings)
      if (await isIn(openBrowser(network), spell(truth), at)) return { open: true, came: `${behind.origin}: is in` }
    return { open: false, came: `${behind.origin}: not let in` }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { open: false, came: `${behind.origin} ${error.message}` }
  }
}

const said = (lies: Headers): string => Object.keys(lies)[0] ?? ''

/** Somebody who is in, and what they see time and again. */
async function entered({
  forge,
  begin,
  page,
}: Scene): Promise<{ readonly browser: Browser; readonly steady: readonly string[] }> {
  const { browser, state } = await begin()
  await deliver(browser, forge.handOff({ state }))
  const [first, second] = [await look(browser, page), await look(browser, page)]
  return { browser, steady: [...first].filter(trait => second.has(trait)) }
}
