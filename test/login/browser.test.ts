import { expect } from 'chai'
import { systemChance } from '../../src/base/chance.js'
import { browserKey, moved, newSecret, owns } from '../../src/login/browser.js'
import type { Visitor } from '../../src/login/outcome.js'
import type { Started } from '../../src/login/ports.js'

const secret = newSecret(systemChance, '203.0.113.7')
const login = { id: 'login-1', browser: browserKey(secret) } as Started
const visitor = (secrets: readonly string[], address = '203.0.113.7') =>
  ({ address, logins: new Map([['login-1', secrets]]) }) as unknown as Visitor

describe('the browser that began a login', () => {
  it('proves it by its cookie, of which over plain http two may come', () => {
    expect(owns(visitor([secret]), login)).to.equal(true)
    expect(owns(visitor(['another', secret]), login)).to.equal(true)
    for (const secrets of [[], [''], ['another'], [secret.split('.')[0]!], [`${secret}.`]])
      expect(owns(visitor(secrets), login), secrets.join()).to.equal(false)
    expect(owns({ ...visitor([]), logins: new Map([['login-2', [secret]]]) }, login)).to.equal(false)
  })

  it('of a login that nobody began in a browser is nobody', () => {
    expect(owns(visitor(['']), { ...login, browser: '' })).to.equal(false)
  })

  it('may come from another address: that is seen, and nothing else', () => {
    expect(moved(visitor([secret]), login)).to.equal(false)
    expect(moved(visitor([secret], '2001:db8::1'), login)).to.equal(true)
    expect(owns(visitor([secret], '2001:db8::1'), login)).to.equal(true)
    expect(moved(visitor([], '2001:db8::1'), login), 'who proves nothing has not moved').to.equal(false)
  })

  it('carries no address in its cookie', () => {
    expect(secret).to.match(/^[\w-]{27}\.[\w-]{8}$/)
    expect(newSecret(systemChance, '203.0.113.7').split('.')[1]).not.to.equal(secret.split('.')[1])
  })
})
