import { expect } from 'chai'
import { readXml } from '../../src/saml/reader.js'
import { attribute, textOf } from '../../src/saml/tree.js'
import { element } from '../../src/base/xml-writer.js'

describe('XML writer', () => {
  it('whatever is written is read back, in text and attributes alike', () => {
    for (const value of ['a<b>&"c\'', ']]>', 'tab\tline\nend\r', ' spaces  ', 'Ёжикова-Д’Артаньян 🦔', '&amp;', '']) {
      const { root } = readXml(element('a', { b: value }, value, element('c')).xml)
      expect(textOf(root), 'text').to.equal(value)
      expect(attribute(root, 'b'), 'attribute').to.equal(value)
    }
  })

  it('leaves out what is undefined and closes what is empty', () => {
    expect(element('a', { b: undefined, c: '' }, undefined, '').xml).to.equal('<a c=""/>')
  })

  it('refuses what XML cannot carry', () => {
    for (const value of ['\u0000', '\u001b', '\ud800', '\ufffe']) {
      expect(() => element('a', {}, value)).to.throw(RangeError, 'control character')
      expect(() => element('a', { b: value })).to.throw(RangeError)
    }
  })
})
