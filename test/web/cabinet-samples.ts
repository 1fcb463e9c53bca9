/** Pages of the cabinet with values that are awkward on purpose. */
import type { RequestNumber } from '../../src/base/request-number.js'
import type { Cabinet } from '../../src/cabinet/cabinet.js'
import type { Consent } from '../../src/consent/consent.js'
import type { Link } from '../../src/identity/links.js'
import { cabinetPage } from '../../src/web/pages/cabinet.js'
import { moment } from '../../src/web/pages/number.js'
import {
  doneAndOutPage,
  endOthersPage,
  unlinkPage,
  unlockPage,
  withdrawPage,
} from '../../src/web/pages/cabinet-questions.js'
import type { SignedIn } from '../../src/web/pages/layout.js'

const DAY = 86_400_000
const CHROME =
  'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36'

export function cabinetSamples(signedIn: SignedIn, number: string, at: number): readonly (readonly [string, string])[] {
  const support = { email: 'help@bridge.example' }
  const frame = { signedIn, token: 'T-0', support }
  const link = (id: string, ended?: Link['ended']): Link => ({
    ...{ id, accountId: `a-${id}`, journal: 'sgo', school: 'school-7', ground: 'snils', since: at - 90 * DAY },
    ...{ listed: { firstName: 'Анна-Мария' }, ...(ended && { ended }) },
  })
  const account = {
    id: 'a-1',
    journal: 'sgo',
    school: 'school-7',
    login: 'yozhikova-d-artanyan-am',
    role: 'parent' as const,
  }
  const details = {
    name: '',
    login: '',
    address: '',
    device: '',
    child: { id: '1', name: 'Ёжиков-Д’Артаньян Константин' },
  }
  const consent = (change: Partial<Consent>): Consent => ({
    ...{
      id: 'c1',
      person: 'p',
      subject: 's',
      choice: 'c',
      accountId: 'a-1',
      school: 'school-7',
      journal: 'sgo',
      role: 'parent',
    },
    ...{
      version: '2026-09',
      hash: 'h',
      rule: 'representative',
      level: 'confirmed',
      number: number as RequestNumber,
      at,
    },
    ...change,
  })
  const happened = {
    at,
    result: 'ok' as const,
    number: number as RequestNumber,
    address: '2001:db8:85a3:1:2:8a2e:370:7334',
  }
  const cabinet: Cabinet = {
    accounts: {
      open: [
        {
          account,
          children: [
            { id: '1', name: 'Ёжиков-Д’Артаньян Константин', className: '5А' },
            { id: '2', name: 'Ёжикова-Д’Артаньян София' },
          ],
          link: link('1'),
        },
        { account: { ...account, id: 'a-2', journal: 'diary', role: 'class-teacher', className: '7Б' }, children: [] },
      ],
      shut: [
        { journal: 'forum', school: 'school-7', why: 'identity.snils-changed', link: link('2') },
        { journal: 'cas', why: 'identity.level' },
      ],
      ended: [
        { link: link('3', { at: at - DAY, by: 'person' }), undoUntil: at + 29 * DAY },
        { link: link('4', { at: at - 60 * DAY, by: 'school' }) },
      ],
    },
    requests: [
      {
        id: 'r1',
        number: number as RequestNumber,
        kind: 'held',
        school: 'school-7',
        journal: 'sgo',
        accountIds: ['a-9'],
        person: {},
        at,
      },
      {
        ...{ id: 'r2', number: number as RequestNumber, kind: 'ambiguous', school: 'school-7', journal: 'sgo' },
        ...{ accountIds: ['a-9'], person: {}, at, decided: { granted: true, at, by: 'x', reason: 'x' } },
      },
    ],
    consents: [consent({ details }), consent({ ended: { at, how: 'withdrawn' } })],
    sessions: [
      { id: 's1', current: true, open: true, openedAt: at, journals: [], address: '203.0.113.7', device: CHROME },
      { id: 's2', current: false, open: true, openedAt: at - DAY, journals: ['sgo', 'diary'], device: 'curl/8 <b>&"' },
      { id: 's3', current: false, open: false, openedAt: at - DAY, journals: ['sgo'], address: happened.address },
    ],
    devices: [
      { id: 'd1', name: CHROME, since: at - DAY, trustedUntil: at + 89 * DAY },
      { id: 'd2', name: 'curl/8 <b>&"', since: at - DAY, trustedUntil: at + DAY },
    ],
    notices: { offered: ['devices', 'accounts', 'consents', 'unusual'], off: ['accounts'], reachable: true },
    history: [
      {
        ...happened,
        what: 'journal.entered',
        journal: 'sgo',
        device: CHROME,
        facts: { released: 'login role school child' },
      },
      { ...happened, what: 'login.verified', device: CHROME },
      { ...happened, what: 'login.refused', result: 'refused', code: 'identity.level' },
      { ...happened, what: 'journal.entered', journal: 'diary' },
      { ...happened, what: 'session.closed', facts: { why: 'cabinet' } },
    ],
  }
  const titles = {
    school: () => 'МБОУ «Средняя школа № 7» г. Светлогорска',
    journal: (id: string) => ({ sgo: 'Сетевой Город', diary: 'Дневник начальной школы' })[id] ?? 'Школьный форум',
    open: (journal: string) => (journal === 'diary' ? undefined : `/login?journal=${journal}`),
  }
  const nothing: Cabinet = {
    accounts: { open: [], shut: [], ended: [] },
    requests: [],
    consents: [],
    sessions: [],
    devices: [],
    notices: { offered: ['devices'], off: [], reachable: false },
    history: [],
  }
  const asked = { ...frame, id: 'link-1', journal: 'Сетевой Город', school: titles.school() }
  return [
    ['cabinet', cabinetPage({ ...frame, cabinet, titles, done: 'unlinked' })],
    ['cabinet-nothing', cabinetPage({ ...frame, cabinet: nothing, titles, english: true })],
    ['cabinet-unlink', unlinkPage(asked)],
    ['cabinet-unlink-again', unlinkPage({ ...asked, signInAgain: '/login?me=unlink&id=link-1&force=1' })],
    ['cabinet-unlink-confirm', unlinkPage({ ...asked, confirmFirst: '/me/confirm?about=unlink&id=link-1' })],
    ['cabinet-end-others', endOthersPage(frame)],
    ['cabinet-unlock', unlockPage({ ...frame, until: moment(at) })],
    ['cabinet-unlock-confirm', unlockPage({ ...frame, until: moment(at), confirmFirst: '/me/confirm?about=unlock' })],
    ['cabinet-out', doneAndOutPage({ done: 'unlinked', support })],
    ['cabinet-withdraw', withdrawPage(asked)],
  ]
}
