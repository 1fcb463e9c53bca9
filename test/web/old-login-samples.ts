/** Pages about old logins with values that are awkward on purpose. */
import { boundPage } from '../../src/web/pages/code.js'
import type { SignedIn } from '../../src/web/pages/layout.js'
import { oldLoginPage, provenPage } from '../../src/web/pages/old-login.js'

export function oldLoginSamples(signedIn: SignedIn, number: string): readonly (readonly [string, string])[] {
  const onward = { journal: 'sgo', return: 'https://sgo.school.example/diary/?a=1&b=2', state: '"><s>' }
  const frame = { signedIn, token: 'T-0', journal: 'Сетевой Город', onward, support: { email: 'help@bridge.example' } }
  const schools = [
    { code: 'school-1', title: 'МБОУ «Средняя школа № 7» г. Светлогорска' },
    { code: 'school-2', title: 'Лицей № 2' },
  ]
  const [school] = schools.map(({ title }) => title)
  const parent = {
    ...({ holder: 'Анна-Мария Ё.', role: 'parent', otherName: false } as const),
    children: [{ name: 'Пётр Ё.', className: '5А' }, { name: 'Александра-Виктория-Елизавета Д.' }],
  }
  const teacher = { ...parent, role: 'teacher' as const, children: [] }
  const accounts = [parent, teacher].map((account, i) => ({ account, proven: `account-${i}.1795507200000.seal` }))
  const problem = 'Журнал ответил, что такой пары логина и пароля у него нет. Проверьте раскладку клавиатуры и школу.'
  return [
    ['old-login', oldLoginPage({ ...frame, schools })],
    ['old-login-one-school', oldLoginPage({ ...frame, schools: schools.slice(0, 1) })],
    ['old-login-wrong', oldLoginPage({ ...frame, schools, typed: 'p-1001"<', problem, number })],
    ['old-login-english', oldLoginPage({ ...frame, schools, english: true })],
    ['old-login-search', oldLoginPage({ ...frame, schools: [], search: { query: 'школа', found: 812 } })],
    ['old-login-whose', provenPage({ ...frame, school: school!, accounts: accounts.slice(0, 1) })],
    ['old-login-whose-roles', provenPage({ ...frame, school: school!, accounts })],
    ['old-login-bound', boundPage({ ...frame, by: 'old-login', loginUrl: '/login?journal=sgo' })],
  ]
}
