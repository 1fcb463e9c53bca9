import type { Instant } from '../base/clock.js'
import type { Level } from '../words/person.js'
import { esiaAttribute } from '../words/saml-names.js'
import type { ServiceProvider } from './trust.js'

/** One thing in Russian and English. */
export interface InTwoLanguages {
  readonly ru: string
  readonly en: string
}

export interface RequestedAttribute {
  readonly name: string
  readonly friendlyName?: string
  /** Without it a login cannot be mapped to an account. */
  readonly required: boolean
}

/** Everything that our metadata tells the IdP's people. */
export interface SpDescription extends ServiceProvider {
  readonly organization: { readonly name: string; readonly nameEn?: string; readonly url: string }
  /** E-mail addresses. */
  readonly contacts: { readonly technical: string; readonly support: string }
  readonly displayName: InTwoLanguages
  readonly description: InTwoLanguages
  readonly logo?: { readonly url: string; readonly width: number; readonly height: number }
  readonly requestedAttributes: readonly RequestedAttribute[]
  /** The least level of all schools: IdPs of ESIA's kind send nobody below it. */
  readonly leastLevel: Level
  /** aes-cbc is allowed to some IdP, so it is offered. */
  readonly cbc: boolean
  readonly at: Instant
  /** A year after `at` when not given: whoever was sent the file by mail will not fetch it again soon. */
  readonly validUntil?: Instant
}

/** What a login needs of ESIA, and no more: no documents, addresses, INN or phone lists. */
export const esiaRequestedAttributes: readonly RequestedAttribute[] = [
  required('userId'), required('snils'), required('lastName'), required('firstName'), wanted('middleName'),
  required('assuranceLevel'), wanted('trusted'), wanted('authnMethod'), wanted('globalRole'),
  wanted('birthDate'), wanted('email'), wanted('mobile'),
  wanted('orgOgrn'), wanted('orgInn'), wanted('orgOid'), wanted('orgName'), wanted('orgPosition'), wanted('groups'),
] // prettier-ignore

/** @param wish of the settings: `esia`, or names of attributes, which are then asked for without insisting on them */
export const requestedAttributes = (wish: 'esia' | readonly string[]): readonly RequestedAttribute[] =>
  wish === 'esia' ? esiaRequestedAttributes : wish.map(request)

function required(key: keyof typeof esiaAttribute): RequestedAttribute {
  return { ...wanted(key), required: true }
}

function wanted(key: keyof typeof esiaAttribute): RequestedAttribute {
  return request(esiaAttribute[key])
}

/** FriendlyName is the last part of the name, as ESIA writes it. */
function request(name: string): RequestedAttribute {
  const friendlyName = /^urn:.*:([^:]+)$/.exec(name)?.[1]
  return { name, ...(friendlyName === undefined ? {} : { friendlyName }), required: false }
}

/** The texts of our button's neighbourhood at the IdP; the settings may bring their own. */
export const ourNames: { readonly displayName: InTwoLanguages; readonly description: InTwoLanguages } = {
  displayName: { ru: 'Электронный журнал', en: 'School e-journal' },
  description: {
    ru: 'Вход в электронный журнал школы через Госуслуги',
    en: 'Sign-in to the e-journal of the school with a government account',
  },
}
