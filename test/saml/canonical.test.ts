import { expect } from 'chai'
import fc from 'fast-check'
import type { XmlElement as Wrapped } from 'libxml2-wasm'
import { XmlC14NMode, XmlDocument } from 'libxml2-wasm'
import { canonicalise, comparePoints } from '../../src/saml/canonical.js'
import { readXml } from '../../src/saml/reader.js'
import { elementsOf } from '../../src/saml/tree.js'

/** Canonical form of the `index`th element, by us. */
function ours(xml: string, index = 0, inclusive: string[] = [], comments = false): string {
  return canonicalise(elementsOf(readXml(xml).root)[index]!, { comments, inclusive })
}

/** The same by libxml2, where the list's empty prefix is called `#default`. */
function theirs(xml: string, index: number, inclusive: string[], comments: boolean): string {
  const document = XmlDocument.fromString(xml)
  try {
    const element = document.root.find('descendant-or-self::*')[index] as Wrapped
    return element.canonicalizeToString({
      mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
      inclusiveNamespacePrefixes: inclusive.map(prefix => prefix || '#default'),
      withComments: comments,
    })
  } finally {
    document.dispose()
  }
}

describe('exclusive canonicalisation: corner cases of the specification', () => {
  it('sorts attributes by namespace name, then by local name, and declarations by prefix', () => {
    const xml = '<a:r z="1" y="2" b:x="3" a:w="4" xmlns:b="urn:1" xmlns:a="urn:2"/>'
    expect(ours(xml)).to.equal('<a:r xmlns:a="urn:2" xmlns:b="urn:1" y="2" z="1" b:x="3" a:w="4"></a:r>')
  })

  it('drops declarations that nothing uses, and says those that are used again', () => {
    const xml = '<r xmlns:a="urn:a" xmlns:b="urn:b"><a:s/><a:t><a:u/></a:t></r>'
    expect(ours(xml)).to.equal('<r><a:s xmlns:a="urn:a"></a:s><a:t xmlns:a="urn:a"><a:u></a:u></a:t></r>')
  })

  it('keeps a prefix that only values use when the list names it, from outside the subtree, too', () => {
    const xml = '<o xmlns:xs="urn:xs"><r t="xs:string"/></o>'
    expect(ours(xml, 1)).to.equal('<r t="xs:string"></r>')
    expect(ours(xml, 1, ['xs', 'absent'])).to.equal('<r xmlns:xs="urn:xs" t="xs:string"></r>')
  })

  it('says #default where nothing uses it, and undoes it', () => {
    const xml = '<o xmlns="urn:o"><p:r xmlns:p="urn:p"><p:s xmlns=""/></p:r></o>'
    expect(ours(xml, 1, [''])).to.equal('<p:r xmlns="urn:o" xmlns:p="urn:p"><p:s xmlns=""></p:s></p:r>')
    expect(ours(xml, 1)).to.equal('<p:r xmlns:p="urn:p"><p:s></p:s></p:r>')
  })

  it('undoes a default namespace only where one was said', () => {
    expect(ours('<r xmlns="urn:r"><s xmlns=""><t/></s></r>')).to.equal('<r xmlns="urn:r"><s xmlns=""><t></t></s></r>')
    expect(ours('<r xmlns=""><s/></r>')).to.equal('<r><s></s></r>')
  })

  it('escapes as the specification says', () => {
    const xml = '<r a="&lt;&gt;&amp;&quot;&apos;&#9;&#10;&#13;">&lt;&gt;&amp;"\'&#13;\t\n<![CDATA[<]]></r>'
    expect(ours(xml)).to.equal('<r a="&lt;>&amp;&quot;\'&#x9;&#xA;&#xD;">&lt;&gt;&amp;"\'&#xD;\t\n&lt;</r>')
  })

  it('keeps comments or drops them', () => {
    expect(ours('<r>a<!-- b -->c</r>', 0, [], true)).to.equal('<r>a<!-- b -->c</r>')
    expect(ours('<r>a<!-- b -->c</r>')).to.equal('<r>ac</r>')
  })

  it('leaves out the signature, and it alone', () => {
    const { root } = readXml('<r><s>1</s>2<s>3</s></r>')
    expect(canonicalise(root, { comments: false, inclusive: [], without: elementsOf(root)[1]! })).to.equal(
      '<r>2<s>3</s></r>',
    )
  })

  it('never writes the prefix xml', () => {
    const xml = '<r xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:lang="ru"/>'
    expect(ours(xml, 0, ['xml'])).to.equal('<r xml:lang="ru"></r>')
  })

  it('orders by code point, not by UTF-16 unit', () => {
    expect(comparePoints('\u{10000}', '\uFF21')).to.be.greaterThan(0)
    expect(ours('<r \u{10000}="1" Ａ="2"/>')).to.equal('<r Ａ="2" \u{10000}="1"></r>')
  })
})

describe('exclusive canonicalisation: held against libxml2', () => {
  const prefixes = ['', 'a', 'b', 'c']
  interface Shape {
    prefix: string
    declares: readonly [string, string][]
    attributes: readonly [string, string, string][]
    children: readonly (Shape | string)[]
  }
  const text = fc.constantFrom('x', '&amp;', '&lt;&#13;', ' \n', '<!-- c -->', '<![CDATA[>]]>', 'Ж😀', '&quot;&#9;')
  const shape = fc.letrec<{ element: Shape }>(tie => ({
    element: fc.record({
      prefix: fc.constantFrom(...prefixes),
      declares: fc.array(fc.tuple(fc.constantFrom(...prefixes), fc.constantFrom('urn:1', 'urn:2', 'urn:3', '')), {
        maxLength: 3,
      }),
      attributes: fc.array(
        fc.tuple(
          fc.constantFrom(...prefixes),
          fc.constantFrom('m', 'n', 'ö'),
          fc.constantFrom('', '&lt;&#10;', '&quot;&#13;'),
        ),
        { maxLength: 3 },
      ),
      children: fc.array(fc.oneof({ depthSize: 'small', withCrossShrink: true }, text, tie('element')), {
        maxLength: 4,
      }),
    }),
  })).element

  /** Written so that it is always a document: prefixes are declared at the root, doubles are dropped. */
  function write({ prefix, declares, attributes, children }: Shape, top: boolean): string {
    const name = (p: string, local: string) => (p === '' ? local : `${p}:${local}`)
    const all = new Map(top ? [['a', 'urn:1'], ['b', 'urn:2'], ['c', 'urn:3']] : []) // prettier-ignore
    for (const [p, value] of declares) if (p === '' || value !== '') all.set(p, value)
    const pairs = [...all].map(([p, value]) => ` ${p === '' ? 'xmlns' : `xmlns:${p}`}="${value}"`)
    const unique = new Map(attributes.map(([p, local, value]) => [name(p, local), value]))
    const values = [...unique].map(([each, value]) => ` ${each}="${value}"`)
    const inside = children.map(child => (typeof child === 'string' ? child : write(child, false))).join('')
    return `<${name(prefix, 'e')}${pairs.join('')}${values.join('')}>${inside}</${name(prefix, 'e')}>`
  }

  it('writes the same octets for 600 generated documents', () => {
    let compared = 0
    const lists = fc.subarray(['', 'a', 'b', 'absent'])
    fc.assert(
      fc.property(shape, fc.nat(4), lists, fc.boolean(), (document, at, inclusive, comments) => {
        const xml = write(document, true)
        let count: number
        try {
          count = elementsOf(readXml(xml).root).length
        } catch {
          return // two attributes of one expanded name: no document
        }
        compared++
        const index = at % count
        expect(ours(xml, index, inclusive, comments)).to.equal(theirs(xml, index, inclusive, comments))
      }),
      { numRuns: 600 },
    )
    expect(compared).to.be.greaterThan(400)
  })
})
