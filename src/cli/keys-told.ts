/** In words: what each key of the settings is still needed for. */
import type { KeyState } from '../login/rotating.js'

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)

export const keysTold = (keys: readonly KeyState[]): readonly string[] => keys.flatMap(told)

function told(key: KeyState): readonly string[] {
  const rows = key.kept.map(
    ({ column, rows, ends }) =>
      `${String(rows).padStart(10)}  ${column}${ends === undefined ? '' : `, the last ends by ${day(ends)}`}`,
  )
  return [`secrets.${key.secret} ${key.id}: ${sentence(key)}`, ...rows]
}

function sentence({ secret, state, until }: KeyState): string {
  if (state === 'in-use') return 'in use; everything new is written under it.'
  if (state === 'free') return 'nothing stands under it. It may leave the settings now.'
  if (state === 'audit')
    return (
      `no row stands under it. Events of the audit before the change call people by it: until ${until === undefined ? 'they end' : day(until)} ` +
      'the history of a person is whole only with it. It may leave the settings then, or now if that does not matter.'
    )
  if (until !== undefined)
    return `what is left under it ends by itself by ${day(until)}. Keep it in the settings until then, and run this again.`
  return `keep it in the settings: rows stand under ${secret === 'data' ? 'it' : 'it, or are found by it'}.`
}
