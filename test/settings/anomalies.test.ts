/** The section `anomalies`: the same figures as in the table of rules, and the key of the webhook. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { anomaliesSection } from '../../src/settings/schema-anomalies.js'
import { readAnomalies } from '../../src/settings/anomalies.js'
import { rules } from '../../src/watch/rules.js'

const read = (written: unknown) => anomaliesSection.parse(written)

describe('settings: anomalies', () => {
  it('knows every rule, with the figures of the table', () => {
    const written = read({}).rules
    expect(written).to.deep.equal(Object.fromEntries(rules.map(({ name, usual }) => [name, usual])))
  })

  it('lets a rule lock that may, and no other', () => {
    for (const { name, mayLock } of rules) {
      const parsed = anomaliesSection.safeParse({ rules: { [name]: { action: 'lock' } } })
      expect(parsed.success, name).to.equal(mayLock)
    }
  })

  describe('the key of the webhook', () => {
    let folder: string
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'anomalies-'))
    })
    afterEach(() => rmSync(folder, { recursive: true, force: true }))
    const keyIn = (octets: string, mode = 0o600) => {
      writeFileSync(join(folder, 'key'), octets)
      chmodSync(join(folder, 'key'), mode)
      const anomalies = read({ notify: { webhook: { url: 'https://x.example/', key: { file: 'key' } } } })
      return readAnomalies({ anomalies }, { folder, env: {} })
    }

    it('is what stands in the file, without the line end behind it', () => {
      for (const end of ['', '\n', '\r\n'])
        expect(keyIn('k'.repeat(32) + end)).to.deep.equal({
          ...{ webhookKey: Buffer.from('k'.repeat(32)), findings: [], warnings: [] },
        })
    })

    it('is not too short, not missing, and nobody else’s business', () => {
      expect(keyIn(`${'k'.repeat(31)}\n`).findings[0]?.message).to.match(/at least 32 bytes/)
      expect(keyIn('k'.repeat(32), 0o644).warnings[0]?.message).to.match(/chmod 600/)
      rmSync(join(folder, 'key'))
      const anomalies = read({ notify: { webhook: { url: 'https://x.example/', key: { file: 'key' } } } })
      expect(readAnomalies({ anomalies }, { folder, env: {} }).findings[0]?.message).to.match(/does not exist/)
    })
  })
})
