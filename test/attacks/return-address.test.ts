/** Open redirects: every trick of the corpus is refused, every honest address goes through untouched. */
import { expect } from 'chai'
import fc from 'fast-check'
import { Refusal } from '../../src/base/refusal.js'
import { checkReturnAddress, returnPattern } from '../../src/journals/return-address.js'
import { honest, journal, tricks } from './return-addresses.js'

function refusalOf(text: string): Refusal | undefined {
  try {
    checkReturnAddress(text, journal)
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

describe('attacks on the return address', () => {
  for (const text of honest) {
    it(`control: ${text} goes through`, () => {
      expect(checkReturnAddress(text, journal).href).to.equal(text)
    })
  }

  for (const { trick, text, why } of tricks) {
    it(`${trick}: ${JSON.stringify(text).slice(0, 90)} -> journal.return-denied (${why})`, () => {
      expect(honest).not.to.include(text)
      const refusal = refusalOf(text)
      expect(refusal?.code).to.equal('journal.return-denied')
      expect(refusal?.facts).to.deep.equal({ journal: 'sgo', why })
    })
  }

  it('the corpus is large, and no trick stands in it twice', () => {
    expect(tricks.length).to.be.at.least(300)
    expect(new Set(tricks.map(({ text }) => text)).size).to.equal(tricks.length)
  })

  it('a journal without a list has no return address', () => {
    expect(() => checkReturnAddress(honest[0]!, { id: 'sgo', returnTo: [] })).to.throw(Refusal)
  })

  it('whatever goes through stays below its pattern however often it is decoded', () => {
    const patterns = journal.returnTo.map(returnPattern)
    const piece = fc.constantFrom(
      ...[
        '/',
        '//',
        '.',
        '..',
        '%2e',
        '%2f',
        '%5c',
        '%25',
        '%252e',
        '\\',
        '@',
        ':',
        ';',
        '?',
        '#',
        '&',
        '=',
        ' ',
        '\t',
      ],
      ...[
        '%20',
        '%ef%bc%8f',
        '%e2%80%a5',
        'diary',
        'x',
        'evil.example',
        'https:',
        'sgo.school.example',
        'é',
        '%C3%A9',
        '*',
      ],
    )
    const start = fc.constantFrom('', 'https://', 'https://sgo.school.example', ...honest)
    let through = 0
    const property = fc.property(start, fc.array(piece, { maxLength: 6 }), (head, tail) => {
      const text = head + tail.join('')
      if (refusalOf(text)) return
      through++
      const url = new URL(new URL(text).href)
      const fits = patterns.some(
        ({ origin, path, below }) =>
          url.origin === origin &&
          (below ? url.pathname.startsWith(path) : url.href === origin + path || text === origin + path),
      )
      expect(fits, text).to.equal(true)
      let path = url.pathname
      for (let i = 0; i < 3; i++) {
        expect(path.split(/[/\\]/).some(segment => segment === '.' || segment === '..')).to.equal(false)
        path = decodeURIComponent(path)
      }
      expect(url.username + url.password + url.hash).to.equal('')
    })
    fc.assert(property, { numRuns: 3000 })
    expect(through).to.be.greaterThan(50)
  })
})
