/** Examples of the pages of a school's queue. */
import type { RequestNumber } from '../../src/base/request-number.js'
import type { LinkedPerson } from '../../src/identity/links.js'
import type { SchoolRequest } from '../../src/identity/requests.js'
import type { AskedAccount, Question } from '../../src/queue/question.js'
import { parseSnils } from '../../src/words/snils.js'
import { questionPage, type QuestionPage } from '../../src/web/pages/question.js'
import type { ShownAnomaly } from '../../src/web/pages/school-anomalies.js'
import { queuePage, type QueueFrame } from '../../src/web/pages/queue.js'

type Around = Pick<QueueFrame, 'signedIn' | 'support'>

const AT = Date.UTC(2026, 10, 24, 13, 40)

const account = (id: string, login: string, change: Partial<AskedAccount> = {}): AskedAccount => ({
  id,
  entry: {
    ...{ accountId: id, journal: 'sgo', school: 'school-7', login, role: 'parent' },
    person: { lastName: 'Ёжикова-Д’Артаньян', firstName: 'Анна-Мария', birthDate: '1990-01-31' },
    children: [{ id: 'c', name: 'Ёжиков-Д’Артаньян Пётр' }],
  },
  holders: [],
  ...change,
})

const request: SchoolRequest = {
  ...{ id: 'R-1', kind: 'held', school: 'school-7', journal: 'sgo', at: AT, accountIds: ['a-1', 'a-2', 'a-3'] },
  number: 'D7FW-2NQ9' as RequestNumber,
  person: { lastName: 'Ёжикова', firstName: 'Анна', birthDate: '1990-01-31', snils: parseSnils('900-000-007 88')! },
}

const holder: LinkedPerson = {
  ...{ id: 'l', accountId: 'a-2', journal: 'sgo', school: 'school-7', ground: 'snils', since: AT },
  ...{ listed: { firstName: 'Пётр' }, lastName: 'Сидоров', firstName: 'Пётр' },
}

const question: Question = {
  request,
  accounts: [
    account('a-1', 'p-1001'),
    account('a-2', 'ochen.dlinnyi.login-bez-probelov-roditelya-2', { holders: [holder] }),
    { id: 'a-3', holders: [] },
  ],
}
const decided = { granted: true, at: AT, by: 'x', reason: 'показала паспорт <b>' }

const seen = { first: AT - 3_600_000, last: AT, number: 'D7FW-2NQ9', own: false, acknowledged: false }
const unusual: readonly ShownAnomaly[] = [
  {
    ...{ ...seen, id: 'A-1', accounts: ['p-1001, родитель'], lockedUntil: AT + 3_600_000 },
    what: 'один человек вошёл из двух мест, между которыми так быстро не доехать (7360 км)',
  },
  {
    ...seen,
    id: 'A-2',
    accounts: ['t-3001, учитель', 't-3001, классный руководитель, 5А'],
    what: 'один человек вошёл с многих устройств (9)',
  },
  {
    ...seen,
    id: 'A-3',
    accounts: [],
    acknowledged: true,
    what: 'один человек много раз ошибся в кодах и паролях (20)',
  },
  {
    ...seen,
    id: 'A-4',
    accounts: ['a-4001, администратор школы'],
    own: true,
    what: 'один человек вошёл с многих устройств (8)',
  },
]

export function queueSamples(around: Around): [string, string][] {
  const frame: QueueFrame = {
    ...around,
    token: 'T-0',
    journalTitle: () => 'Сетевой Город',
    schoolTitle: () => 'Школа № 7',
  }
  const list = { schools: ['school-7'], open: [question], decided: [{ ...request, id: 'R-2', decided }], ids: [] }
  const one = (part: Partial<QuestionPage> = {}): string =>
    questionPage({ ...frame, question, own: false, mayTakeBack: false, ...part })
  return [
    [
      'queue',
      queuePage({ ...frame, ...list, told: [{ number: 'J5SV-88LZ', result: 'decided' }, { result: 'unknown' }] }),
    ],
    ['queue-missing', queuePage({ ...frame, ...list, missing: 'reason', ids: ['R-1'], reason: 'я' })],
    ['queue-old-sign-in', queuePage({ ...frame, ...list, signInAgain: '/login?page=school&force=1', english: true })],
    ['queue-unusual', queuePage({ ...frame, ...list, open: [], unusual: { anomalies: unusual, result: 'unlocked' } })],
    ['queue-unusual-reason', queuePage({ ...frame, ...list, unusual: { anomalies: unusual, result: 'no-reason' } })],
    ['queue-empty', queuePage({ ...frame, ...list, open: [], decided: [] })],
    ['question', one()],
    ['question-missing', one({ given: { reason: 'видели паспорт', missing: 'account' }, english: true })],
    [
      'question-decided',
      one({ question: { ...question, request: { ...request, decided } }, own: true, mayTakeBack: true }),
    ],
  ]
}
