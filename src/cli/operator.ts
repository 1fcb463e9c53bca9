import { userInfo } from 'node:os'
import type { Desk } from './desk.js'

/** Who sits at the keyboard: the user of the system; behind sudo, who called it. */
export const operatorOf = ({ env }: Pick<Desk, 'env'>): string => `os:${env['SUDO_USER'] ?? systemUser()}`.slice(0, 64)

function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown') // a container may run under a number without a name
  }
}
