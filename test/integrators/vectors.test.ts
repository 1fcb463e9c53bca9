/** Every test vector of the page, brought to every receiver that we give away. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { freePorts } from '../support/free-ports.js'
import { kits, type Kit } from '../support/kits.js'
import type { RunningReceiver } from '../support/receivers.js'
import { vectorPages } from '../support/vectors-page.js'
import { VECTOR, vectors, type Vector } from '../support/vectors.js'

const all = vectors()

describe('the page of test vectors', () => {
  for (const [path, text] of vectorPages())
    it(`${path} is what our signer yields (else: node scripts/print-docs.js)`, () => {
      expect(readFileSync(projectFile(path), 'utf8')).to.equal(text)
    })

  it('holds at least 14, no two alike but for the replay and the missing state', () => {
    expect(all).to.have.length.of.at.least(14)
    expect(new Set(all.map(({ id }) => id)).size).to.equal(all.length)
    expect(new Set(all.map(({ token }) => token)).size).to.equal(all.length - 2)
    expect(all.filter(({ login }) => login !== undefined)).to.have.length(4)
  })
})

/** As a browser shows it. */
const shown = (text: string): string =>
  text
    .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, number: string) =>
      String.fromCodePoint(parseInt(number, hex === '' ? 10 : 16)),
    )
    .replaceAll('&amp;', '&')

const cookiesOf = (answer: Response): string => answer.headers.getSetCookie().map(line => line.split(';')[0]!).join('; ') // prettier-ignore

async function bring(origin: string, { sso }: Kit, { token, login, refused }: Vector): Promise<void> {
  const answer = await fetch(`${origin}${sso}?token=${encodeURIComponent(token)}`, { redirect: 'manual' })
  const text = await answer.text()
  if (login === undefined) {
    const status = refused === 'token-form' ? 400 : 403
    expect([answer.status, /Для школы: ([a-z-]+)</.exec(text)?.[1]]).to.deep.equal([status, refused])
    const diary = await fetch(`${origin}/diary/`, { headers: { cookie: cookiesOf(answer) } })
    expect(diary.status, 'nothing was opened').to.equal(403)
  } else {
    expect([answer.status, answer.headers.get('location')], text).to.deep.equal([303, `${origin}/diary/`])
    const diary = await fetch(`${origin}/diary/`, { headers: { cookie: cookiesOf(answer) } })
    expect([diary.status, shown(await diary.text()).includes(login)]).to.deep.equal([200, true])
  }
}

describe('test vectors', () => {
  for (const kit of Object.values<Kit>(kits))
    describe(`receiver for ${kit.name}`, () => {
      const open: RunningReceiver[] = []
      const origins = new Map<boolean, string>()
      before(async function () {
        if (!kit.isThere()) return this.skip()
        const ports = await freePorts(2)
        for (const [i, requireState] of [false, true].entries()) {
          const origin = `http://127.0.0.1:${ports[i]!}`
          const settings = { ...VECTOR, alg: 'HS256', home: `${origin}/diary/`, requireState }
          open.push(await kit.start(settings, ports[i]!))
          origins.set(requireState, origin)
        }
      })
      after(() => open.forEach(({ close }) => close()))

      for (const vector of all)
        it(`${vector.id}: ${vector.refused ?? `lets ${vector.login!} in`}`, () =>
          bring(origins.get(vector.requireState ?? false)!, kit, vector))
    })
})
