/** Passwords: what is kept of them (scrypt, RFC 7914), and which ones are good enough. */
import { scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import type { Chance } from '../../base/chance.js'

/** scrypt's parameters: N (a power of two), r and p. A check needs 128 * N * r octets of memory. */
export interface PasswordCost {
  readonly n: number
  readonly r: number
  readonly p: number
}

/** As OWASP advises for 32 MiB of memory. Raise it here: whoever signs in next is hashed anew. */
export const strongCost: PasswordCost = { n: 2 ** 15, r: 8, p: 3 }

const SALT = 16
const LENGTH = 32

/** `scrypt$32768$8$3$SALT$HASH`, salt and hash in base64url: its own parameters stand with every hash. */
export type PasswordHash = string

function derive(password: string, salt: Buffer, { n, r, p }: PasswordCost): Promise<Buffer> {
  const options: ScryptOptions = { N: n, r, p, maxmem: 256 * n * r }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, LENGTH, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

export async function hashPassword(password: string, cost: PasswordCost, chance: Chance): Promise<PasswordHash> {
  const salt = chance.bytes(SALT)
  const hash = await derive(password, salt, cost)
  return ['scrypt', cost.n, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** @throws Error when the text is no hash of ours */
export function costOf(hash: PasswordHash): PasswordCost {
  const [name, n, r, p] = hash.split('$')
  if (name !== 'scrypt') throw new Error('this is not a hash of a password')
  return { n: Number(n), r: Number(r), p: Number(p) }
}

export async function isPassword(password: string, hash: PasswordHash): Promise<boolean> {
  const [, , , , salt = '', kept = ''] = hash.split('$')
  const derived = await derive(password, Buffer.from(salt, 'base64url'), costOf(hash))
  return timingSafeEqual(derived, Buffer.from(kept, 'base64url'))
}

/** Made with less work than is asked for today. */
export function isOutdated(hash: PasswordHash, today: PasswordCost): boolean {
  const { n, r, p } = costOf(hash)
  return n * r * p < today.n * today.r * today.p
}

export const LEAST_LENGTH = 8
const LARGEST_LENGTH = 128
const KNOWN_TO_ALL = ['password', 'parol', 'пароль', 'qwerty', 'йцукен', '12345678', 'gosuslugi', 'госуслуги']

export const PASSWORD_RULES =
  'Не короче восьми знаков, с буквами и цифрами, не из вашего телефона, почты или имени и не из тех, что пробуют первыми.'

/**
 * @param own words of the person: names, telephone, e-mail
 * @returns what is wrong, one sentence each; nothing when the password may be taken
 */
export function passwordFaults(password: string, own: readonly (string | undefined)[]): readonly string[] {
  const small = password.toLowerCase()
  const holds = (word: string): boolean => word.length >= 4 && small.includes(word)
  const words = own.flatMap(word => (word ?? '').toLowerCase().split(/[@.]/)).map(word => word.replace(/[()+\s-]/g, ''))
  const checks: readonly (readonly [boolean, string])[] = [
    [Array.from(password).length < LEAST_LENGTH, 'Пароль короче восьми знаков.'],
    [password.length > LARGEST_LENGTH, 'Пароль длиннее 128 знаков.'],
    [!/\p{L}/u.test(password) || !/\d/.test(password), 'В пароле нужны и буквы, и цифры.'],
    [words.some(holds), 'В пароле ваше имя, телефон или почта: их угадают первыми.'],
    [KNOWN_TO_ALL.some(word => small.includes(word)), 'Такой пароль пробуют первым. Придумайте другой.'],
    [/^(.)\1*$/u.test(password), 'Пароль из одного знака.'],
  ]
  return checks.filter(([wrong]) => wrong).map(([, sentence]) => sentence)
}
