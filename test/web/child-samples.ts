/** Pages about adding a child with values that are awkward on purpose. */
import { askedPage, childPage } from '../../src/web/pages/child.js'
import type { SignedIn } from '../../src/web/pages/layout.js'

export function childSamples(signedIn: SignedIn, number: string): readonly (readonly [string, string])[] {
  const onward = { journal: 'sgo', state: '"><s>' }
  const frame = { signedIn, token: 'T-0', onward, support: { email: 'help@bridge.example' } }
  const school = 'МБОУ «Средняя общеобразовательная школа № 7 с углублённым изучением предметов» г. Светлогорска'
  const places = [
    { value: 'school-1 sgo', school, journal: 'Сетевой Город' },
    { value: 'school-2 sgo', school: 'Лицей № 2', journal: 'Сетевой Город' },
  ]
  const oldLogins = [{ title: 'Сетевой Город', onward }]
  const typed = { place: 'school-2 sgo', lastName: 'Ёжикова-Д’Артаньян', firstName: '"<b>', className: '5А' }
  return [
    ['child', childPage({ ...frame, places, oldLogins })],
    ['child-wrong', childPage({ ...frame, places, oldLogins: [], typed, wrong: 'firstName' })],
    ['child-english', childPage({ ...frame, places, oldLogins, english: true })],
    ['child-search', childPage({ ...frame, places: [], oldLogins, search: { query: '', found: 0 } })],
    ['child-found', childPage({ ...frame, places, oldLogins, search: { query: 'светлогорск', found: 2 } })],
    ['child-asked', askedPage({ ...frame, number, journal: 'Сетевой Город', school })],
  ]
}
