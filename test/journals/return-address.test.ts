import { expect } from 'chai'
import { returnPattern } from '../../src/journals/return-address.js'

describe('a line of returnTo', () => {
  const read = [
    ['https://sgo.school.example/diary/*', { origin: 'https://sgo.school.example', path: '/diary/', below: true }],
    ['https://sgo.school.example/*', { origin: 'https://sgo.school.example', path: '/', below: true }],
    ['https://sgo.school.example/start', { origin: 'https://sgo.school.example', path: '/start', below: false }],
    ['https://h.example:8443/a?b=c', { origin: 'https://h.example:8443', path: '/a?b=c', below: false }],
    ['http://localhost:8082/sgo/*', { origin: 'http://localhost:8082', path: '/sgo/', below: true }],
    ['http://127.0.0.1/x', { origin: 'http://127.0.0.1', path: '/x', below: false }],
  ] as const
  for (const [text, pattern] of read) {
    it(`${text} is read`, () => expect(returnPattern(text)).to.deep.equal(pattern))
  }

  const refused: readonly [string, RegExp][] = [
    ['', /is not an address; allowed are an exact address/],
    ['*', /asterisk|not an address/],
    ['/diary/*', /is not an address/],
    ['https://sgo.school.example', /must be written as https:\/\/sgo\.school\.example\/;/],
    ['https://SGO.school.example/*', /must be written as https:\/\/sgo\.school\.example\/\*/],
    ['https://сго.рф/*', /must be written as https:\/\/xn--c1awh\.xn--p1ai\/\*/],
    ['https://sgo.school.example:443/', /must be written as/],
    ['https://sgo.school.example/a/../b', /must be written as https:\/\/sgo\.school\.example\/b/],
    ['http://sgo.school.example/*', /neither https nor http on localhost/],
    ['ftp://sgo.school.example/*', /neither https/],
    ['https://sgo.school.example./*', /neither https/],
    ['https://u:p@sgo.school.example/*', /user name or password/],
    ['https://sgo.school.example/x#', /fragment/],
    ['https://*.school.example/x', /asterisk/],
    ['https://sgo.school.example/*/x', /asterisk/],
    ['https://sgo.school.example/diary*', /asterisk/],
    ['https://sgo.school.example/**', /asterisk/],
    ['https://sgo.school.example/x?a=/*', /both a query and an asterisk/],
    ['https://sgo.school.example//x', /read differently/],
    ['https://sgo.school.example/%2e%2e%2fx', /read differently/],
    ['https://sgo.school.example/x?q=%0a', /read differently/],
  ]
  for (const [text, message] of refused) {
    it(`${JSON.stringify(text)} is refused`, () => expect(() => returnPattern(text)).to.throw(RangeError, message))
  }
})
