/**
 * The rounds of this browser, in a cookie of its own. It survives several nodes and a restart, and whoever tampers with it
 * only fools themselves: it stops a login or does not, and lets nobody in.
 */
import type { Request, Response } from 'express'
import { ROUND_COUNTS, type Round } from '../login/loop.js'
import { cookiesOf, isSecure } from './cookies.js'
import type { Web } from './setup.js'

/** The cookie stays below 600 octets. */
const MOST_KEPT = 10

const nameOf = (web: Web): string => (isSecure(web.ports.publicUrl) ? '__Host-vhod-rounds' : 'vhod-rounds')

const ROUND = /^([\w-]{8})\.([\w-]{8})\.([0-9a-z]{1,9})(?:\.([\w-]{27}))?$/

/** A button of our own pages was pressed by a person: no loop, whatever came before. */
const pressedHere = (request: Request): boolean => request.headers['sec-fetch-site'] === 'same-origin'

export function roundsOf(web: Web, request: Request): readonly Round[] {
  if (pressedHere(request)) return []
  const name = nameOf(web)
  const value = cookiesOf(request).find(([each]) => each === name)?.[1] ?? ''
  const now = web.ports.clock.now()
  return value
    .split('~')
    .slice(-MOST_KEPT)
    .map(readRound)
    .filter(round => round !== undefined)
    .filter(({ at }) => at <= now && now - at < ROUND_COUNTS)
}

function readRound(text: string): Round | undefined {
  const [, journal, place, at, login] = ROUND.exec(text) ?? []
  if (journal === undefined || place === undefined || at === undefined) return undefined
  return { journal, place, at: parseInt(at, 36), ...(login !== undefined && { login }) }
}

const write = ({ journal, place, at, login }: Round): string =>
  [journal, place, at.toString(36), ...(login === undefined ? [] : [login])].join('.')

/** Adds a round, or with none begins to count anew: who is shown the loop and presses the button really tries again. */
export function keepRounds(web: Web, request: Request, response: Response, round?: Round): void {
  const rounds = round ? [...roundsOf(web, request), round].slice(-MOST_KEPT) : []
  response.cookie(nameOf(web), rounds.map(write).join('~'), {
    httpOnly: true,
    path: '/',
    sameSite: 'lax',
    secure: isSecure(web.ports.publicUrl),
    maxAge: rounds.length > 0 ? ROUND_COUNTS : 0,
  })
}
