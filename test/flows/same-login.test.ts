/** One login in the lists of two schools, and a journal that hears nothing but the login. */
import { expect } from 'chai'
import type { RosterRecord } from '../../src/identity/roster.js'
import { parseSnils } from '../../src/words/snils.js'
import { without } from '../contract/samples.js'
import { Browser } from '../support/browser.js'
import { FATHER, ticketIn, useCasTown } from '../support/cas-town.js'
import { lastEvent } from '../support/told.js'
import { walk } from '../support/sign-in.js'

const FATHERS_SNILS = parseSnils('900-000-002 83')!
const OTHERS_SNILS = parseSnils('900-000-010 83')!

describe('flow: the same login in two schools', () => {
  const cas = useCasTown()

  /** The second school gives the father's login to somebody. */
  async function alsoInSchool2(change: Partial<RosterRecord>): Promise<void> {
    const { roster } = cas.town.bridge.store
    const record: RosterRecord = {
      ...{ login: 'p-1002', role: 'parent', children: [{ id: 'c-9', name: 'Иванова Яна' }] },
      person: { lastName: 'Иванов', firstName: 'Яков' },
      ...change,
    }
    for (const journal of ['moodle', 'plain']) {
      const old = (await roster.entries({ journal, school: 'school-2' })).filter(
        ({ login }) => !/^p-1002$/i.test(login),
      )
      const all = old.map(entry => without(entry, 'accountId', 'journal', 'school', 'missingSince'))
      await roster.replace(journal, 'school-2', [...all, record], { now: cas.town.clock.now() })
    }
  }
  const enter = (path: string) => walk(new Browser(), path, FATHER)
  const service = () => cas.at('moodle/login', { service: cas.here(), school: 'school-1' })

  for (const [what, change] of [
    ['of somebody else', { snils: OTHERS_SNILS }],
    ['of somebody whose СНИЛС the list does not know', {}],
    ['in capital letters', { login: 'P-1002', snils: OTHERS_SNILS }],
    ['of a teacher', { role: 'teacher', snils: OTHERS_SNILS, children: [] }],
  ] as const satisfies readonly (readonly [string, Partial<RosterRecord>])[])
    it(`${what}: nobody is sent there, and it is said why`, async () => {
      await alsoInSchool2(change)
      const page = await enter(service())
      expect([page.status, (await lastEvent(cas.town, page)).code]).to.deep.equal([409, 'journal.same-login'])
      expect(page.text).to.include('Журнал не отличит вас от другого человека')
      const link = await enter(`${cas.town.town.bridge}/login?journal=plain&school=school-1`)
      expect((await lastEvent(cas.town, link)).code, 'a link without the school').to.equal('journal.same-login')
    })

  it('of the same person: the journal knows whose it is', async () => {
    await alsoInSchool2({ snils: FATHERS_SNILS, person: { lastName: 'Соколов', firstName: 'Андрей' } })
    const browser = new Browser()
    const page = await walk(browser, service(), FATHER)
    const there = page.url.searchParams.has('ticket')
      ? page
      : await browser.submit(page, { choice: page.form('/continue').buttons[0]!.value }, '/continue')
    expect(await cas.ask(ticketIn(there))).to.include('<cas:user>p-1002</cas:user>')
  })
})
