/** What a person changes about their own security. Without HTTP. */
import { hashAnswer, methods, remember, type Account, type Method } from '../accounts/account.js'
import { methodsOf } from '../accounts/factors.js'
import { acceptTotp } from '../accounts/one-time-password.js'
import { hashPassword, isPassword, passwordFaults } from '../accounts/passwords.js'
import { endSessionsOf, type Idp } from '../idp.js'
import { doorOf } from '../sign-in.js'
import { WrongInput, WRONG_CODE } from '../wrong-input.js'

export const ownWords = ({ person }: Account): readonly (string | undefined)[] => [
  person.lastName,
  person.firstName,
  person.phone,
  person.email,
]

export function setMethod(idp: Idp, account: Account, wanted: string, device: string): void {
  const method: Method | 'none' | undefined =
    wanted === 'none' ? 'none' : methods.find(one => one === wanted && methodsOf(account).includes(one))
  if (method === undefined) throw new WrongInput('Такого способа у вас нет.')
  account.method = method
  remember(account, idp.clock.now(), 'Изменено подтверждение входа', device)
}

/** @param secret as it was shown; it counts only once its first code is right */
export function enrolTotp(idp: Idp, account: Account, secret: Buffer, code: string, device: string): void {
  const step = acceptTotp(secret, code.replace(/\s/g, ''), idp.clock.now(), -1)
  if (step === undefined) throw new WrongInput(WRONG_CODE)
  account.totp = { secret, lastStep: step }
  account.method = 'totp'
  remember(account, idp.clock.now(), 'Подключено приложение-генератор кодов', device)
}

export async function setQuestion(idp: Idp, account: Account, text: string, answer: string): Promise<void> {
  if (text.trim().length < 5 || answer.trim().length < 3) throw new WrongInput('Вопрос или ответ слишком короткий.')
  const making = { cost: idp.passwordCost, chance: idp.chance }
  account.question = { text: text.trim().slice(0, 200), answer: await hashAnswer(answer, making) }
}

/** @param but session that stays open @throws WrongInput when the old one is wrong or the new one is bad */
export async function changePassword(
  idp: Idp,
  account: Account,
  given: { readonly old: string; readonly wanted: string },
  where: { readonly device: string; readonly but: string },
): Promise<void> {
  const door = doorOf(account, '')
  if (idp.locks.until(door) !== undefined) throw new WrongInput('Слишком много неверных паролей. Подождите 15 минут.')
  idp.locks.wrong(door)
  if (!(await isPassword(given.old, await account.password))) throw new WrongInput('Нынешний пароль неверен.')
  idp.locks.open(door)
  await takePassword(idp, account, given.wanted)
  remember(account, idp.clock.now(), 'Пароль изменён', where.device)
  endSessionsOf(idp, account, where.but)
}

/** A new password throws browsers out of trust. @throws WrongInput */
export async function takePassword(idp: Idp, account: Account, wanted: string): Promise<void> {
  const faults = passwordFaults(wanted, ownWords(account))
  if (faults.length > 0) throw new WrongInput(faults.join(' '))
  account.password = await hashPassword(wanted, idp.passwordCost, idp.chance)
  for (const device of account.devices) delete device.trustedUntil
}

export function forgetDevice(account: Account, id: string): void {
  const at = account.devices.findIndex(device => device.id === id)
  if (at >= 0) account.devices.splice(at, 1)
}
