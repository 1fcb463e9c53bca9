import { expect } from 'chai'
import fc from 'fast-check'
import { contactsOf, masked, readEmail, readPhone } from '../../src/confirm/contacts.js'

describe('contacts', () => {
  it('takes addresses that are one', () => {
    for (const good of ['a@b.example', 'и'.replace('и', 'i') + '.ivanov+x@mail.example', "o'neil@a-b.example", 'a@школа.рф'])
      expect(readEmail(good), good).to.equal(good)
    for (const bad of ['', 'a', 'a@b', 'a b@c.example', 'a@b.example, c@d.example', 'a@b.example;c@d.example', '"a,b"@c.example', 'a@b.example\r\nBcc: c@d.example', '<a@b.example>', 'a@b..example', `${'a'.repeat(65)}@b.example`, `a@${'b.'.repeat(130)}example`])
      expect(readEmail(bad), bad).to.equal(undefined)
  }) // prettier-ignore

  it('no text with a line end, comma or bracket is an address', () => {
    const unit = fc.constantFrom('a', '@', '.', ',', ';', '<', '>', '"', '\r', '\n', ' ', '\0', '\u2028', 'ж')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), text => {
        expect(readEmail(text) ?? '').not.to.match(/[\s,;<>"\0]/)
      }),
      { numRuns: 2_000 },
    )
  })

  it('knows a telephone number in every usual writing', () => {
    for (const good of ['+7(900)1234567', '+7 (900) 123-45-67', '8 900 123 45 67', '89001234567', '79001234567'])
      expect(readPhone(good), good).to.equal('79001234567')
    expect(readPhone('+375 29 123-45-67')).to.equal('375291234567')
    for (const bad of ['', '112', '9001234567', '+7900123456x', '+8(900)1234567890123', '+7(900)1234567\n1', 'tel:+79001234567'])
      expect(readPhone(bad), bad).not.to.match(/^7900/)
  }) // prettier-ignore

  it('offers what came in the assertion and what there is a gateway for', () => {
    const person = { email: 'ivan@mail.example', mobile: '+7(900)1234595' }
    const [mail, sms] = [{ way: 'email', to: 'ivan@mail.example' } as const, { way: 'sms', to: '79001234595' } as const]
    expect(contactsOf(person, ['email', 'sms'])).to.deep.equal([mail, sms])
    expect(contactsOf(person, ['sms'])).to.deep.equal([sms])
    expect(contactsOf(person, [])).to.deep.equal([])
    expect(contactsOf({ email: 'nonsense' }, ['email', 'sms'])).to.deep.equal([])
    expect([mail, sms].map(masked)).to.deep.equal(['i***@mail.example', '+7 *** ***-45-95'])
    expect(masked({ way: 'sms', to: '375291234567' })).to.equal('+*** ***-45-67')
  })
})
