/** The second factor: which ways an account has, what is sent, and whether what was typed is right. Knows nothing of HTTP. */
import type { Chance } from '../../base/chance.js'
import type { Clock, Instant } from '../../base/clock.js'
import { methods, plainAnswer, type Account, type Method } from './account.js'
import { starredEmail, starredPhone, type Inbox } from './inbox.js'
import { acceptHotp, acceptTotp } from './one-time-password.js'
import { isPassword } from './passwords.js'

/** Milliseconds. */
export const CODE_LIFETIME = 3 * 60_000
export const TRIES = 5

/** What the person has been asked for. */
export interface Challenge {
  readonly method: Method
  /** Of codes that were sent; devices make their own. */
  readonly digits?: string
  readonly expiresAt: Instant
  triesLeft: number
  /** Of the question in the app. */
  push?: 'approved' | 'denied'
}

export type Verdict = 'right' | 'wrong' | 'expired' | 'replaced' | 'waiting' | 'denied'

export interface Factors {
  readonly clock: Clock
  readonly chance: Chance
  readonly inbox: Inbox
}

const has: Readonly<Record<Method, (account: Account) => boolean>> = {
  sms: ({ person }) => person.phone !== undefined,
  email: ({ person }) => person.email !== undefined,
  call: ({ person }) => person.phone !== undefined,
  push: ({ settled }) => settled,
  totp: ({ totp }) => totp !== undefined,
  question: ({ question }) => question !== undefined,
  token: ({ token }) => token !== undefined,
}

export const methodsOf = (account: Account): readonly Method[] => methods.filter(method => has[method](account))

export const methodTitle: Readonly<Record<Method, string>> = {
  sms: 'Код в СМС',
  email: 'Код в письме',
  call: 'Звонок: код продиктует робот',
  push: 'Вопрос в приложении на телефоне',
  totp: 'Код из приложения-генератора',
  question: 'Секретный вопрос',
  token: 'Аппаратный ключ с кодами',
}

export const newDigits = (chance: Chance): string => String(chance.bytes(4).readUInt32BE() % 1_000_000).padStart(6, '0')

/** What is said of a code, and by which way it goes. */
const sent: Readonly<Partial<Record<Method, (account: Account, digits: string) => { by: string; to: string; text: string }>>> = {
  sms: ({ person }, digits) => ({ by: 'СМС', to: starredPhone(person.phone!), text: `Код для входа: ${digits}. Никому его не говорите.` }),
  email: ({ person }, digits) => ({ by: 'Письмо', to: starredEmail(person.email!), text: `Код для входа: ${digits}. Если вы не входите, смените пароль.` }),
  call: ({ person }, digits) => ({ by: 'Звонок', to: starredPhone(person.phone!), text: `Робот говорит: ваш код ${digits.split('').join(' ')}.` }),
  push: ({ person }) => ({ by: 'Приложение', to: person.firstName, text: 'Это вы входите? Ответьте в приложении.' }),
} // prettier-ignore

/** @param device the browser whose inbox shows what would have been sent */
export function challenge(
  { clock, chance, inbox }: Factors,
  account: Account,
  method: Method,
  device: string,
): Challenge {
  const now = clock.now()
  const digits = newDigits(chance)
  const message = sent[method]?.(account, digits)
  if (message) inbox.put(device, { at: now, ...message })
  const isSent = message !== undefined && method !== 'push'
  return { method, ...(isSent && { digits }), expiresAt: now + CODE_LIFETIME, triesLeft: TRIES }
}

const onlyDigits = (typed: string): string => typed.replace(/\s/g, '')

async function isRight(account: Account, { method, digits }: Challenge, typed: string, now: Instant): Promise<boolean> {
  const { totp, token, question } = account
  switch (method) {
    case 'totp': {
      const step = totp && acceptTotp(totp.secret, onlyDigits(typed), now, totp.lastStep)
      if (totp && step !== undefined) totp.lastStep = step
      return step !== undefined
    }
    case 'token': {
      const next = token && acceptHotp(token.secret, onlyDigits(typed), token.next)
      if (token && next !== undefined) token.next = next
      return next !== undefined
    }
    case 'question':
      return question !== undefined && isPassword(plainAnswer(typed), await question.answer)
    default:
      return digits !== undefined && onlyDigits(typed) === digits
  }
}

/** A right code is right once: whoever asked forgets the challenge. */
export async function judge(of: Factors, account: Account, asked: Challenge, typed: string): Promise<Verdict> {
  if (asked.expiresAt <= of.clock.now()) return 'expired'
  if (asked.method === 'push') {
    if (asked.push === 'denied') return 'denied'
    return asked.push === 'approved' ? 'right' : 'waiting'
  }
  if (asked.triesLeft <= 0) return 'wrong'
  asked.triesLeft -= 1
  return (await isRight(account, asked, typed, of.clock.now())) ? 'right' : 'wrong'
}
