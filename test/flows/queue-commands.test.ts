/** A school's questions from the command line: listed, decided, taken back; and who loses an account is really out. */
import { expect } from 'chai'
import type { RequestNumber } from '../../src/base/request-number.js'
import { tellDue } from '../../src/login/tell-journals.js'
import { UNDO_FOR } from '../../src/words/undo.js'
import { run, type Ran } from '../cli/desk.js'
import { without } from '../contract/samples.js'
import { Browser, type Page } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { numberOn } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'
const PUPIL = 'pupil@mail.example'
const SHARED = 'shared-snils@mail.example'
const NAMES = /Соколов|Андрей/

describe('flow: the commands of the school’s queue', () => {
  let town: TestTown
  beforeEach(async () => {
    town = await startTestTown()
  })
  afterEach(() => town.close())

  const login = (who: string, browser = new Browser()) => walk(browser, `${town.town.bridge}/login?journal=sgo`, who)
  const bridge = (...args: string[]): Promise<Ran> =>
    run([...args, '--config', town.prepared.configFile], { clock: town.clock, env: { SUDO_USER: 'olga' } })
  const entered = (page: Page): boolean => page.url.origin === town.town.journals
  const reason = ['--reason', 'паспорт показан'] as const

  /** The pupil was given the father's account in the list once, and is inside with it when the list is put right. */
  async function held(): Promise<{ readonly number: RequestNumber; readonly pupil: Browser }> {
    const { roster } = town.bridge.store
    const all = await roster.entries({ journal: 'sgo', school: 'school-1' })
    const records = all.map(entry => without(entry, 'accountId', 'journal', 'school'))
    const [father, pupil] = ['p-1002', 'u-2001'].map(login => records.find(each => each.login === login)!)
    const swapped = { ...father!, snils: pupil!.snils!, person: pupil!.person, children: [] }
    await roster.replace('sgo', 'school-1', [swapped], { now: town.clock.now() })
    const browser = new Browser()
    expect(entered(await login(PUPIL, browser))).to.equal(true)
    await roster.replace('sgo', 'school-1', [father!], { now: town.clock.now() })
    return { number: numberOn(await login(FATHER)), pupil: browser }
  }

  it('lists nothing and says so', async () => {
    const { code, out } = await bridge('requests')
    expect([code, out]).to.deep.equal([0, 'Открытых вопросов нет.\n'])
  })

  it('answers a question about a child with one of the accounts that show it, or without', async () => {
    const ask = async (firstName: string) => {
      const browser = new Browser()
      const page = await walk(browser, `${town.town.bridge}/me/child`, 'no-snils@mail.example')
      const child = { place: 'school-1 sgo', lastName: 'Нгуен', firstName, className: '1В', agree: 'yes' }
      return numberOn(await browser.submit(page, child, '/me/child'))
    }
    const number = await ask('Ань')
    const [shut, open] = [await bridge('requests'), await bridge('requests', '--show-person')]
    expect(shut.out).to.include('родитель просит добавить ребёнка').and.include('p-1007').and.not.include('Ань')
    expect(open.out).to.include('ребёнок: Нгуен Ань, 1В')
    const unsaid = await bridge('decide-request', number, '--grant', ...reason)
    expect([unsaid.code, unsaid.err]).to.satisfy(
      ([code, err]: [number, string]) => code === 1 && err.includes('--login'),
    )
    const other = await bridge('decide-request', number, '--grant', '--login', 'p-1001', ...reason)
    expect(other.code, 'an account that shows no such child').to.equal(1)
    const both = await bridge('decide-request', number, '--grant', '--login', 'p-1007', '--without-account', ...reason)
    expect(both.code).to.equal(2)
    const given = await bridge('decide-request', number, '--grant', '--login', 'p-1007', ...reason)
    expect([given.code, entered(await login('no-snils@mail.example'))]).to.deep.equal([0, true])
    const answered = await bridge('decide-request', await ask('Яна'), '--grant', '--without-account', ...reason)
    expect([answered.code, answered.out.includes('школа ответила')]).to.deep.equal([0, true])
  })

  it('names people only when asked to, and writes that down', async () => {
    const number = numberOn(await login(SHARED))
    const [shut, open] = [await bridge('requests'), await bridge('requests', '--show-person')]
    expect(shut.out).to.include(`${number}  один СНИЛС у разных людей`).and.include('p-1009 (родитель)')
    expect(shut.out).not.to.match(/Павлов/)
    expect(open.out).to.include('просит: Павлова Анна Сергеевна, 1987-05-25, СНИЛС ***-***-*11 84')
    expect(open.out).to.include('p-1009 (родитель, в списке Павлов Борис Михайлович); сейчас входит: никто другой')
    expect([shut.code, open.code, (await bridge('requests', '--json')).out.includes('Павлов')]).to.deep.equal([
      1,
      1,
      false,
    ])
    const seen = (await town.bridge.store.audit.byNumber(number)).filter(({ what }) => what === 'request.viewed')
    expect(seen.map(({ facts }) => facts)).to.deep.equal([{ kind: 'ambiguous', by: 'os:olga' }])
  })

  it('lists one school, and complains of one that is unknown', async () => {
    await login(SHARED)
    expect((await bridge('requests', '--school', 'school-2')).code).to.equal(0)
    expect((await bridge('requests', '--school', 'school-1')).code).to.equal(1)
    const { code, err } = await bridge('requests', '--school', 'school-9')
    expect([code, err]).to.deep.equal([2, 'Школы school-9 нет в настройках; есть school-1, school-2.\n'])
  })

  it('a yes opens the journal to who asked and signs out who had the account, there and here', async () => {
    const { number, pupil } = await held()
    const explained = await bridge('explain', number)
    expect(explained.out).to.include('Ждёт решения школы:').and.include(`decide-request ${number}`)
    expect(explained.out).not.to.match(NAMES)
    const { code, out } = await bridge('decide-request', number, '--grant', ...reason)
    expect([code, out]).to.deep.equal([
      0,
      `${number}  разрешено: в следующий раз журнал откроется\n  закончено входов: 1\n` +
        '  работающий мост сообщит об этом журналам в течение минуты: sgo\n',
    ])
    expect((await pupil.get(`${town.town.bridge}/session`)).status).to.equal(401)
    expect(await tellDue(town.bridge.web.ports)).to.equal(1)
    expect((await pupil.get(`${town.town.journals}/sgo/`)).text).not.to.include('/sgo/logout')
    expect(entered(await login(FATHER))).to.equal(true)
    expect(entered(await login(PUPIL))).to.equal(false)
  })

  it('leaves in the audit who decided what, and neither names nor the reason', async () => {
    const { number } = await held()
    await bridge('decide-request', number, '--grant', ...reason)
    const [event] = (await town.bridge.store.audit.byNumber(number)).filter(({ what }) => what === 'request.decided')
    const facts = { kind: 'held', by: 'os:olga', granted: true, reasonLength: 15 }
    expect(event).to.deep.include({ journal: 'sgo', result: 'ok', facts })
    expect(event?.accountId).to.be.a('string')
    const { out } = await bridge('requests', '--all')
    expect(out).to.match(/разрешено \d{4}-\d\d-\d\d, решил os:olga: паспорт показан/)
  })

  it('second thoughts put everything back, and who was let in is out; for thirty days', async () => {
    const { number } = await held()
    await bridge('decide-request', number, '--grant', ...reason)
    const father = new Browser()
    await login(FATHER, father)
    const { code, out } = await bridge('take-back-request', number)
    expect([code, out.split('\n')[0]]).to.deep.equal([0, `${number}  решение отменено, вопрос снова открыт`])
    expect((await father.get(`${town.town.bridge}/session`)).status).to.equal(401)
    expect(entered(await login(FATHER))).to.equal(false)
    expect((await bridge('requests')).out).to.include('Открытых вопросов: 1.')

    await bridge('decide-request', number, '--decline', ...reason)
    town.clock.forward(UNDO_FOR)
    const late = await bridge('take-back-request', number)
    expect([late.code, late.err]).to.deep.equal([1, `${number}  решению больше 30 дней, отменить его уже нельзя\n`])
    expect((await bridge('requests', '--all')).out).not.to.include(number)
  })

  it('the same yes again signs out whom an interrupted one left inside', async () => {
    const { number, pupil } = await held()
    const { requests } = town.bridge.store
    const [request] = await requests.byNumber(number)
    const [accountId] = request!.accountIds
    const decided = {
      granted: true,
      at: town.clock.now(),
      by: 'os:olga',
      reason: 'паспорт показан',
      accountId: accountId!,
    }
    await requests.decide(request!.id, decided, { at: decided.at, what: 'request.decided', result: 'ok' })
    expect((await pupil.get(`${town.town.bridge}/session`)).status, 'the process died here').to.equal(200)
    const { code, err } = await bridge('decide-request', number, '--grant', ...reason)
    expect([code, err]).to.deep.equal([1, `${number}  уже решено; чтобы решить иначе, сначала take-back-request\n`])
    expect((await pupil.get(`${town.town.bridge}/session`)).status).to.equal(401)
  })

  it('decides several, each by itself, and says what became of each', async () => {
    const number = numberOn(await login(SHARED))
    const { code, out, err } = await bridge('decide-request', number, 'D7FW-2NQ9', '--decline', ...reason)
    expect(code).to.equal(1)
    expect(out).to.equal(`${number}  отказано: журнал останется закрытым\n`)
    expect(err).to.equal('D7FW-2NQ9  такого вопроса нет: проверьте номер, --school и --kind\n')
  })

  it('asks which account when there are several, and gives the one that is named', async () => {
    const number = numberOn(await login(SHARED))
    const grant = (...args: string[]) => bridge('decide-request', number, '--grant', ...args, ...reason)
    expect((await grant()).err).to.include('назовите одну: --login p-1008, p-1009')
    expect((await grant('--login', 'p-1002')).err).to.include('нет учётной записи с таким логином')
    expect((await bridge('requests')).code, 'still open').to.equal(1)
    expect((await grant('--login', 'p-1008')).code).to.equal(0)
    expect(entered(await login(SHARED))).to.equal(true)
  })

  for (const [what, args, said] of [
    ['neither yes nor no', [], /--grant или --decline/],
    ['both at once', ['--grant', '--decline'], /--grant или --decline/],
    ['no reason', ['--grant'], /Назовите причину/],
    ['an empty reason', ['--decline', '--reason', ' \n '], /Назовите причину/],
    ['a login with a no', ['--decline', '--login', 'p', ...reason], /--login нужен только/],
    ['an unknown kind', ['--grant', '--kind', 'x', ...reason], /--kind бывает ambiguous, held/],
  ] as const)
    it(`complains of ${what}`, async () => {
      const { code, err } = await bridge('decide-request', 'D7FW-2NQ9', ...args)
      expect(code).to.equal(2)
      expect(err).to.match(said)
    })

  it('complains of what is no number', async () => {
    const { code, err } = await bridge('take-back-request', 'привет')
    expect([code, err]).to.deep.equal([2, 'привет — не номер обращения. Номер выглядит так: D7FW-2NQ9.\n'])
  })
})
