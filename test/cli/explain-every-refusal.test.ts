/** Every refusal is earned through a real flow, and `explain` is asked what happened: it must leave nobody at a loss. */
import { expect } from 'chai'
import type { AuditEvent } from '../../src/audit/audit.js'
import { meaningsRu } from '../../src/base/meanings-ru.js'
import { refusals, type RefusalCode } from '../../src/base/refusals.js'
import { remediesRu } from '../../src/base/remedies-ru.js'
import { remedies } from '../../src/base/remedies.js'
import { refusalInRussian, whoMustAct } from '../../src/cli/checks-shown.js'
import { isOfTheIdp, meaningRu } from '../../src/cli/letter-words.js'
import { logoutFaults } from '../../src/mock-idp/logout-faults.js'
import { earned } from '../attacks/earned.js'
import { closeStrictTown, strictTown } from '../attacks/strict-town.js'
import { Browser, type Page } from '../support/browser.js'
import { bring, logoutOf, sessionOf } from '../support/idp-logout.js'
import { basic, post } from '../support/redeeming.js'
import { walk } from '../support/sign-in.js'
import { numberOn } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { run } from './desk.js'
import { ENGLISH, spoken } from './english.js'

const FATHER = 'father@mail.example'

/** An IdP that signs assertions alone is told more of what is wrong with their signatures. */
const more = {
  identityProviders: [
    { metadata: 'idp.xml', title: 'Учебный поставщик', profile: 'esia', responseSignature: 'optional' },
  ],
}

const login = (town: TestTown, query = 'journal=sgo') => `${town.town.bridge}/login?${query}`
const redeem = (secret: (town: TestTown) => string) => (town: TestTown) =>
  post(town, { headers: { authorization: basic('handle', secret(town)) }, body: 'handle=x' })

/** What the table leaves to a test of its own. */
const elsewhere: Partial<Record<RefusalCode, (town: TestTown) => Promise<unknown>>> = {
  'journal.value-unfit': town => walk(new Browser(), login(town, 'journal=query&state=a%7Cb'), FATHER),
  'redeem.client': redeem(() => 'wrong'),
  'redeem.handle': redeem(({ prepared }) => prepared.journalSecrets.handle),
  'redeem.limit': async town => {
    for (let i = 0; i < 20; i++) await redeem(() => 'wrong')(town)
    const shut = await redeem(() => 'wrong')(town)
    town.clock.forward(61_000)
    return shut
  },
}

/** A town of its own earns these, in the test that the table names: another IdP, links of other people, other rules of a school. */
const isHere = (code: RefusalCode): boolean => !('test' in earned[code]) || elsewhere[code] !== undefined

describe('command: explain, of every refusal', () => {
  let town: TestTown
  const written: { readonly event: AuditEvent; readonly where: TestTown }[] = []
  const watch = (where: TestTown): void => {
    const { audit } = where.bridge.web.ports
    const record = audit.record.bind(audit)
    Object.assign(audit, { record: (event: AuditEvent) => (written.push({ event, where }), record(event)) })
  }
  before(async () => {
    town = await startTestTown({ more })
    watch(town)
    watch(await strictTown())
  })
  after(() => Promise.all([town.close(), closeStrictTown()]))

  async function earn(code: RefusalCode): Promise<unknown> {
    const how = earned[code]
    if (typeof how === 'function') return how(town)
    // only a sign-in that was demanded anew can be refused for being an old one
    const query = code === 'saml.not-reauthenticated' ? 'journal=sgo&force=1' : 'journal=sgo'
    if ('row' in how) return walk(new Browser(), login(town, query), FATHER, { fault: how.row })
    if ('test' in how) return elsewhere[code]!(town)
    const fault = logoutFaults.find(({ name }) => name === how.logout)!
    const browser = new Browser()
    await walk(browser, login(town), FATHER)
    return bring(logoutOf(town, await sessionOf(town, browser), fault.ways?.[0] ?? 'redirect', { fault }), browser)
  }

  /** The number of the page; an IdP or a journal's server gets none, and the log has it. */
  async function explained(code: RefusalCode) {
    written.length = 0
    const page = await earn(code)
    const refused = written.findLast(({ event }) => event.code === code)
    const towns = [town, await strictTown()]
    const where = refused?.where ?? towns.find(({ town: { bridge } }) => bridge === (page as Page).url.origin) ?? town
    const number = refused?.event.number ?? numberOn(page as Page)
    const config = ['--config', where.prepared.configFile]
    const ran = await run(['explain', number, ...config], { clock: where.clock })
    const json = await run(['explain', number, ...config, '--json'], { clock: where.clock })
    const russian = await run(['explain', number, ...config], { clock: where.clock, env: { LANG: 'ru_RU.UTF-8' } })
    return { ran, russian, events: json.json()['events'] as readonly Record<string, unknown>[] }
  }

  /** Each check that failed, with the lines below it. */
  const failures = (out: string): readonly string[] => out.match(/✗ .*(?:\n {8}.*)*/g) ?? []

  for (const code of Object.keys(refusals) as RefusalCode[])
    if (isHere(code))
      it(code, async () => {
        const { ran, russian, events } = await explained(code)
        expect([ran.code, ran.err]).to.deep.equal([0, ''])
        expect(ran.out).to.include(`Refused: ${code}. ${refusals[code].meaning}\n`)
        expect(ran.out).to.include(`Who must act: ${whoMustAct(code)}.\n`)
        expect(ran.out).to.include(`What to do: ${remedies[code]}\n`)
        expect(events.find(event => event['code'] === code)).to.include({ whatToDo: remedies[code] })
        for (const failure of failures(ran.out)) expect(failure).to.match(/\n +expected +\S.*\n +found +\S/)
        if (/^saml\.|^idp\.(?!unknown$|metadata)/.test(code) && code !== 'saml.replayed')
          expect(failures(ran.out), ran.out).not.to.deep.equal([])
        if (code === 'saml.schema') expect(ran.out).to.match(/found +line \d+, element \w+/)
        expectLetter(code, ran.out)
        expect([russian.code, russian.err]).to.deep.equal([0, ''])
        expectRussian(code, russian.out)
        expect(failures(russian.out).length).to.equal(failures(ran.out).length)
      })

  function expectRussian(code: RefusalCode, out: string): void {
    const [refused, ...further] = refusalInRussian(code)
    expect(refused).to.equal(`Отказ: ${code}. ${meaningsRu[code]}`)
    expect(further.at(-1)).to.equal(`Что делать: ${remediesRu[code]}`)
    for (const line of [refused, ...further]) expect(out).to.include(`  ${line}\n`)
    for (const line of out.split('\n')) expect(spoken(line), line).not.to.match(ENGLISH)
    for (const failure of failures(out)) expect(failure).to.match(/НЕ ПРОЙДЕНА\n +ожидали +\S.*\n +получили +\S/)
    const letter = out.slice(out.indexOf('Тема: '))
    if (isOfTheIdp(code)) expectLetter(code, letter)
  }

  function expectLetter(code: RefusalCode, out: string): void {
    const letter = out.slice(out.indexOf('Тема: '))
    expect(out.includes('Тема: '), 'a letter').to.equal(isOfTheIdp(code))
    if (!isOfTheIdp(code)) return
    expect(letter).to.include(`${code} — ${meaningRu[code]}\n`).and.not.match(ENGLISH)
    expect(letter.startsWith('Тема: не принята просьба о выходе')).to.equal(/^(?:logout|soap)\./.test(code))
    const [where] = /\/saml\/(?:acs|slo\/soap|slo)(?=\n)/.exec(letter)!
    expect(where).to.equal(code.startsWith('soap.') ? '/saml/slo/soap' : code.startsWith('logout.') ? '/saml/slo' : '/saml/acs') // prettier-ignore
  }
})
