/** A new account: what is asked, what is wrong with it, and what level it begins with. Without HTTP. */
import { z } from 'zod'
import { parseSnils, printSnils } from '../../words/snils.js'
import { remember, type Account } from '../accounts/account.js'
import { hashPassword, passwordFaults, type PasswordHash } from '../accounts/passwords.js'
import type { Idp } from '../idp.js'
import type { TestPerson } from '../people.js'
import { WrongInput } from '../wrong-input.js'
import { INVENTED_PHONE, isInvented } from './invented.js'

const NAME = /^[\p{Script=Cyrillic}][\p{Script=Cyrillic}' -]{0,49}$/u
const YOUNGEST = 14

export interface Form {
  readonly lastName: string
  readonly firstName: string
  readonly middleName: string
  readonly gender: string
  readonly birthDate: string
  readonly phone: string
  readonly snils: string
  readonly password: string
}

export interface Draft {
  readonly person: Omit<TestPerson, 'key' | 'userId'>
  readonly password: PasswordHash
}

const barePhone = (text: string): string => text.replace(/[\s()-]/g, '')

/** `+7(000)0000042`, as the file of people writes it. */
const writtenPhone = (text: string): string => `+7(000)${barePhone(text).slice(-7)}`

function yearsSince(birthDate: string, now: number): number {
  const [today, born] = [new Date(now), new Date(birthDate)]
  const had = [today.getUTCMonth(), today.getUTCDate()] >= [born.getUTCMonth(), born.getUTCDate()]
  return today.getUTCFullYear() - born.getUTCFullYear() - (had ? 0 : 1)
}

function formFaults(idp: Idp, form: Form): readonly string[] {
  const { lastName, firstName, middleName, birthDate, phone, snils } = form
  const number = snils === '' ? undefined : parseSnils(snils)
  const known = (login: string): boolean => idp.accounts.find(login) !== undefined
  const dated = z.iso.date().safeParse(birthDate).success
  const checks: readonly (readonly [boolean, string])[] = [
    [![lastName, firstName].every(name => NAME.test(name)), 'Имя и фамилия пишутся русскими буквами.'],
    [middleName !== '' && !NAME.test(middleName), 'Отчество пишется русскими буквами.'],
    [!dated, 'Укажите дату рождения.'],
    [dated && yearsSince(birthDate, idp.clock.now()) < YOUNGEST, 'Самому можно зарегистрироваться с 14 лет.'],
    [dated && yearsSince(birthDate, idp.clock.now()) > 120, 'Проверьте год рождения.'],
    [!INVENTED_PHONE.test(barePhone(phone)), 'Стенд принимает только вымышленный телефон: +7 000 и семь цифр.'],
    [known(phone), 'С этим телефоном уже зарегистрировались. Войдите или восстановите пароль.'],
    [snils !== '' && number === undefined, 'В СНИЛС ошибка: одиннадцать цифр, последние две проверочные.'],
    [number !== undefined && !isInvented(number), 'Стенд принимает только вымышленный СНИЛС: 900-000-…'],
    [number !== undefined && known(number), 'С этим СНИЛС уже зарегистрировались.'],
  ]
  return checks.filter(([wrong]) => wrong).map(([, sentence]) => sentence)
}

/** @throws WrongInput that lists everything that is wrong */
export async function draftOf(idp: Idp, form: Form): Promise<Draft> {
  const { lastName, firstName, middleName, birthDate, phone, password } = form
  const faults = [...formFaults(idp, form), ...passwordFaults(password, [lastName, firstName, phone])]
  if (faults.length > 0) throw new WrongInput(faults.join(' '))
  const snils = form.snils === '' ? undefined : parseSnils(form.snils)
  return {
    person: {
      about: 'зарегистрирован на стенде',
      ...{ lastName, firstName, birthDate, phone: writtenPhone(phone), gender: form.gender === 'M' ? 'M' : 'F' },
      ...(middleName !== '' && { middleName }),
      ...(snils !== undefined && { snils: printSnils(snils) }),
      // with a СНИЛС the played registers have checked name and number: стандартная
      level: snils === undefined ? 10 : 20,
      secondFactor: true,
      organisations: [],
    },
    password: await hashPassword(password, idp.passwordCost, idp.chance),
  }
}

/** The telephone has answered: the account is there. @throws WrongInput when somebody was faster */
export function register(idp: Idp, { person, password }: Draft, device: string): Account {
  const { phone = '', snils } = person
  if (idp.accounts.find(phone) || (snils !== undefined && idp.accounts.find(snils)))
    throw new WrongInput('С этим телефоном или СНИЛС только что зарегистрировались.')
  const id = idp.chance.bytes(4).readUInt32BE()
  const whole = { ...person, key: `registered-${id}`, userId: `2${String(id).padStart(10, '0')}` }
  const account = idp.accounts.add(whole, password, { cost: idp.passwordCost, chance: idp.chance })
  remember(account, idp.clock.now(), 'Учётная запись создана', device)
  return account
}
