/**
 * When a person may be asked to confirm a second time that it is they. `link`: before an account becomes theirs. `entry`: once
 * in each sign-in. `changes`: before what cannot be done lightly in the cabinet.
 */
export const moments = ['link', 'entry', 'changes'] as const
export type Moment = (typeof moments)[number]

/** What a code confirms, and nothing else. `about` is an opaque id: of an account, link or consent. */
export interface Purpose {
  readonly what: 'link' | 'entry' | 'unlink' | 'withdraw' | 'end-others' | 'unlock'
  readonly about?: string
}

/** Wrong answers after which a code is worth nothing. */
export const CODE_TRIES = 5

declare const brand: unique symbol
/** SHA-256 of the secret of a cookie by which a browser is known again, base64url. */
export type DeviceKey = string & { readonly [brand]: 'DeviceKey' }
