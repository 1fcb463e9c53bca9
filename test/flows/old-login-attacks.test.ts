/** Somebody tries passwords of the journal through the bridge by other spellings of one login, and a journal that says yes to anything. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { journalsOf, type Town } from '../../src/demo/settings.js'
import { Browser } from '../support/browser.js'
import { at } from '../support/cabinet.js'
import { claimsOf, walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const [NO_SNILS, NOBODY] = ['no-snils@mail.example', 'nobody@mail.example']
const MINUTE = 60_000

/** Called like who has no СНИЛС; of the birth date the list knows nothing. */
const HEAD = 'администратор;a-99;Нгуен;Тхи Лан;;;;;;;'

describe('flow: the old login of the journal, attacked', () => {
  let town: TestTown
  let asked: Readonly<Record<string, unknown>>[]
  let says: object
  const journal = createServer((request, response) => {
    let body = ''
    request.on('data', part => (body += String(part)))
    request.on('end', () => {
      asked.push(claimsOf(new URLSearchParams(body).get('login_check')!))
      response.end(JSON.stringify(says))
    })
  })

  before(done => void journal.listen(0, '127.0.0.1', done))
  after(() => journal.close())
  beforeEach(async () => {
    ;[asked, says] = [[], { valid: false }]
    const csv = readFileSync(projectFile('docs/examples/roster-school-1.csv'), 'utf8').trimEnd()
    town = await startTestTown({
      more: withOurs,
      rosters: [{ school: 'school-1', title: 'Школа № 1', csv: `${csv}\n${HEAD}` }],
    })
  })
  afterEach(() => town.close())

  function withOurs(place: Town) {
    const url = `http://127.0.0.1:${(journal.address() as AddressInfo).port}/check`
    return {
      journals: journalsOf(place).map(each =>
        each.id === 'eljur' ? { ...each, oldLogin: { url, alg: 'ES256' } } : each,
      ),
    }
  }
  async function typed(login: string, who = NO_SNILS) {
    const browser = new Browser()
    const form = await walk(browser, at(town, '/me/old-login?journal=eljur'), who)
    return { browser, page: await browser.submit(form, { login, password: 'x', of: 'school-1' }, '/me/old-login') }
  }
  const codeOf = async ({ page }: Awaited<ReturnType<typeof typed>>) => (await lastEvent(town, page)).code

  /** Of which databases say that they are `Ivanova-7`: MSSQL passes over what it gives no weight, MySQL over accents as well. */
  const SAME = ['ivano\u00adva-7', 'IVANO\u200bVA-7', 'ivano\u0000va-7', 'iva\u0301nova-7', 'ivanova\u{1f600}-7', 'ivanova\u3164-7', 'ivanova\ufe0f-7', 'ivánova-7', '\u2066ivanova-7'] // prettier-ignore

  it('three an hour of one account, however its login is dressed up', async () => {
    for (const login of ['Ivanova-7', ' ivanova-7', 'ｉvanova-7'])
      expect(await codeOf(await typed(login))).to.equal('proof.wrong')
    for (const [i, login] of SAME.entries()) {
      // of one person five tries in 15 minutes
      if (i === 7) town.clock.forward(16 * MINUTE)
      const refused = await typed(login, i < 2 ? NO_SNILS : NOBODY)
      expect([login, await codeOf(refused)]).to.deep.equal([login, 'proof.limit'])
      expect((await lastEvent(town, refused.page)).facts).to.include({ whose: 'account' })
    }
    expect(asked).to.have.length(3)
  })

  it('a login reaches the journal without what nobody sees', async () => {
    await typed('\ufeffiva\u00adno\u200bva\u0000-7\u2069')
    expect(asked[0]).to.include({ login: 'ivanova-7' })
  })

  it('letters of which nobody knows what a database makes of them: one login an hour, all together', async () => {
    expect(await codeOf(await typed('ıvanova-7'))).to.equal('proof.wrong')
    for (const login of ['ivanøva-7', 'ivanova-ⅶ', 'ivanova-七', 'łivanova'])
      expect([login, await codeOf(await typed(login))]).to.deep.equal([
        login,
        login === 'ivanova-ⅶ' ? 'proof.wrong' : 'proof.limit',
      ])
  })

  it('no journal’s word alone makes an administrator, whom the bridge itself obeys', async () => {
    says = { valid: true, login: 'a-99' }
    expect(await codeOf(await typed('anything'))).to.equal('identity.role')
  })
})
