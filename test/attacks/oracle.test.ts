/**
 * Who sends ciphertexts learns nothing from the answers: code, facts and every check are the same whatever came out of the
 * decryption, and so are status, headers, page and audit over HTTP (Bleichenbacher, Manger, Vaudenay, Jager and Somorovsky).
 * How long the answers take is measured by `node dist/test/bench/oracle.js`.
 */
import { expect } from 'chai'
import type { Verdict } from '../../src/saml/response.js'
import { algorithm } from '../../src/words/saml-names.js'
import { Browser } from '../support/browser.js'
import { openCourtroom, outcomeOf, type Courtroom } from '../support/judged.js'
import { countedChance } from '../mock-idp/stand.js'
import { cbcProbes, gcmProbes, honestProbe, type Probe } from '../support/oracle.js'
import { ownAnswer, post } from '../support/own-answer.js'
import { numberOn } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

describe('attacks: decryption as an oracle', () => {
  let court: Courtroom
  before(async () => {
    court = await openCourtroom()
  })

  const judged = (probe: Probe): Verdict => court.judge(court.make(probe).base64, { idp: { ...court.idp, cbc: 'any' } })
  const said = (verdict: Verdict) => ({
    outcome: outcomeOf(verdict),
    facts: verdict.accepted ? undefined : verdict.refusal.facts,
    checks: verdict.checks,
  })

  for (const [cipher, data, probes] of [
    ['aes-gcm', algorithm.aes256Gcm, gcmProbes],
    ['aes-cbc outside a signed Response', algorithm.aes256Cbc, cbcProbes],
  ] as const) {
    it(`control: ${cipher}, unspoilt, is accepted`, () => {
      expect(outcomeOf(judged(honestProbe(data)))).to.equal('accepted')
    })

    it(`${cipher}: ${Object.keys(probes).length} ciphertexts earn saml.decryption with the same facts and checks`, () => {
      const [first, ...others] = Object.entries(probes).map(([name, probe]) => [name, said(judged(probe))] as const)
      expect(first![1].outcome).to.equal('saml.decryption')
      expect(first![1].facts).to.deep.equal({})
      for (const [name, answer] of others) expect(answer, name).to.deep.equal(first![1])
    })
  }

  describe('over HTTP', () => {
    let town: TestTown
    before(async () => {
      const idp = {
        metadata: 'idp.xml',
        title: 'Учебный поставщик',
        profile: 'esia',
        cbc: 'any',
        responseSignature: 'optional',
      }
      town = await startTestTown({ more: { identityProviders: [idp] } })
    })
    after(() => town.close())

    /** Everything that the sender sees, and the row of the audit; without the number and the time of the answer. */
    async function answerTo(probe: Probe) {
      const browser = new Browser()
      const page = await post(town, browser, await ownAnswer(town, browser, { ...probe, chance: countedChance() }))
      const number = numberOn(page)
      const { code, facts, checks } = (await town.bridge.store.audit.byNumber(number)).at(-1)!
      // the number, spoken aloud, has a length of its own
      const own = new Set(['date', 'etag', 'content-length'])
      return {
        status: page.status,
        headers: [...page.headers].filter(([name]) => !own.has(name)),
        text: page.text.replace(/class="number[\s\S]*?<\/section>/, ''),
        audit: { code, facts, checks },
      }
    }

    it('status, headers, page and audit are the same', async () => {
      const chosen = [
        'wrong padding',
        'last octet',
        'no XML',
        'not in the schema',
        'altered under its signature',
        'unsigned',
      ]
      const first = await answerTo(cbcProbes['wrong key']!)
      expect([first.status, first.audit.code]).to.deep.equal([403, 'saml.decryption'])
      for (const name of chosen) expect(await answerTo(cbcProbes[name]!), name).to.deep.equal(first)
    })
  })
})
