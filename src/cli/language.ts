import type { Desk } from './desk.js'
import { UnusableInput } from './desk.js'

export type Language = 'ru' | 'en'

export const LANGUAGE = [
  '--language <language>',
  'ru or en; without it the language of the machine (LC_ALL, LC_MESSAGES, LANG)',
] as const

/** As POSIX orders the variables (8.2); whatever is not Russian is told in English. @throws UnusableInput */
export function languageOf({ env }: Pick<Desk, 'env'>, flag: string | undefined): Language {
  if (flag !== undefined && flag !== 'ru' && flag !== 'en') throw new UnusableInput('--language is ru or en.')
  const machine = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(value => value !== undefined && value !== '')
  return flag ?? (machine?.startsWith('ru') ? 'ru' : 'en')
}
