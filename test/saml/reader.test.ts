import { parseXml, XmlElement as TheirElement } from '@rgrove/parse-xml'
import { expect } from 'chai'
import fc from 'fast-check'
import { Refusal } from '../../src/base/refusal.js'
import type { RefusalCode } from '../../src/base/refusals.js'
import { readXml } from '../../src/saml/reader.js'
import { attribute, childNamed, elementsOf, namespaceAt, textOf, type XmlElement } from '../../src/saml/tree.js'

const P = 'urn:oasis:names:tc:SAML:2.0:protocol'

function codeOf(read: () => unknown): RefusalCode | undefined {
  try {
    read()
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  return undefined
}

/** Each is refused; the unspoilt document below them is read. */
const hostile: readonly (readonly [why: string, xml: string, code: RefusalCode])[] = [
  ['nothing', '', 'saml.not-xml'],
  ['only white space', ' \n', 'saml.not-xml'],
  ['text only', 'hello', 'saml.not-xml'],
  ['another version', '<?xml version="1.1"?><a/>', 'saml.declaration'],
  ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>', 'saml.declaration'],
  ['declaration without a version', '<?xml encoding="UTF-8"?><a/>', 'saml.declaration'],
  ['declaration in capitals', '<?xml VERSION="1.0"?><a/>', 'saml.declaration'],
  ['declaration that never ends', `<?xml version="1.0"${' '.repeat(100_000)}`, 'saml.declaration'],
  ['declaration after a space', ' <?xml version="1.0"?><a/>', 'saml.processing-instruction'],
  ['processing instruction before', '<?php echo 1 ?><a/>', 'saml.processing-instruction'],
  ['processing instruction inside', '<a><?x?></a>', 'saml.processing-instruction'],
  ['processing instruction after', '<a/><?x?>', 'saml.processing-instruction'],
  ['document type', '<!DOCTYPE a><a/>', 'saml.doctype'],
  ['internal entity', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'saml.doctype'],
  ['unknown entity', '<a>&nbsp;</a>', 'saml.not-xml'],
  ['entity without end', '<a>&amp</a>', 'saml.not-xml'],
  ['bare ampersand', '<a>a & b</a>', 'saml.not-xml'],
  ['reference to NUL', '<a>&#0;</a>', 'saml.not-xml'],
  ['reference beyond Unicode', '<a>&#x110000;</a>', 'saml.not-xml'],
  ['reference to a surrogate', '<a>&#xD800;</a>', 'saml.not-xml'],
  ['reference to U+FFFE', '<a>&#xFFFE;</a>', 'saml.not-xml'],
  ['empty reference', '<a>&#;</a>', 'saml.not-xml'],
  ['empty hexadecimal reference', '<a>&#x;</a>', 'saml.not-xml'],
  ['capital X', '<a>&#X41;</a>', 'saml.not-xml'],
  ['NUL', '<a>\0</a>', 'saml.not-xml'],
  ['form feed', '<a\f/>', 'saml.not-xml'],
  ['lone surrogate', '<a>\uD800</a>', 'saml.not-xml'],
  [']]> in text', '<a>]]></a>', 'saml.not-xml'],
  [']]> behind a CDATA section', '<a><![CDATA[x]]>]]></a>', 'saml.not-xml'],
  [']]> before the document', ']]><a/>', 'saml.not-xml'],
  ['attribute that never ends', '<a b="c', 'saml.not-xml'],
  ['< in an attribute', '<a b="<"/>', 'saml.not-xml'],
  ['attribute without quotes', '<a b=c/>', 'saml.not-xml'],
  ['attribute without value', '<a b/>', 'saml.not-xml'],
  ['attributes without space', '<a b="1"c="2"/>', 'saml.not-xml'],
  ['space before a name', '< a/>', 'saml.not-xml'],
  ['unclosed', '<a><b></b>', 'saml.not-xml'],
  ['crossed', '<a><b></a></b>', 'saml.not-xml'],
  ['end tag of a longer name', '<a></ab>', 'saml.not-xml'],
  ['end tag of another prefix', '<p:a xmlns:p="urn:p" xmlns:q="urn:p"></q:a>', 'saml.not-xml'],
  ['end tag with an attribute', '<a></a b="">', 'saml.not-xml'],
  ['end tag first', '</a>', 'saml.not-xml'],
  ['two roots', '<a/><b/>', 'saml.not-xml'],
  ['text after', '<a/>x', 'saml.not-xml'],
  ['CDATA outside', '<a/><![CDATA[x]]>', 'saml.not-xml'],
  ['CDATA unfinished', '<a><![CDATA[x</a>', 'saml.not-xml'],
  ['comment unfinished', '<a><!-- </a>', 'saml.not-xml'],
  ['comment with --', '<a><!-- a -- b --></a>', 'saml.not-xml'],
  ['comment that ends with --->', '<a><!-- a ---></a>', 'saml.not-xml'],
  ['declaration of an element', '<!ELEMENT a ANY><a/>', 'saml.not-xml'],
  ['attribute twice', '<a b="1" b="2"/>', 'saml.not-xml'],
  ['attribute twice by namespace', '<a xmlns:p="urn:x" xmlns:q="urn:x" p:b="1" q:b="2"/>', 'saml.not-xml'],
  ['prefix twice', '<a xmlns:p="urn:x" xmlns:p="urn:x"/>', 'saml.not-xml'],
  ['undeclared prefix', '<p:a/>', 'saml.not-xml'],
  ['undeclared prefix of an attribute', '<a p:b=""/>', 'saml.not-xml'],
  ['prefix out of its scope', '<a><b xmlns:p="urn:x"/><p:c/></a>', 'saml.not-xml'],
  ['element of prefix xmlns', '<xmlns:a/>', 'saml.not-xml'],
  ['three parts of a name', '<a:b:c xmlns:a="urn:x"/>', 'saml.not-xml'],
  ['empty prefix', '<:a/>', 'saml.not-xml'],
  ['empty local name', '<a: xmlns:a="urn:x"/>', 'saml.not-xml'],
  ['digit first', '<1a/>', 'saml.not-xml'],
  ['prefix undeclared again', '<a xmlns:p="urn:x"><b xmlns:p=""/></a>', 'saml.not-xml'],
  ['xml rebound', '<a xmlns:xml="urn:x"/>', 'saml.not-xml'],
  ['another prefix for xml', '<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>', 'saml.not-xml'],
  ['default namespace xml', '<a xmlns="http://www.w3.org/XML/1998/namespace"/>', 'saml.not-xml'],
  ['xmlns declared', '<a xmlns:xmlns="http://www.w3.org/2000/xmlns/"/>', 'saml.not-xml'],
  ['xmlns as a name', '<a xmlns:p="http://www.w3.org/2000/xmlns/"/>', 'saml.not-xml'],
  ['relative namespace', '<a xmlns="assertion"/>', 'saml.not-xml'],
  ['namespace with &', '<a xmlns="urn:a?b&amp;c"/>', 'saml.not-xml'],
  ['namespace with white space', '<a xmlns="urn:a&#10;b"/>', 'saml.not-xml'],
  ['ID twice', `<a xmlns="${P}" ID="x"><b ID="x"/></a>`, 'saml.duplicate-id'],
  [
    'ID and Id',
    `<a xmlns="${P}" ID="x"><b xmlns="http://www.w3.org/2000/09/xmldsig#" Id="x"/></a>`,
    'saml.duplicate-id',
  ],
  ['ID and xml:id', `<a xmlns="${P}" ID="x"><b xml:id="x"/></a>`, 'saml.duplicate-id'],
  ['10,000 levels', '<a>'.repeat(10_000) + '</a>'.repeat(10_000), 'saml.too-complex'],
  ['10,000 attributes', `<a ${Array.from({ length: 10_000 }, (_, i) => `b${i}=""`).join(' ')}/>`, 'saml.too-complex'],
  ['60,000 elements', `<a>${'<b/>'.repeat(60_000)}</a>`, 'saml.too-complex'],
  ['a namespace for everyone', `<a>${'<b xmlns="urn:x"/>'.repeat(5_000)}</a>`, 'saml.too-complex'],
]

describe('reader: what is refused', () => {
  for (const [why, xml, code] of hostile) {
    it(`${why} -> ${code}`, () => {
      expect(codeOf(() => readXml(xml))).to.equal(code)
    })
  }

  it('says the line and never quotes the document', () => {
    try {
      readXml('<a>\n<secret>\n</Иванов></a>')
      expect.fail('read')
    } catch (error) {
      expect((error as Refusal).facts).to.deep.equal({ what: 'an end tag that closes another element', line: 3 })
    }
  })
})

describe('reader: what is read', () => {
  it('control: a document with everything that is allowed', () => {
    const xml =
      '\uFEFF<?xml version=\'1.0\' encoding="utf-8" standalone="no" ?>\r\n<!-- c --><p:a xmlns:p="urn:p" xmlns="urn:d" b = \'1\' ' +
      'p:b="2"><c xmlns=""/>x<!--y-->z<![CDATA[<&]]>&lt;&#65;&#x42;</p:a >\n<!-- after -->\n'
    const { root } = readXml(xml)
    expect([root.prefix, root.local, root.ns]).to.deep.equal(['p', 'a', 'urn:p'])
    expect(root.attributes.map(({ local, ns, value }) => [local, ns, value])).to.deep.equal([
      ['b', '', '1'],
      ['b', 'urn:p', '2'],
    ])
    expect(textOf(root)).to.equal('xz<&<AB')
    expect(root.children.map(node => node.kind)).to.deep.equal(['element', 'text', 'comment', 'text'])
    expect(childNamed(root, '', 'c')?.parent).to.equal(root)
  })

  it('makes white space in attributes spaces, but keeps character references', () => {
    expect(attribute(readXml('<a b="1\t2\r\n3\r4&#9;5&#10;6&#13;7"/>').root, 'b')).to.equal('1 2 3 4\t5\n6\r7')
  })

  it('makes every line end one line feed', () => {
    expect(textOf(readXml('<a>1\r\n2\r3\n4&#13;\r\n</a>').root)).to.equal('1\n2\n3\n4\r\n')
  })

  it('knows where an element stands', () => {
    const { root, source } = readXml('<a><b c="d">e</b><f/></a>')
    const [, b, f] = elementsOf(root)
    expect(source.slice(b!.from, b!.to)).to.equal('<b c="d">e</b>')
    expect(source.slice(f!.from, f!.to)).to.equal('<f/>')
    expect(source.slice(b!.attributes[0]!.from, b!.attributes[0]!.to)).to.equal('c="d"')
  })

  it('takes other vocabularies’ ids as they are', () => {
    expect(readXml('<a xmlns="urn:esia" ID="P"><b ID="P"/></a>').root.children).to.have.length(1)
  })

  it('reads an element as if it stood in another document', () => {
    const outer = readXml('<o xmlns:p="urn:p" xmlns="urn:d"><hole/></o>')
    const hole = elementsOf(outer.root)[1]!
    const inner = readXml('<p:a><b/></p:a>', { within: hole }).root
    expect([inner.ns, elementsOf(inner)[1]!.ns, inner.parent]).to.deep.equal(['urn:p', 'urn:d', hole])
    expect(namespaceAt(inner, 'p')).to.equal('urn:p')
  })

  it('shares one set of IDs between documents', () => {
    const ids = new Set<string>()
    readXml(`<a xmlns="${P}" ID="x"/>`, { ids })
    expect(codeOf(() => readXml(`<a xmlns="${P}" ID="x"/>`, { ids }))).to.equal('saml.duplicate-id')
  })

  it('reads 190 KB of carriage returns in linear time', () => {
    expect(textOf(readXml(`<a>${'\r'.repeat(190_000)}</a>`).root)).to.have.length(190_000)
  })
})

describe('reader: names', () => {
  const part = fc.constantFrom(
    'saml2',
    'saml2p',
    'xs',
    'xmlns',
    ':',
    'Attribute',
    'Value',
    'Name',
    'ID',
    'я',
    'é',
    '.',
    '-',
    '1',
  )
  const QUALIFIED = /^(?:(saml2|saml2p|xs):)?([A-Za-zяé][A-Za-zяé.\-1-9]*)$/
  const scope = 'xmlns:saml2="urn:a" xmlns:saml2p="urn:b" xmlns:xs="urn:c"'

  it('are what is written, also when they were met before and when others begin or end like them', () => {
    let read = 0
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), parts => {
        const written = parts.join('')
        const [, prefix = '', local] = QUALIFIED.exec(written) ?? []
        for (const xml of [`<r ${scope}><${written}/></r>`, `<r ${scope}><${written}></${written}></r>`]) {
          if (local === undefined) expect(codeOf(() => readXml(xml))).to.equal('saml.not-xml')
          else expect(readXml(xml).elements[1]).to.include({ written, prefix, local })
        }
        if (local === undefined || written === 'xmlns') return
        read++
        const [found] = readXml(`<r ${scope} ${written}="v"/>`).root.attributes
        expect(found).to.include({ written, prefix, local, value: 'v' })
      }),
      { numRuns: 1_000 },
    )
    expect(read).to.be.greaterThan(200)
  })
})

describe('reader: a document that breaks off', () => {
  it('is refused wherever it does', () => {
    const xml = '<p:a xmlns:p="urn:p" b=\'1\' p:c = "&lt;"> x<!--y--><![CDATA[z]]>&#65;<d/></p:a >'
    expect(codeOf(() => readXml(xml))).to.equal(undefined)
    for (let end = 0; end < xml.length; end++)
      expect(
        codeOf(() => readXml(xml.slice(0, end))),
        xml.slice(0, end),
      ).to.equal('saml.not-xml')
  })
})

describe('reader: held against @rgrove/parse-xml', () => {
  const plain = (node: TheirElement | XmlElement): unknown => {
    if (node instanceof TheirElement) {
      const children = (node.children as readonly { type: string; text?: string }[]).filter(
        child => child.type !== 'text' || child.text !== '',
      ) // of an empty CDATA section
      return [
        node.name,
        Object.entries(node.attributes).sort(),
        children.map(child => (child.type === 'text' ? child.text : plain(child as unknown as TheirElement))),
      ]
    }
    const ours = node
    const name = (prefix: string, local: string) => (prefix === '' ? local : `${prefix}:${local}`)
    return [
      name(ours.prefix, ours.local),
      [
        ...ours.attributes.map(({ prefix, local, value }) => [name(prefix, local), value]),
        ...ours.declarations.map(({ prefix, ns }) => [prefix === '' ? 'xmlns' : `xmlns:${prefix}`, ns]),
      ].sort(),
      ours.children
        .filter(child => child.kind !== 'comment')
        .map(child => (child.kind === 'text' ? child.value : plain(child))),
    ]
  }
  const theirs = (xml: string): unknown => {
    try {
      return plain(parseXml(xml).root!)
    } catch {
      return 'refused'
    }
  }
  const ours = (xml: string): unknown => {
    try {
      return plain(readXml(xml).root)
    } catch {
      return 'refused'
    }
  }
  // comments are left out: they part text nodes here, and not there
  const piece = fc.constantFrom(
    '<a>', '</a>', '<b c="d">', '</b>', '<e/>', '<f g=\'h&amp;\'>', '</f>', '&lt;', '&#65;', '&#x416;', '&bad;', 'x', ' ', '\n', '\r\n', '\t', 'я',
    '<![CDATA[', ']]>', ']', ']]', '<', '>', '"', "'", '&', '😀', '<i j="\n\t">', '</i >', '<k xmlns="urn:k">', '</k>', '=', '/', '\u0001', '<é ü="ö"/>', '<·/>',
  ) // prettier-ignore

  it('agrees on what is XML and what it says, on 4,000 generated texts', () => {
    let read = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), fc.boolean(), (pieces, closed) => {
        const xml = closed ? `<r>${pieces.join('')}</r>` : pieces.join('')
        const found = ours(xml)
        if (found !== 'refused') read++
        expect(found).to.deep.equal(theirs(xml))
      }),
      { numRuns: 4_000 },
    )
    expect(read).to.be.greaterThan(100)
  })
})
