/** The last step: what the journal gets, by which means, and that nothing else leaves. */
import { expect } from 'chai'
import { demoJournal, type Town } from '../../src/demo/settings.js'
import { Browser } from '../support/browser.js'
import { claimsOf, walk } from '../support/sign-in.js'
import { startTestTown } from '../support/town.js'

const FATHER = 'father@mail.example'

describe('flow: hand-off', () => {
  it('brings names by a form, when settings say so, and calls roles as the journal does', async () => {
    const sgo = (town: Town) => {
      const journal = demoJournal(town, 'sgo', 'Сетевой журнал')
      const claims = { who: '{lastName} {firstName}', uid: '{login}', kind: '{role}', born: '{birthDate}' }
      return {
        ...journal,
        release: ['lastName', 'firstName', 'login', 'role', 'birthDate'],
        roleNames: { parent: 'Родитель' },
        connector: { ...journal.connector, method: 'post', claims },
      }
    }
    const town = await startTestTown({ more: place => ({ journals: [sgo(place)] }) })
    try {
      const browser = new Browser()
      const page = await walk(browser, `${town.town.bridge}/login?journal=sgo&state=s-1`, FATHER)
      expect(page.text).to.include('Открываем «Сетевой журнал»')
      const policy = page.headers.get('content-security-policy')!
      expect(policy).to.include(`form-action 'self' ${town.town.journals}`).and.include("script-src 'self'")
      expect(page.headers.get('referrer-policy')).to.equal('strict-origin')
      const [form] = page.forms
      expect(form!.action).to.equal(`${town.town.journals}/sgo/sso`)
      const { who, uid, kind, born, ...others } = claimsOf(form!.fields['token']!)
      expect([who, uid, kind, born]).to.deep.equal(['Соколов Андрей', 'p-1002', 'Родитель', '1984-11-03'])
      expect(others).to.have.all.keys('iss', 'aud', 'iat', 'exp', 'jti', 'sub', 'sid', 'state')
      expect(browser.visited.join(' ')).not.to.include('token=')
    } finally {
      await town.close()
    }
  })
})
