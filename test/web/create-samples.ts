/** Pages about an account that is to be made, with values that are awkward on purpose. */
import { boundPage } from '../../src/web/pages/code.js'
import { chooseNewPage, createPage } from '../../src/web/pages/create.js'
import type { SignedIn } from '../../src/web/pages/layout.js'

export function createSamples(signedIn: SignedIn): readonly (readonly [string, string])[] {
  const onward = { journal: 'sgo', return: 'https://sgo.school.example/diary/?a=1&b=2', state: '"><s>' }
  const frame = { signedIn, token: 'T-0', journal: 'Сетевой Город', onward, support: { email: 'help@bridge.example' } }
  const school = { code: 'school-1', title: 'МБОУ «Средняя школа № 7» г. Светлогорска' }
  const parent = { school, role: 'parent' } as const
  const released = {
    ...{ school: 'school-1', role: 'parent', lastName: 'Ёлкина-<Заречная>', firstName: 'Анна-Мария' },
    ...{ middleName: 'Константиновна', birthDate: '1987-02-03', email: 'anna-maria.elkina-zarechnaya@mail.example' },
  }
  const shown = Object.keys(released).join(' ')
  const form = { ...frame, ...parent, released, shown }
  const offers = [
    parent,
    { school, role: 'teacher' },
    { school: { code: 's-2', title: 'Лицей № 2' }, role: 'parent' },
  ] as const
  return [
    ['create-choose', chooseNewPage({ ...frame, offers })],
    ['create-search', chooseNewPage({ ...frame, offers: [], search: { query: '', found: 0 } })],
    ['create', createPage(form)],
    ['create-unticked', createPage({ ...form, why: 'unticked' })],
    ['create-changed-english', createPage({ ...form, why: 'changed', english: true })],
    ['create-done', boundPage({ ...frame, by: 'created', loginUrl: '/login?journal=sgo' })],
  ]
}
