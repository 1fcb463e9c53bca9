import { expect } from 'chai'
import { accountsFor } from '../../src/identity/match.js'
import { readPerson } from '../../src/identity/person.js'
import type { Attribute, VerifiedAssertion } from '../../src/saml/assertion.js'
import { esiaAttribute } from '../../src/words/saml-names.js'
import { listed } from './evidence.js'
import { refusalOf } from './refusal-of.js'

type Values = Partial<Record<keyof typeof esiaAttribute, readonly string[]>>

/** The brand belongs to the judge; here an honest verdict is taken for granted. */
function assertionOf(attributes: readonly Attribute[]): VerifiedAssertion {
  const content = {
    idp: 'https://idp.example/',
    id: '_1',
    authnInstant: 5000,
    rememberUntil: 9000,
    issuedAt: 5000,
    attributes,
  }
  return content as unknown as VerifiedAssertion
}
const attributesOf = (values: Values): Attribute[] =>
  Object.entries(values).map(([name, list]) => ({ name: esiaAttribute[name as keyof Values], values: list }))
const read = (values: Values) => readPerson(assertionOf(attributesOf(values)))

const nowhere = { journal: { id: 'sgo', schools: [], roles: [] }, schools: new Map(), now: 0 }

describe('identity: the person of an assertion', () => {
  it('reads what ESIA sends', () => {
    const person = read({
      userId: ['1000299654'],
      snils: ['112-233-445 95'],
      lastName: ['Ёжикова-Д’Артаньян'],
      firstName: ['Зульфия-Айгуль'],
      middleName: ['Игоревна'],
      birthDate: ['31.05.1984'],
      email: ['test@mail.example'],
      mobile: ['+7(234)1234567'],
      assuranceLevel: ['30'],
      trusted: ['true'],
      authnMethod: ['PWD'],
      globalRole: ['P'],
    })
    expect(person).to.deep.equal({
      idp: 'https://idp.example/',
      userId: '1000299654',
      snils: '11223344595',
      lastName: 'Ёжикова-Д’Артаньян',
      firstName: 'Зульфия-Айгуль',
      middleName: 'Игоревна',
      birthDate: '1984-05-31',
      email: 'test@mail.example',
      mobile: '+7(234)1234567',
      level: 'confirmed',
      authnMethod: 'PWD',
      globalRole: 'P',
      authenticatedAt: 5000,
    })
  })

  it('IIP-SP12 whatever name the assertion gives its subject, the person is the same, and nothing of the name is kept', () => {
    const plain = assertionOf(attributesOf({ userId: ['1'], snils: ['112-233-445 95'] }))
    for (const format of ['persistent', 'transient']) {
      const nameId = { value: 'somebody', format: `urn:oasis:names:tc:SAML:2.0:nameid-format:${format}` }
      expect(readPerson({ ...plain, nameId })).to.deep.equal(readPerson(plain))
    }
  })

  it('leaves out what the assertion leaves out or leaves empty', () => {
    expect(read({ middleName: [''], snils: [' '], email: [] })).to.deep.equal({
      idp: 'https://idp.example/',
      level: 'simplified',
      globalRole: 'P',
      authenticatedAt: 5000,
    })
  })

  it('matches by Name alone, whatever FriendlyName pretends', () => {
    const liar: Attribute = { name: 'urn:stranger', friendlyName: 'personSNILS', values: ['112-233-445 95'] }
    const alias: Attribute = { name: esiaAttribute.firstName, friendlyName: 'personSNILS', values: ['Мария'] }
    const person = readPerson(assertionOf([liar, alias]))
    expect(person.snils).to.equal(undefined)
    expect(person.firstName).to.equal('Мария')
  })

  it('composes letters, trims, keeps one space inside and cuts nothing', () => {
    const long = 'Ж'.repeat(300)
    const person = read({
      lastName: [long],
      firstName: ['  Анна \u00a0\n Мария '],
      middleName: ['\u0418\u0306горе\u0308вна'],
    })
    expect(person.lastName).to.equal(long)
    expect(person.firstName).to.equal('Анна Мария')
    expect(person.middleName).to.equal('\u0419гор\u0451вна')
  })

  describe('СНИЛС', () => {
    it('may stand several times as long as it is one number', () => {
      expect(read({ snils: ['112-233-445 95', '11223344595'] }).snils).to.equal('11223344595')
    })
    it('may be one of ESIA’s test numbers below the first that is checked', () => {
      expect(read({ snils: ['000-000-600 01'] }).snils).to.equal('00000060001')
    })

    const refused: readonly { what: string; attributes: readonly Attribute[] }[] = [
      { what: 'a wrong check number', attributes: attributesOf({ snils: ['112-233-445 96'] }) },
      { what: 'text', attributes: attributesOf({ snils: ['нет'] }) },
      { what: 'a good and a bad one', attributes: attributesOf({ snils: ['112-233-445 95', '1'] }) },
      {
        what: 'two numbers in one attribute',
        attributes: attributesOf({ snils: ['112-233-445 95', '087-654-303 00'] }),
      },
      {
        what: 'two numbers in two attributes',
        attributes: [...attributesOf({ snils: ['112-233-445 95'] }), ...attributesOf({ snils: ['087-654-303 00'] })],
      },
    ]
    for (const { what, attributes } of refused) {
      it(`${what} -> identity.bad-snils, and the number stays out of the facts`, () => {
        const person = readPerson(assertionOf(attributes))
        expect(person.snils, 'nobody is guessed').to.equal(undefined)
        const refusal = refusalOf(() => accountsFor(person, listed([]), nowhere))
        expect(refusal.code).to.equal('identity.bad-snils')
        expect(JSON.stringify(refusal.facts) + refusal.message).not.to.match(/112|445|087/)
      })
    }
  })

  describe('level', () => {
    const levels: readonly [string, Values, string][] = [
      ['10', { assuranceLevel: ['10'], trusted: ['true'] }, 'simplified'],
      ['20', { assuranceLevel: ['20'] }, 'standard'],
      ['30', { assuranceLevel: ['30'] }, 'confirmed'],
      ['40', { assuranceLevel: ['40'] }, 'confirmed'],
      ['a word', { assuranceLevel: ['Подтверждённая'] }, 'confirmed'],
      ['the least of two', { assuranceLevel: ['30', '10'] }, 'simplified'],
      ['personTrusted true', { trusted: ['true'] }, 'confirmed'],
      ['personTrusted 1', { trusted: ['1'] }, 'confirmed'],
      ['personTrusted Y', { trusted: ['Y'] }, 'confirmed'],
      ['personTrusted N', { trusted: ['N'] }, 'simplified'],
      ['personTrusted both ways', { trusted: ['true', 'false'] }, 'simplified'],
      ['a number nobody knows', { assuranceLevel: ['300'] }, 'simplified'],
      ['nothing', {}, 'simplified'],
    ]
    for (const [what, values, level] of levels)
      it(`${what} -> ${level}`, () => expect(read(values).level).to.equal(level))
  })

  it('knows the organisation of an employee, and of nobody else', () => {
    const values: Values = {
      orgOgrn: ['1027700132195'],
      orgInn: ['9900000017'],
      orgOid: ['1000000000'],
      orgName: ['Школа'],
      orgPosition: ['учитель'],
    }
    expect(read({ ...values, globalRole: ['E'] })).to.deep.include({
      globalRole: 'E',
      organisation: { ogrn: '1027700132195', inn: '9900000017', oid: '1000000000', name: 'Школа', position: 'учитель' },
    })
    expect(read({ ...values, globalRole: ['P'] })).not.to.have.property('organisation')
  })

  const dates: readonly [string, string | undefined][] = [
    ['31.05.2014', '2014-05-31'], ['1.6.2014', '2014-06-01'], ['2014-05-31', '2014-05-31'],
    ['2014-05-31T00:00:00.000Z', '2014-05-31'], ['29.02.2016', '2016-02-29'], ['29.02.2015', undefined],
    ['31.04.2014', undefined], ['31.05.14', undefined], ['2014', undefined], ['00.01.2014', undefined],
  ] // prettier-ignore
  for (const [text, day] of dates) {
    it(`birth date ${text} -> ${day ?? 'unknown'}`, () => expect(read({ birthDate: [text] }).birthDate).to.equal(day))
  }
})
