/** Addresses of a journal that stand in the settings. */
import { isSafeOrigin } from './return-address.js'

/** @returns what is wrong with it, or undefined */
export function wrongAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be an address such as https://journal.example/sso'
  const url = new URL(text)
  if (!isSafeOrigin(url)) return 'must be https, or http on localhost or 127.0.0.1'
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password'
  if (url.href.includes('#')) return 'must not hold a fragment'
  return undefined
}

/** @param parameters which the hand-off adds to its query */
export function wrongTarget(text: string, parameters: readonly string[]): string | undefined {
  const wrong = wrongAddress(text)
  if (wrong !== undefined) return wrong
  const held = parameters.find(name => new URL(text).searchParams.has(name))
  return held === undefined ? undefined : `must not hold the parameter "${held}", which the hand-off adds`
}

/** By hand: searchParams.set would write the journal's own query anew. */
export function withQuery(address: string, parameters: readonly (readonly [string, string])[]): URL {
  const to = new URL(address)
  const added = parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
  to.search = `${to.search === '' ? '?' : `${to.search}&`}${added}`
  return to
}
