import { expect } from 'chai'
import { Refusal } from '../../src/base/refusal.js'
import { gate, warmUp } from '../../src/saml/gate.js'
import { readXml } from '../../src/saml/reader.js'
import { elementsOf } from '../../src/saml/tree.js'
import { responseXml } from '../support/foreign.js'
import { WORDING } from '../support/judging.js'

function refusalOf(xml: string): Refusal | undefined {
  try {
    gate(readXml(xml))
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  return undefined
}

describe('gate', () => {
  const good = responseXml(WORDING)
  const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

  it('warms up once, and lets honest messages through', () => {
    warmUp()
    warmUp()
    expect(refusalOf(good)).to.equal(undefined)
  })

  it('says line and element, and nothing of the document', () => {
    const { code, facts, message } = refusalOf(
      good.replace('<saml2:Subject>', '<saml2:Иванов>x</saml2:Иванов><saml2:Subject>'),
    )!
    expect([code, facts['line']]).to.deep.equal(['saml.schema', 6])
    expect(JSON.stringify([facts, message])).not.to.contain('Иванов')
    const value = refusalOf(good.replace(/IssueInstant="[^"]*"/, 'IssueInstant="Иванов"'))!
    expect(value.facts).to.deep.equal({ line: 1, element: 'Response' })
  })

  it('does not follow schemaLocation', () => {
    const hint = `<saml2p:Response ${XSI} xsi:schemaLocation="urn:oasis:names:tc:SAML:2.0:protocol http://evil.example/all.xsd urn:x file:///etc/passwd"`
    expect(refusalOf(good.replace('<saml2p:Response', hint))).to.equal(undefined)
  })

  it('types that no schema knows are taken on AttributeValue, and nowhere else', () => {
    expect(refusalOf(good.replaceAll('xs:string', 'xs:nothing'))).to.equal(undefined)
    expect(refusalOf(good.replace('<saml2:Conditions', `<saml2:Conditions ${XSI} xsi:type="nothing"`))?.code).to.equal(
      'saml.schema',
    )
  })

  it('judges a decrypted element with the namespaces around it', () => {
    const outer = readXml('<o xmlns="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:p="urn:p"><hole/></o>')
    const within = elementsOf(outer.root)[1]!
    expect(() => gate(readXml('<Audience p:x="" xmlns:p="urn:q">urn:x</Audience>', { within }))).to.throw('saml.schema')
    expect(() => gate(readXml('<Audience>urn:x</Audience>', { within }))).not.to.throw()
  })

  it('validates 600 good and bad messages without keeping them', () => {
    const bad = good.replace('<saml2:Subject>', '<saml2:Nothing/><saml2:Subject>')
    const [first, second] = [readXml(good), readXml(bad)]
    for (let i = 0; i < 200; i++) gate(first)
    const before = process.memoryUsage().rss
    for (let i = 0; i < 300; i++) {
      gate(first)
      expect(() => gate(second)).to.throw('saml.schema')
    }
    expect(process.memoryUsage().rss - before).to.be.lessThan(40 * 1024 * 1024)
  })
})
