/** What the commands about codes are told: whose. */
import type { CodesFor } from '../identity/codes-wanted.js'
import { roles } from '../words/account.js'
import { UnusableInput } from './desk.js'
import { oneLine } from './printable.js'
import type { Place } from './roster-input.js'

export interface CodesFlags extends Place {
  readonly class?: string
  readonly role?: string
  readonly login?: string
  readonly config: string
  readonly json?: true
}

export const CLASS = ['--class <name>', 'only of this class: 5А'] as const
export const ROLE = ['--role <role>', `only of this role: ${roles.join(', ')}`] as const
export const LOGIN = ['--login <login>', 'only this account, as the journal knows it'] as const

/** @throws UnusableInput naming the roles there are */
export function codesFor({ class: className, role, login }: CodesFlags): CodesFor {
  const known = roles.find(one => one === role)
  if (role !== undefined && !known) throw new UnusableInput(`Роли ${oneLine(role)} нет. Есть: ${roles.join(', ')}.`)
  return {
    ...(className !== undefined && { className }),
    ...(known && { role: known }),
    ...(login !== undefined && { login }),
  }
}
