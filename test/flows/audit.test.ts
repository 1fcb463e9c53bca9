/** The audit as an operator meets it: kept as a chain by the bridge, verified and written out by commands that are events themselves. */
import { writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import Database from 'libsql'
import { chainAudit } from '../../src/login/anchoring.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { run } from '../cli/desk.js'
import { Browser } from '../support/browser.js'
import { useTown } from '../support/flow.js'
import { walk } from '../support/sign-in.js'
import { numberOn } from '../support/told.js'

const FATHER = 'father@mail.example'
const DAY = 86_400_000

describe('flow: the audit', () => {
  const flow = useTown()
  const audit = (action: string, args: readonly string[] = [], stdin = '') =>
    run(['audit', action, '--config', flow.town.prepared.configFile, ...args], { clock: flow.town.clock, stdin })
  const chained = () => chainAudit(flow.town.bridge.web.ports)
  const lines = (out: string) =>
    out
      .trim()
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line) as Record<string, unknown>)
  function tamper(statement: string): void {
    const { storage } = loadConfiguration(flow.town.prepared.configFile, {}).settings
    const raw = new Database(storage.database.slice('sqlite:'.length))
    raw.exec(statement)
    raw.close()
  }

  it('is whole after people signed in, and an anchor of every day stands in database and log', async () => {
    await walk(new Browser(), flow.login(), FATHER)
    const first = await chained()
    expect(first?.token).to.match(/^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/)
    expect(await chained(), 'one a day').to.equal(undefined)
    await walk(new Browser(), flow.login(), FATHER)
    flow.town.clock.forward(DAY)
    expect((await chained())?.position).to.be.greaterThan(first!.position)
    flow.town.clock.forward(DAY)
    expect(await chained(), 'nothing new to vouch for').to.equal(undefined)
    const verified = await audit('verify', ['--json'])
    expect(verified.code, verified.out).to.equal(0)
    expect(verified.json()).to.include({ whole: true, loose: 0, problems: 0 })
    expect(verified.json()['anchors']).to.include({ held: 2, unknownKey: 0 })
    expect((await audit('verify')).out).to.match(/The audit is whole\.\n\d+ rows in \d+ entries; 0 not taken in yet/)
  })

  it('writes events out by time, number and person, and writes down who did', async () => {
    const day = () => new Date(flow.town.clock.now()).toISOString().slice(0, 10)
    const from = day()
    const refused = numberOn(await walk(new Browser(), flow.login(), 'nobody@mail.example'))
    const by = { command: 'audit export', by: `os:${userInfo().username}` }
    const byNumber = await audit('export', ['--number', refused])
    expect(byNumber.code).to.equal(0)
    expect(lines(byNumber.out).map(({ what }) => what)).to.deep.equal(['login.started', 'login.verified', 'login.refused', 'record.viewed'].slice(-lines(byNumber.out).length)) // prettier-ignore
    expect(lines(byNumber.out).at(-1)).to.deep.include({ what: 'record.viewed', number: refused, facts: by })

    const all = lines((await audit('export', ['--from', from, '--to', day()])).out)
    expect(all.map(({ number }) => number)).to.include(refused)
    const table = (await audit('export', ['--from', from, '--csv'])).out.trim().split('\n')
    expect(table[0]).to.match(/^at,what,result,number/)
    expect(table).to.have.length.greaterThan(all.length)
    expect((await audit('export', ['--from', '2020-01-01', '--to', '2020-01-02'])).code).to.equal(1)
  })

  it('finds a person by the СНИЛС on stdin alone, through the link', async () => {
    const snils = '90000000283'
    const father = flow.town.bridge.store
    const [account] = (await father.roster.entries({ journal: 'sgo' })).filter(({ snils: own }) => own !== undefined)
    expect(account?.snils).to.match(/^\d{11}$/)
    const names = await father.pseudonyms.ofSnils(account!.snils!)
    expect(names).to.have.length.greaterThan(0)
    const wrong = await audit('export', ['--person', snils])
    expect([wrong.code, wrong.err]).to.deep.equal([2, wrong.err])
    expect(wrong.err).to.match(/read from stdin only/)
    for (const { snils: own } of await father.roster.entries({ journal: 'sgo' })) {
      if (own === undefined) continue
      const { code, out } = await audit('export', ['--person', '-'], `${own}\n`)
      if (code !== 0) continue
      const events = lines(out)
      expect(new Set(events.map(({ person }) => person))).to.have.property('size', 1)
      if (events.some(({ what }) => what === 'journal.entered')) return
    }
    throw new Error('nobody of the list was found who has entered the journal')
  })

  it('writes down that a login was looked at, and explain does not tell it as part of the login', async () => {
    const number = numberOn(await walk(new Browser(), flow.login(), 'nobody@mail.example'))
    const explained = await run(['explain', number, '--config', flow.town.prepared.configFile], {
      clock: flow.town.clock,
    })
    expect(explained.code).to.equal(0)
    const viewed = (await flow.town.bridge.store.audit.byNumber(number)).filter(({ what }) => what === 'record.viewed')
    expect(viewed.map(({ facts }) => facts?.['command'])).to.deep.equal(['explain'])
    expect(explained.out).not.to.include('record.viewed')
  })

  it('refuses what it cannot do', async () => {
    const number = ['--number', 'D7FW-2NQ9']
    for (const [action, args, words] of [
      ['forget', [], /no action\. Known: verify, export/],
      ['export', [], /Say which events/],
      ['export', [...number, '--person', '-'], /not both/],
      ['export', ['--number', 'x'], /no request number/],
      ['export', ['--from', 'yesterday'], /no day/],
      ['verify', ['--anchors', join(flow.town.folder, 'nowhere.log')], /cannot be read \(ENOENT\)/],
      ['verify', ['--anchors', flow.town.prepared.configFile], /holds no anchor/],
    ] as const) {
      const { code, err } = await audit(action, args)
      expect([code, err]).to.deep.equal([2, err])
      expect(err).to.match(words)
    }
  })

  it('finds the end cut off, against what the log kept; and a chain that was made anew', async () => {
    await chained()
    flow.town.clock.forward(2 * DAY)
    await walk(new Browser(), flow.login(), FATHER)
    const anchor = await chained()
    const log = join(flow.town.folder, 'bridge.log')
    writeFileSync(log, `{"level":30,"anchor":"${anchor!.token}","msg":"anchor of the audit"}\n`)
    expect((await audit('verify', ['--anchors', log])).code).to.equal(0)

    const { position } = anchor!
    tamper(`delete from audit_events where entry = ${position} or entry is null; delete from audit_chain where position = ${position};
      delete from audit_anchors where position = ${position}`)
    expect((await audit('verify')).code, 'from inside nobody can tell').to.equal(0)
    const cut = await audit('verify', ['--anchors', log])
    expect([cut.code, cut.err]).to.deep.equal([1, cut.err])
    expect(cut.err).to.match(new RegExp(`Entry ${position} .* the end was cut off`))

    await walk(new Browser(), flow.login(), FATHER)
    await chained()
    const anew = await audit('verify', ['--anchors', log, '--json'])
    expect(anew.code).to.equal(1)
    expect(anew.json()['findings']).to.deep.include.members([{ kind: 'anchor-differs', position, at: new Date(Math.floor(anchor!.at / 1000) * 1000).toISOString() }]) // prettier-ignore
  })

  it('names a changed row and a forged anchor', async () => {
    tamper("update audit_events set address = '192.0.2.66' where seq = 2")
    tamper("update audit_anchors set token = substr(token, 1, length(token) - 4) || 'AAAA' where position = (select min(position) from audit_anchors)") // prettier-ignore
    const { code, err, out } = await audit('verify')
    expect(code).to.equal(1)
    expect(err).to.match(/Row 2 \(login\.\w+, .*\) was changed after it was written\./)
    expect(err).to.match(/An anchor has a wrong signature\./)
    expect(out).to.match(/The audit is not whole: 2 problems\./)
  })
})
