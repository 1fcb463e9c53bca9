/** How passwords are kept, which are taken, and doors that close. */
import { expect } from 'chai'
import { systemChance } from '../../src/base/chance.js'
import { Accounts, remember } from '../../src/mock-idp/accounts/account.js'
import { Locks, LOCKED_FOR, MOST_WRONG } from '../../src/mock-idp/accounts/locks.js'
import { costOf, hashPassword, isOutdated, isPassword, passwordFaults, strongCost } from '../../src/mock-idp/accounts/passwords.js' // prettier-ignore
import { Inbox } from '../../src/mock-idp/accounts/inbox.js'
import { beginLogin, type Idp } from '../../src/mock-idp/idp.js'
import { defaultPeople } from '../../src/mock-idp/people.js'
import { enterPassword } from '../../src/mock-idp/sign-in.js'
import { Browser } from '../support/browser.js'
import { at, quickCost, startStand, type Stand } from './stand.js'
import { cabinetPage, enterCabinet, PASSWORD } from './steps.js'

describe('mock IdP: passwords', () => {
  it('mock IdP: B30 keeps scrypt with its own parameters and a salt of its own, never the password', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => hashPassword('Пароль 123', quickCost, systemChance)))
    expect(one).to.match(/^scrypt\$16\$1\$1\$[\w-]{22}\$[\w-]{43}$/)
    expect(one).not.to.equal(other)
    expect(await isPassword('Пароль 123', one!)).to.equal(true)
    expect(await isPassword('пароль 123', one!)).to.equal(false)
    expect(costOf(one!)).to.deep.equal(quickCost)
    expect(strongCost.n * strongCost.r * 128, 'at least 32 MiB').to.be.at.least(32 * 1024 * 1024)
  })

  it('mock IdP: B30 a hash of yesterday is made anew when its owner signs in, and counts before and after', async () => {
    const login = 'father@mail.example'
    const clock = { now: () => at }
    const passwordCost = { n: 32, r: 1, p: 1 }
    const accounts = new Accounts(defaultPeople(), { cost: quickCost, chance: systemChance })
    const idp = { accounts, locks: new Locks(clock), inbox: new Inbox(), clock, chance: systemChance, passwordCost, logins: new Map() } as unknown as Idp // prettier-ignore
    const account = accounts.find(login)!
    const enter = async (password: string): Promise<void> =>
      enterPassword(idp, beginLogin(idp, undefined, 'device'), { login, password, remember: false, fault: '' }, 'here')
    expect(isOutdated(await account.password, passwordCost)).to.equal(true)
    await enter(PASSWORD)
    expect(costOf(await account.password)).to.deep.equal(passwordCost)
    const kept = account.password
    await enter(PASSWORD)
    expect(account.password, 'no more than once').to.equal(kept)
  })

  it('mock IdP: B30 the cabinet says how the password is kept', async () => {
    const stand = await startStand()
    const page = await cabinetPage(await enterCabinet(stand, 'father@mail.example'), stand, '/security')
    await stand.idp.close()
    expect(page.text).to.include('scrypt, N=16, r=1, p=1')
  })

  it('mock IdP: B31 names everything that is wrong with a new password', () => {
    const own = ['Соколова', 'Марина', '+7(000)0000001', 'mother@mail.example']
    const rows: readonly (readonly [string, RegExp | undefined])[] = [
      ['Кот1йцу', /короче восьми/],
      ['Кот1йцук', undefined],
      ['только-буквы', /и буквы, и цифры/],
      ['1029384756', /и буквы, и цифры/],
      ['МАРИНА-1986-х', /ваше имя/],
      ['я70000000001я', /телефон/],
      ['mother-1986', /почта/],
      ['Qwerty-2026', /первым/],
      ['a1'.repeat(65), /длиннее 128/],
    ]
    for (const [password, wrong] of rows) {
      const said = passwordFaults(password, own).join(' ')
      if (wrong) expect(said, password).to.match(wrong)
      else expect(said, password).to.equal('')
    }
    expect(passwordFaults('', [])).to.have.length(2)
  })

  it('every account keeps at most fifty lines of history, the newest first', () => {
    const accounts = new Accounts(defaultPeople(), { cost: quickCost, chance: systemChance })
    const account = accounts.find('mother@mail.example')!
    for (let i = 0; i < 60; i += 1) remember(account, at + i, `line ${i}`, 'here')
    expect(account.history.map(({ what }) => what))
      .to.have.length(50)
      .and.to.include.members(['line 59', 'line 10'])
    expect(account.history[0]!.what).to.equal('line 59')
  })
})

describe('mock IdP: doors that close', () => {
  it('mock IdP: B05 after five wrong tries, for fifteen minutes, each on its own', () => {
    const clock = { time: at, now: () => clock.time }
    const locks = new Locks(clock)
    expect([1, 2, 3, 4].map(() => locks.wrong('a'))).to.deep.equal([4, 3, 2, 1])
    expect(locks.until('a')).to.equal(undefined)
    expect(locks.wrong('a')).to.equal(0)
    expect(locks.until('a')).to.equal(at + LOCKED_FOR)
    expect(locks.until('b')).to.equal(undefined)
    clock.time += LOCKED_FOR
    expect(locks.until('a')).to.equal(undefined)
    expect(locks.wrong('a'), 'counted from the beginning again').to.equal(MOST_WRONG - 1)
  })
})

describe('mock IdP: guessing', () => {
  let stand: Stand
  before(async () => (stand = await startStand()))
  after(() => stand.idp.close())

  it('mock IdP: B05 a hundred tries at once are no more than five', async () => {
    const browser = new Browser()
    const page = await browser.get(stand.request())
    const tries = Array.from({ length: 30 }, (_, i) => `Wrong-${i}`)
    const answers = await Promise.all(tries.map(password => browser.submit(page, { login: 'renamed@mail.example', password }, 'password'))) // prettier-ignore
    expect(answers.filter(({ text }) => text.includes('Неверный логин или пароль'))).to.have.length(MOST_WRONG - 1)
    const right = await browser.submit(page, { login: 'renamed@mail.example', password: PASSWORD }, 'password')
    expect(right.status).to.equal(403)
  })
})
