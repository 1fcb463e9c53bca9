/** What the IdP tells about a person: the attribute names of ESIA, and which of them a service provider gets. */
import { esiaAttribute } from '../words/saml-names.js'
import { parseSnils, printSnils } from '../words/snils.js'
import { CARRIER_TYPE } from './accounts/carrier.js'
import type { Organisation, TestPerson } from './people.js'

export interface AttributeValue {
  readonly name: string
  readonly friendlyName: string
  readonly values: readonly string[]
}

/** In which capacity the person signed in: as a private person, or for one organisation (ESIA asks at every login). */
export type Capacity =
  | { readonly role: 'P' }
  | { readonly role: 'E'; readonly organisation: Organisation }
  | { readonly role: 'E'; readonly ogrnip: string }

/** By a password, or by an electronic signature. */
export type AuthnMethod = 'PWD' | 'DS'

/** FriendlyName is the last part of the name. */
const friendly = (name: string): string => name.slice(name.lastIndexOf(':') + 1)

/** `2014-05-31` becomes `31.05.2014`, as ESIA writes it. */
const russianDate = (iso: string | undefined): string | undefined => iso?.split('-').reverse().join('.')

function roleValues(person: TestPerson, capacity: Capacity): Record<string, string | undefined> {
  if (capacity.role === 'P') return {}
  if ('ogrnip' in capacity) {
    const name = `ИП ${person.lastName} ${person.firstName}`
    return { 'urn:esia:personOGRN': capacity.ogrnip, 'urn:esia:orgType': 'B', [esiaAttribute.orgName]: name }
  }
  const { organisation } = capacity
  return {
    [esiaAttribute.orgOgrn]: organisation.ogrn,
    [esiaAttribute.orgInn]: organisation.inn,
    [esiaAttribute.orgOid]: organisation.oid,
    [esiaAttribute.orgName]: organisation.name,
    [esiaAttribute.orgPosition]: organisation.position,
    'urn:esia:orgShortName': organisation.name,
    'urn:esia:orgType': 'L',
  }
}

/** `112-233-445 95`, or as it stands when it is no СНИЛС at all. */
function cardForm(snils: string | undefined): string | undefined {
  const parsed = snils === undefined ? undefined : parseSnils(snils)
  return parsed ? printSnils(parsed) : snils
}

/** @param released names that the service provider's metadata asks for; an empty list releases everything */
export function attributesOf(
  person: TestPerson,
  capacity: Capacity,
  released: readonly string[],
  authnMethod: AuthnMethod = 'PWD',
): readonly AttributeValue[] {
  const all: Record<string, string | undefined> = {
    [esiaAttribute.userId]: person.userId,
    'urn:esia:userName': person.email ?? person.phone,
    [esiaAttribute.lastName]: person.lastName,
    [esiaAttribute.firstName]: person.firstName,
    [esiaAttribute.middleName]: person.middleName,
    [esiaAttribute.snils]: cardForm(person.snils),
    [esiaAttribute.birthDate]: russianDate(person.birthDate),
    [esiaAttribute.email]: person.email,
    [esiaAttribute.mobile]: person.phone,
    'urn:esia:gender': person.gender,
    'urn:esia:personType': 'R',
    'urn:esia:personCitizenship': 'RUS',
    [esiaAttribute.assuranceLevel]: String(person.level),
    [esiaAttribute.trusted]: String(person.level >= 30),
    [esiaAttribute.authnMethod]: authnMethod,
    'urn:esia:deviceType': authnMethod === 'DS' ? CARRIER_TYPE : undefined,
    [esiaAttribute.globalRole]: capacity.role,
    ...roleValues(person, capacity),
  }
  return Object.entries(all).flatMap(([name, value]) =>
    value === undefined || (released.length > 0 && !released.includes(name))
      ? []
      : [{ name, friendlyName: friendly(name), values: [value] }],
  )
}
