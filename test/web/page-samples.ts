/** One example of every page, with values that are awkward on purpose. */
import { refusals, type RefusalCode } from '../../src/base/refusals.js'
import { submitScript } from '../../src/web/assets/assets.js'
import { choosePage } from '../../src/web/pages/choose.js'
import { chooseIdpPage } from '../../src/web/pages/choose-idp.js'
import { consentPage, type ConsentPage } from '../../src/web/pages/consent.js'
import { landingPage, schoolPage, type LandingPage } from '../../src/web/pages/landing.js'
import type { SignedIn } from '../../src/web/pages/layout.js'
import { busyPage, failurePage, refusalPage, unavailablePage, type RefusalPage } from '../../src/web/pages/refusal.js'
import type { SchoolDoors } from '../../src/web/pages/school-list.js'
import { selfTestPage } from '../../src/web/pages/self-test.js'
import { openJournalPage } from '../../src/web/pages/open-journal.js'
import { farewellPage, passOnPage } from '../../src/web/pages/farewell.js'
import { continueLoginPage, logoutPage, signedInPage } from '../../src/web/pages/session-pages.js'
import { queueSamples } from './queue-samples.js'
import { cabinetSamples } from './cabinet-samples.js'
import { childSamples } from './child-samples.js'
import { codeSamples } from './code-samples.js'
import { confirmSamples } from './confirm-samples.js'
import { createSamples } from './create-samples.js'
import { oldLoginSamples } from './old-login-samples.js'

export const NUMBER = 'D7FW-2NQ9'
export const AT = Date.UTC(2026, 10, 24, 13, 40)
const support = { phone: '+7 (8152) 55-01-02, доб. 14', email: 'dnevnik@school-7.example', hours: 'пн–пт 9:00–17:00' }

export const signedIn: SignedIn = {
  name: 'Ёжикова-Д’Артаньян Анна-Мария Александровна',
  notYou: { action: '/logout', token: 'T-0', fields: { journal: 'sgo' } },
}

const school = (n: number, journals = 1): SchoolDoors => ({
  code: `школа-${n}`,
  title: `МБОУ «Средняя школа № ${n}» г. Светлогорска`,
  journals: Array.from({ length: journals }, (_, i) => ({
    id: `j${i}`,
    title: i === 0 ? 'Сетевой Город' : 'Дневник начальной школы',
    loginUrl: `/login?journal=j${i}&school=school-${n}`,
  })),
})

const addresses = { ours: 'vhod.school.example', next: ['esia.gosuslugi.ru'] }
const schools = (count: number): readonly SchoolDoors[] =>
  Array.from({ length: count }, (_, i) => school(i + 1, 1 + (i % 2)))
const landing = (part: Partial<LandingPage>): string =>
  landingPage({ schools: schools(1), addresses, support, ...part })

export const refusalSample = (code: RefusalCode, part: Partial<RefusalPage> = {}): string =>
  refusalPage({
    code,
    number: NUMBER,
    at: AT,
    school: { title: school(7).title, support },
    journal: 'Сетевой Город',
    startAgain: '/login?journal=sgo',
    signedIn,
    support: { email: 'help@bridge.example' },
    ...part,
  })

export const codes = Object.keys(refusals) as readonly RefusalCode[]

const ends = { idleMinutes: 15, at: AT + 8 * 3_600_000 }

const choices = [
  { id: 'c1', title: 'Ёжиков Пётр', subtitle: '5А · Школа № 1 · родитель' },
  { id: 'c2', title: 'Ёжикова София', subtitle: '2Б · Школа № 12 · родитель' },
  { id: 'c3', title: 'Учитель', subtitle: 'Школа № 1' },
]

const selfTest = (): string =>
  selfTestPage({
    signedIn,
    number: NUMBER,
    at: AT,
    checks: [
      { check: 'signature', result: 'pass', found: 'rsa-sha256' },
      {
        check: 'audience',
        result: 'fail',
        expected: 'https://vhod.school.example/saml/metadata',
        found: 'https://other.example',
      },
      { check: 'encryption', result: 'not-checked', why: 'The assertion is not encrypted.' },
    ],
    nameId: {
      value: '_f0e1d2c3b4a5968778695a4b3c2d1e0f',
      format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
    },
    attributes: [
      { name: 'urn:esia:personSNILS', friendlyName: 'personSNILS', values: ['112-233-445 95'] },
      { name: 'urn:esia:memberOfGroups', values: ['Учителя', 'Администраторы'] },
      { name: 'urn:esia:personEMail', values: [] },
    ],
    person: [
      { label: 'Имя', value: signedIn.name },
      { label: 'СНИЛС', value: '112-233-445 95' },
    ],
    decision: [{ journal: 'Сетевой Город', lines: ['Нашлись две учётные записи: появится страница выбора.'] }],
  })

const consent = (part: Partial<ConsentPage>): string =>
  consentPage({
    signedIn,
    support,
    action: '/continue/L',
    token: 'T-0',
    text: {
      version: '2026-09',
      hash: 'a'.repeat(64),
      whole:
        '# Зачем\n\nВход в журнал.\n\n# Какие данные\n- СНИЛС\n- имя\n\n# Текст согласия\n\nСогласен:\n1. раз\n2. два <b>',
    },
    choice: 'c1',
    journalTitle: 'Сетевой Город',
    schoolTitle: school(7).title,
    role: 'parent',
    forChild: false,
    ...part,
  })

const banners = [
  { title: 'Госуслуги', trouble: 'errors' },
  { title: 'Вход Светлогорской области', trouble: 'silent' },
] as const

/** Name of the page → the page. */
export const samples: ReadonlyMap<string, string> = new Map([
  ['landing-one', landing({ selfTest: '/self-test' })],
  ['landing-two-journals', landing({ schools: [school(1, 2)] })],
  ['landing-few', landing({ schools: schools(3) })],
  ['landing-many', landing({ schools: schools(60) })],
  ['landing-found', landing({ schools: schools(60), query: 'школа 12' })],
  ['landing-nothing-found', landing({ schools: schools(60), query: 'гимназия' })],
  ['landing-empty', landing({ schools: [], addresses: { ours: 'localhost:8080', next: [] }, support: undefined })],
  ['landing-banner', landing({ banners })],
  ['school-banners', schoolPage({ school: { ...school(7), support }, addresses, support, banners })],
  ['school', schoolPage({ school: { ...school(7), support }, addresses, support, selfTest: '/self-test' })],
  ['school-two-journals', schoolPage({ school: { ...school(7, 2), support: {} }, addresses })],
  ['lock-person', refusalSample('lock.person', { until: AT + 3_600_000, unlock: '/me/unlock', banners })],
  ['lock-network-english', refusalSample('lock.network', { until: AT + 3_600_000, english: true, signedIn: undefined })],
  [
    'choose-idp',
    chooseIdpPage({
      journalTitle: 'Сетевой Город',
      support,
      idps: [
        { title: 'Госуслуги', host: 'esia.gosuslugi.example', url: '/login?journal=sgo&idp=a', before: false },
        { title: 'Вход Светлогорской области', host: 'vhod.svetlogorsk.example', url: '/login?journal=sgo&idp=b', before: true },
      ],
    }),
  ],
  ['choose', choosePage({ signedIn, journalTitle: 'Сетевой Город', action: '/continue/L', token: 'T-0', choices, support, number: NUMBER })],
  ...queueSamples({ signedIn, support }),
  ['consent', consent({ child: 'Ёжиков-Д’Артаньян Пётр', forChild: true })],
  ['consent-unticked', consent({ why: 'unticked' })],
  ['consent-new-text', consent({ why: 'new-text', english: true })],
  ['signed-in', signedInPage({ signedIn, token: 'T-0', ends, journals: [{ title: 'Сетевой Город', school: 'Школа № 1', loginUrl: '/login?journal=sgo' }, { title: 'Дневник', loginUrl: '/login?journal=d' }] })],
  ['signed-in-no-journal', signedInPage({ signedIn, token: 'T-0', ends, journals: [], selfTest: '/self-test' })],
  ...cabinetSamples(signedIn, NUMBER, AT),
  ...codeSamples(signedIn, NUMBER),
  ...confirmSamples(signedIn, NUMBER),
  ...oldLoginSamples(signedIn, NUMBER),
  ...createSamples(signedIn),
  ...childSamples(signedIn, NUMBER),
  ['logout', logoutPage({ signedIn, token: 'T-0' })],
  ['logout-english', logoutPage({ signedIn, token: 'T-0', english: true })],
  ['logout-already', logoutPage({})],
  ['farewell-english', farewellPage({ idpDone: false, journals: [{ title: 'Дневник', state: 'never' }], english: true })],
  ['farewell', farewellPage({ idpDone: true, journals: [{ title: 'Сетевой Город', state: 'told' }] })],
  ['farewell-back', farewellPage({ idpDone: true, journals: [], back: 'https://sgo.example/diary/' })],
  ['farewell-partial', farewellPage({ idpDone: 'partial', journals: [{ title: 'Дневник', state: 'later', url: 'https://diary.example' }, { title: 'Сетевой Город', state: 'told' }] })],
  ['farewell-unconfirmed', farewellPage({ idpDone: false, journals: [{ title: 'Сетевой Город', state: 'never', url: 'https://sgo.example' }, { title: 'Дневник', state: 'never' }] })],
  ['pass-on', passOnPage({ to: 'https://esia.gosuslugi.example/slo', fields: { SAMLRequest: 'PHg+', RelayState: 'r' }, script: submitScript.href, support })],
  ['open-journal', openJournalPage({ journalTitle: 'Сетевой Город', to: 'https://sgo.school.example/sso', fields: { token: 'ey.J.x' }, script: submitScript.href, support })],
  ['continue-login', continueLoginPage({ continueUrl: '/login?journal=sgo', journal: 'Сетевой Город' })],
  ['self-test', selfTest()],
  ['failure', failurePage({ number: NUMBER, at: AT, support })],
  ['busy', busyPage({ number: NUMBER, at: AT, again: true })],
  ['busy-post', busyPage({ number: NUMBER, at: AT, support, again: false, english: true })],
  ['unavailable', unavailablePage({ number: NUMBER, at: AT })],
  ['refusal-not-linked', refusalSample('identity.not-linked', { snilsMasked: '***-***-*45 95' })],
  ['refusal-not-linked-ways', refusalSample('identity.not-linked', { snilsMasked: '***-***-*45 95', ways: { code: '/me/code?journal=sgo', oldLogin: '/me/old-login?journal=sgo', child: '/me/child?journal=sgo', create: '/me/create?journal=sgo' } })],
  ['refusal-level', refusalSample('identity.level')],
  ['refusal-signature', refusalSample('saml.altered', { signedIn: undefined })],
  ['refusal-bookmark', refusalSample('login.unknown', { signedIn: undefined, bookmark: { title: school(7).title, url: 'https://vhod.school.example/s/school-7' } })],
  ['refusal-clocks', refusalSample('saml.not-yet-valid', { signedIn: undefined, clocks: 'Часы Госуслуг и этого сайта расходятся на 4 мин.' })],
  ['refusal-loop', refusalSample('login.loop', { signedIn: undefined })],
  ['refusal-stranger', refusalSample('request.not-found', { school: undefined, signedIn: undefined, startAgain: undefined, support: undefined })],
]) // prettier-ignore

export function sample(name: string): string {
  const text = samples.get(name)
  if (text === undefined) throw new RangeError(`no sample is called ${name}`)
  return text
}
