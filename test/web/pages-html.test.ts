import { expect } from 'chai'
import fc from 'fast-check'
import { html } from '../../src/web/pages/html.js'

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}
/** What a browser makes of the five entities that we write. */
const unescaped = (text: string): string => text.replace(/&(?:amp|lt|gt|quot|#39);/g, entity => entities[entity] ?? '')

describe('html template', () => {
  it('lets no text leave its place: no tag, no quote, and the text itself comes back whole', () => {
    const awkward = fc.string({
      unit: fc.constantFrom('<', '>', '"', "'", '&', ';', 'a', 'ё', '#39', 'lt', '/', ' ', '`', '$'),
    })
    fc.assert(
      fc.property(fc.oneof(awkward, fc.string()), text => {
        const written = html`${text}`.toString()
        expect(written).not.to.match(/[<>"']/)
        expect(written.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.to.contain('&')
        expect(unescaped(written)).to.equal(text)
      }),
    )
  })

  it('keeps what is HTML already, in lists of lists too', () => {
    const items = ['<b>', html`<i>${'&'}</i>`, [html`<br />`, 1]]
    expect(html`<p>${items}</p>`.toString()).to.equal('<p>&lt;b&gt;<i>&amp;</i><br />1</p>')
  })

  it('leaves nothing of null, undefined and false, but writes 0 and the empty string', () => {
    expect(html`[${null}${undefined}${false}|${0}|${''}]`.toString()).to.equal('[|0|]')
  })

  it('does not take a look-alike for HTML', () => {
    const fake = { toString: () => '<script>' } as unknown as string
    expect(() => html`${fake}`.toString()).to.throw(TypeError)
  })
})
