import { expect } from 'chai'
import { expiryCalendar } from '../../src/cli/expiry-calendar.js'
import { daysLeft, type Expiry } from '../../src/settings/expiries.js'

const DAY = 86_400_000
const now = Date.parse('2026-11-24T23:30:00Z')
const sha256 = 'ab'.repeat(32)

interface Component {
  readonly name: string
  readonly properties: readonly (readonly [string, string])[]
  readonly inside: readonly Component[]
}

/** A strict reading of RFC 5545: CRLF, 75 octets, properties with names, components that close in order. */
function readCalendar(text: string): Component {
  expect(text.endsWith('\r\n')).to.equal(true)
  expect(text.replaceAll('\r\n', '')).to.not.match(/[\r\n]/)
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line), line).to.be.at.most(75)
  const lines = text.replaceAll('\r\n ', '').split('\r\n').slice(0, -1)
  type Open = { name: string; properties: [string, string][]; inside: Component[] }
  const stack: Open[] = [{ name: '', properties: [], inside: [] }]
  for (const line of lines) {
    const [, name = '', value = ''] = /^([A-Z-]+(?:;[A-Z]+=[A-Z]+)*):(.*)$/u.exec(line) ?? []
    expect(name, line).to.not.equal('')
    if (name === 'BEGIN') stack.push({ name: value, properties: [], inside: [] })
    else if (name === 'END') {
      const done = stack.pop()!
      expect(done.name).to.equal(value)
      stack.at(-1)!.inside.push(done)
    } else stack.at(-1)!.properties.push([name, value])
  }
  expect(stack).to.have.length(1)
  expect(stack[0]!.inside.map(({ name }) => name)).to.deep.equal(['VCALENDAR'])
  return stack[0]!.inside[0]!
}

const valueOf = ({ properties }: Component, name: string): string => {
  const found = properties.filter(([each]) => each === name)
  expect(found, name).to.have.length(1)
  return found[0]![1]
}

describe('the calendar of expiries', () => {
  const expiry: Expiry = { kind: 'sp-signing', sha256, notAfter: now + 90 * DAY }
  const title = ({ kind }: Expiry) => `Сертификат; наш, для подписи \\ ${kind} — ${'длинное имя '.repeat(9)}`
  const events = (...all: readonly Expiry[]) => readCalendar(expiryCalendar(all, title, now)).inside

  it('is a file that a strict reader takes, with its obligatory properties', () => {
    const calendar = readCalendar(expiryCalendar([expiry], title, now))
    expect(valueOf(calendar, 'VERSION')).to.equal('2.0')
    expect(valueOf(calendar, 'PRODID')).to.not.equal('')
    for (const event of calendar.inside) {
      expect(event.name).to.equal('VEVENT')
      expect(valueOf(event, 'DTSTAMP')).to.equal('20261124T233000Z')
      expect(valueOf(event, 'SUMMARY')).to.match(/^Сертификат\\; наш\\, для подписи \\\\ sp-signing/)
      expect(event.inside.map(({ name }) => name)).to.deep.equal(['VALARM'])
      expect(valueOf(event.inside[0]!, 'ACTION')).to.equal('DISPLAY')
      valueOf(event.inside[0]!, 'TRIGGER')
      valueOf(event.inside[0]!, 'DESCRIPTION')
    }
  })

  it('reminds 60, 30, 14, 7 and 1 days before and on the day, all day long', () => {
    expect(events(expiry).map(event => valueOf(event, 'DTSTART;VALUE=DATE'))).to.deep.equal([
      '20261224', '20270123', '20270208', '20270215', '20270221', '20270222',
    ]) // prettier-ignore
    expect(valueOf(events(expiry)[0]!, 'DTEND;VALUE=DATE')).to.equal('20261225')
  })

  it('gives each event the same name in every file, and another one to another certificate', () => {
    const uids = (all: readonly Component[]) => all.map(event => valueOf(event, 'UID'))
    const again = readCalendar(expiryCalendar([expiry], title, now + 3 * DAY)).inside
    expect(uids(again)).to.deep.equal(uids(events(expiry)))
    const both = uids(events(expiry, { ...expiry, sha256: 'cd'.repeat(32) }))
    expect(new Set(both).size).to.equal(12)
  })

  it('leaves out what is past, and nothing else', () => {
    expect(events({ ...expiry, notAfter: now + 10 * DAY })).to.have.length(3)
    expect(events({ ...expiry, notAfter: now - 5 * DAY })).to.have.length(0)
  })

  it('counts whole days by the clock, not pages of the calendar', () => {
    expect(daysLeft(now + 30 * DAY, now)).to.equal(30)
    expect(daysLeft(now + 30 * DAY - 1, now)).to.equal(29)
    expect(daysLeft(now + 60_000, now), 'past midnight').to.equal(0)
    expect(daysLeft(now - 1, now)).to.equal(-1)
  })
})
