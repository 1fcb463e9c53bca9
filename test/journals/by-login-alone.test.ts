/** Which journals cannot tell one login of two schools apart. */
import { expect } from 'chai'
import { byLoginAlone } from '../../src/journals/by-login-alone.js'
import { readTemplate } from '../../src/journals/template.js'
import type { Journal } from '../../src/words/journal.js'

const journal = (change: Partial<Journal> = {}): Journal => ({
  ...{
    id: 'sgo',
    title: 'СГО',
    schools: ['school-1', 'school-2'],
    roles: ['parent'],
    returnTo: [],
    requireState: false,
  },
  release: ['login', 'school', 'account', 'role'],
  ...change,
})

describe('journals: known by the login alone', () => {
  const cases: readonly [string, readonly string[], boolean, Partial<Journal>?][] = [
    ['the login', ['{login}'], true],
    ['the login and the role', ['{login}', '{role}'], true],
    ['the login in a longer word', ['u-{login}'], true],
    ['school and login', ['{school}-{login}'], false],
    ['the school beside it', ['{login}', '{school}'], false],
    ['the school beside it, which the journal may not get', ['{login}', '{school}'], true, { release: ['login'] }],
    ['the account', ['{account}'], false],
    ['the person', ['{login}', '{subject}'], false],
    ['one school only', ['{login}'], false, { schools: ['school-1'] }],
  ]
  for (const [what, texts, alone, change] of cases)
    it(`${what}: ${alone ? 'yes' : 'no'}`, () => {
      const { knowsByLoginAlone = false } = byLoginAlone(
        texts.map(text => readTemplate(text)),
        journal(change),
      )
      expect(knowsByLoginAlone).to.equal(alone)
    })
})
