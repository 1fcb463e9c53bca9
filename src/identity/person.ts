import { levels, type GlobalRole, type Level, type Organisation, type Person } from '../words/person.js'
import { esiaAttribute } from '../words/saml-names.js'
import { parseSnils } from '../words/snils.js'
import type { Attribute, VerifiedAssertion } from '../saml/assertion.js'
import { parseDate } from './dates.js'
import { foldName, tidy } from './names.js'

type EsiaName = keyof typeof esiaAttribute
/** Every tidied value that is not empty, by our word for the attribute. */
type Received = (name: EsiaName) => readonly string[]

/**
 * Reads who signed in. Attributes are told apart by Name alone: FriendlyName and NameFormat are decoration, which an IdP may
 * change or leave out (docs/sources.md#esia). Absent attributes stay absent; nothing is guessed from others. It refuses
 * nobody: whoever the IdP vouches for is signed in, and `accountsFor` says what they may enter.
 */
export function readPerson(assertion: VerifiedAssertion): Person {
  const received = receivedFrom(assertion.attributes)
  const globalRole: GlobalRole = received('globalRole')[0] === 'E' ? 'E' : 'P'
  return {
    idp: assertion.idp,
    level: levelOf(received),
    globalRole,
    authenticatedAt: assertion.authnInstant,
    ...known({
      userId: received('userId')[0],
      ...snilsOf(received),
      lastName: received('lastName')[0],
      firstName: received('firstName')[0],
      middleName: received('middleName')[0],
      birthDate: parseDate(received('birthDate')[0] ?? ''),
      email: received('email')[0],
      mobile: received('mobile')[0],
      authnMethod: received('authnMethod')[0],
      organisation: globalRole === 'E' ? organisationOf(received) : undefined,
    }),
  }
}

/** The same Name may stand on several Attribute elements (saml-core 2.7.3 does not forbid it): their values are one list. */
function receivedFrom(attributes: readonly Attribute[]): Received {
  return name =>
    attributes
      .filter(attribute => attribute.name === esiaAttribute[name])
      .flatMap(attribute => attribute.values.map(tidy))
      .filter(value => value !== '')
}

/** One number, written as often and in whatever form: a second, different one means that we know nobody. */
function snilsOf(received: Received): Pick<Person, 'snils' | 'snilsUnusable'> {
  const numbers = new Set(received('snils').map(parseSnils))
  const [snils] = numbers
  if (numbers.has(undefined)) return { snilsUnusable: 'unreadable' }
  if (numbers.size > 1) return { snilsUnusable: 'several' }
  return snils === undefined ? {} : { snils }
}

const levelWords: Readonly<Record<string, Level>> = {
  '10': 'simplified', simplified: 'simplified', упрощенная: 'simplified', непроверенная: 'simplified',
  '20': 'standard', standard: 'standard', стандартная: 'standard', проверенная: 'standard',
  '30': 'confirmed', '40': 'confirmed', confirmed: 'confirmed', подтвержденная: 'confirmed',
} // prettier-ignore

/** assuranceLevel decides, then personTrusted; whoever says nothing we understand is taken for the least. Of several, the least. */
function levelOf(received: Received): Level {
  const stated = received('assuranceLevel').flatMap(value => levelWords[foldName(value)] ?? [])
  if (stated.length > 0) return levels.find(level => stated.includes(level))!
  const trusted = received('trusted').map(value => ['true', '1', 'y'].includes(value.toLowerCase()))
  return trusted.length > 0 && trusted.every(Boolean) ? 'confirmed' : 'simplified'
}

function organisationOf(received: Received): Organisation {
  return known({
    ogrn: received('orgOgrn')[0],
    inn: received('orgInn')[0],
    oid: received('orgOid')[0],
    name: received('orgName')[0],
    position: received('orgPosition')[0],
  })
}

type Known<T> = { [K in keyof T]?: Exclude<T[K], undefined> }
/** Leaves out what is undefined, as exactOptionalPropertyTypes wants it. */
const known = <T extends object>(fields: T): Known<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Known<T>
