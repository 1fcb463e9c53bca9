/** People whose every word can be told from any other, and a search for it in whatever writing. */
import { inflateRawSync } from 'node:zlib'
import { needles, type Needle } from './needles.js'
import { claimsOf } from './sign-in.js'

/** СНИЛС of the block that is not issued, check number included. */
function snils(last: number): string {
  const nine = String(900_000_000 + last)
  const sum = Array.from(nine, Number).reduce((total, digit, i) => total + digit * (9 - i), 0)
  return `${nine.slice(0, 3)}-${nine.slice(3, 6)}-${nine.slice(6)} ${String((sum % 101) % 100).padStart(2, '0')}`
}

const person = (key: string, at: number, firstName: string, level: 10 | 30 = 30) => ({
  key,
  about: 'чьё имя ни с чем не спутать',
  lastName: 'Ъюникова',
  firstName,
  middleName: 'Щукаревна',
  gender: 'F',
  birthDate: '1987-02-03',
  snils: snils(at),
  userId: `7755331${at}`,
  phone: `+7(987)65431${at}`,
  email: `yunikova-${key}@mail.example`,
  level,
  secondFactor: false,
})

export const parent = person('parent', 81, 'Ёжика')
export const teacher = person('teacher', 82, 'Жыгуля')
export const nobody = person('nobody', 83, 'Цапля')
export const beginner = person('beginner', 84, 'Фыва', 10)
export const everybody = [parent, teacher, nobody, beginner]
/** In the school's list only. */
export const CHILDREN = ['Ъюников Эхо Ыкович', 'Ъюникова Юла Ыковна']

const HEADER = 'Роль;Логин;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Класс;Код ребёнка;ФИО ребёнка;Класс ребёнка'
const row = (role: string, login: string, who: typeof parent, more: string): string =>
  [role, login, who.lastName, who.firstName, who.middleName, '03.02.1987', who.snils, more].join(';')
export const csv = [
  HEADER,
  row('родитель', 'p-8101', parent, `;c-1;${CHILDREN[0]!};5А`),
  row('родитель', 'p-8101', parent, `;c-2;${CHILDREN[1]!};7Б`),
  row('учитель', 't-8201', teacher, ';;;'),
  row('ученик', 'u-8401', beginner, '5А;;;'),
  '',
].join('\n')

const secrets: readonly Needle[] = needles([
  ...new Set(
    everybody.flatMap(({ lastName, firstName, middleName, snils: card, userId, phone, email }) => [
      lastName,
      firstName,
      middleName,
      card,
      card.replace(/\D/g, ''),
      card.slice(0, 11),
      userId,
      phone,
      phone.replace(/\D/g, ''),
      phone.replace(/\D/g, '').slice(1),
      email,
    ]),
  ),
  ...CHILDREN.flatMap(name => name.split(' ')),
  '1987-02-03',
  '03.02.1987',
])

/** Names of the secrets that stand in it, in whatever writing. */
export const found = (text: Buffer | string): string[] => {
  const octets = Buffer.from(text)
  return secrets.filter(({ octets: needle }) => octets.includes(needle)).map(({ name }) => name)
}

/** An address, and what its parameters carry. */
export function unpacked(url: string): string {
  const parts = [url, decodeURIComponent(url)]
  for (const [name, value] of new URL(url).searchParams) {
    if (name === 'token') parts.push(JSON.stringify(claimsOf(value)))
    if (name === 'SAMLRequest' || name === 'SAMLResponse')
      parts.push(inflateRawSync(Buffer.from(value, 'base64')).toString())
  }
  return parts.join('\n')
}
