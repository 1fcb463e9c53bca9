/** Every refusal is earned, by name: what test/attacks/earned.ts says about each code is true. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { refusals, type RefusalCode } from '../../src/base/refusals.js'
import { faults } from '../../src/mock-idp/faults.js'
import { logoutFaults } from '../../src/mock-idp/logout-faults.js'
import type { Page } from '../support/browser.js'
import { lastEvent } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { earned } from './earned.js'
import { closeStrictTown } from './strict-town.js'

describe('attacks: every refusal is earned', () => {
  let town: TestTown
  before(async () => {
    town = await startTestTown()
  })
  after(async () => {
    await town.close()
    await closeStrictTown()
  })

  /** As the answer tells it: in JSON, to the IdP, or in the audit under the number of the page. */
  async function told(page: Page): Promise<string | undefined> {
    if (page.text.startsWith('{')) return (JSON.parse(page.text) as { refused?: string }).refused
    const status = /<samlp:StatusMessage>([^<]+)</.exec(page.text)?.[1]
    return status ?? (await lastEvent(town, page)).code
  }

  for (const code of Object.keys(refusals) as RefusalCode[]) {
    const how = earned[code]
    if (typeof how === 'function')
      it(`${code} by what anybody can do`, async () => {
        expect(await told(await how(town))).to.equal(code)
      })
    else if ('test' in how)
      it(`${code} in ${how.test}`, () => {
        expect(readFileSync(projectFile(how.test), 'utf8')).to.include(`'${code}'`)
      })
    else
      it(`${code} by the row ${'row' in how ? how.row : how.logout}`, () => {
        const [rows, name] = 'row' in how ? [faults, how.row] : [logoutFaults, how.logout]
        const found = (rows as readonly { name: string; refused: string }[]).find(row => row.name === name)
        expect(found?.refused).to.equal(code)
      })
  }
})
