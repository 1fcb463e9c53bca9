/** A QR code read by a decoder that shares nothing with what drew it. */
import { expect } from 'chai'
import jsQr from 'jsqr'
import { qrCode } from '../../src/cli/qr-code.js'

const SCALE = 4

/** What a camera would see: the path of the drawing, pixel by pixel. */
function photographed(svg: string): { pixels: Uint8ClampedArray; side: number } {
  const whole = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)![1])
  const side = whole * SCALE
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255)
  for (const [, x, y] of svg.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let i = 0; i < SCALE * SCALE; i += 1) {
      const at = (Number(y) * SCALE + Math.floor(i / SCALE)) * side + Number(x) * SCALE + (i % SCALE)
      pixels.fill(0, at * 4, at * 4 + 3)
    }
  }
  return { pixels, side }
}

describe('QR code', () => {
  for (const text of [
    'https://vhod.school.example/code#D7FW2-NQ9LR',
    `https://${'long.'.repeat(20)}example/code#D7FW2-NQ9LR`,
  ]) {
    it(`is read back: ${text.slice(0, 20)}`, () => {
      const { pixels, side } = photographed(qrCode(text).xml)
      expect(jsQr.default(pixels, side, side)?.data).to.equal(text)
    })
  }

  it('refuses what it would spoil', () => {
    expect(() => qrCode('https://школа.рф/code')).to.throw(RangeError)
  })
})
