import type { Instant } from '../base/clock.js'
import type { Snils } from './snils.js'

/** How well the IdP knows the person: упрощённая, стандартная, подтверждённая (docs/sources.md#levels). */
export const levels = ['simplified', 'standard', 'confirmed'] as const
export type Level = (typeof levels)[number]

/** `E`: the person signed in as an employee of an organisation, `P`: as a private person. */
export type GlobalRole = 'P' | 'E'

/** The organisation of which an employee signed in; only with `globalRole: 'E'`. */
export interface Organisation {
  readonly ogrn?: string
  readonly inn?: string
  readonly oid?: string
  readonly name?: string
  readonly position?: string
}

/** Somebody whom the IdP vouches for. Made from a VerifiedAssertion, and from nothing else. */
export interface Person {
  /** entityID of the IdP that vouches. */
  readonly idp: string
  /** The IdP's own lasting number of the person (ESIA userId). Not the NameID, which changes with every login. */
  readonly userId?: string
  readonly snils?: Snils
  /** The IdP sent something in place of a СНИЛС that is none, or several: the person is signed in and finds no account. */
  readonly snilsUnusable?: 'unreadable' | 'several'
  readonly lastName?: string
  readonly firstName?: string
  readonly middleName?: string
  /** `2014-05-31`. */
  readonly birthDate?: string
  readonly email?: string
  readonly mobile?: string
  readonly level: Level
  /** `PWD`, `DS`, … as the IdP names it. */
  readonly authnMethod?: string
  readonly globalRole: GlobalRole
  readonly organisation?: Organisation
  readonly authenticatedAt: Instant
}

export type Name = Pick<Person, 'lastName' | 'firstName' | 'middleName'>

/** `Иванова Мария Игоревна`, without what is missing. */
export const fullName = (name: Name): string =>
  [name.lastName, name.firstName, name.middleName].filter(part => part !== undefined && part !== '').join(' ')
