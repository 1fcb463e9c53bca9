/** Names that the reader hands out instead of pieces of the document: always the very text that stands there. */
import { expect } from 'chai'
import { knownNamespace, nameAt } from '../../src/saml/known-names.js'
import { readXml } from '../../src/saml/reader.js'
import { ns } from '../../src/words/saml-names.js'

const KNOWN = ['Assertion', 'NameID', 'NotOnOrAfter', 'e', 'ID', 'Id', 'LogoutRequest', 'Reason', 'PrefixList']

describe('known names', () => {
  const whole = (text: string): string => nameAt(`<${text} `, 1, 1 + text.length)

  it('are what stands there, for every name and every near miss of it', () => {
    for (const name of KNOWN) {
      const misses = [name.toLowerCase(), `${name}s`, name.slice(1), `x${name}`, Array.from(name).reverse().join('')]
      for (const text of [name, ...misses].filter(each => each !== '')) expect(whole(text), text).to.equal(text)
      for (let i = 0; i < name.length; i++) {
        // first, middle and last letter and the length find the place; the rest must still be compared
        const text = `${name.slice(0, i)}Ж${name.slice(i + 1)}`
        expect(whole(text), text).to.equal(text)
      }
    }
  })

  it('of names that share length, first, middle and last letter, each is itself', () => {
    for (const [one, other] of [
      ['NameID', 'NamxID'],
      ['Subject', 'Sunject'],
      ['Audience', 'Aydience'],
    ] as const)
      // prettier-ignore
      expect([whole(one), whole(other)]).to.deep.equal([one, other])
  })

  it('end where they are said to end, also at the end of the text', () => {
    expect(nameAt('NameIDPolicy', 0, 6)).to.equal('NameID')
    expect(nameAt('NameIDPolicy', 4, 12)).to.equal('IDPolicy')
    expect(nameAt('xNameID', 1, 7)).to.equal('NameID')
  })

  it('of a namespace only the exact one', () => {
    expect(knownNamespace(ns.assertion)).to.equal(ns.assertion)
    for (const near of [`${ns.assertion}/`, ns.assertion.toUpperCase(), ` ${ns.assertion}`, ''])
      expect(knownNamespace(near), near).to.equal(undefined)
  })

  it('change nothing of what is read: known and unknown elements and attributes side by side', () => {
    const { root } = readXml('<NameID xmlns="urn:x" Format="a" Formaz="b"><NamxID/><Name/><Namf/></NameID>')
    expect(root.attributes.map(({ local, value }) => [local, value])).to.deep.equal([['Format', 'a'], ['Formaz', 'b']]) // prettier-ignore
    expect(root.children.map(node => (node.kind === 'element' ? node.local : ''))).to.deep.equal(['NamxID', 'Name', 'Namf']) // prettier-ignore
  })
})
