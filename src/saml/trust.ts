import type { KeyObject } from 'node:crypto'
import type { Instant } from '../base/clock.js'

/** A key of an IdP's metadata. The certificate around it is a container only: its dates and issuer decide nothing (IIP-MD12). */
export interface TrustedKey {
  readonly key: KeyObject
  /** SHA-256 of the certificate or key as colon-free lower-case hex; what people compare over the telephone. */
  readonly fingerprint: string
  /** End of the certificate's validity, shown and never judged. */
  readonly notAfter?: number
}

export interface Endpoint {
  readonly binding: string
  readonly location: string
  readonly responseLocation?: string
}

/** `never`: aes-cbc is refused. `signed-response`: only inside a verified Response signature. `any`: with a standing warning. */
export type CbcPolicy = 'never' | 'signed-response' | 'any'

/** One identity provider that we decided to trust: what its metadata says, and what the settings allow it. */
export interface TrustedIdp {
  readonly entityId: string
  readonly title: string
  readonly signingKeys: readonly TrustedKey[]
  readonly singleSignOn: readonly Endpoint[]
  readonly singleLogout: readonly Endpoint[]
  /** The metadata as read: what we build requests from. */
  readonly metadataXml: string
  /** rsa-sha1 and sha1 are accepted and used: for ESIA of the old days only, with a standing warning. */
  readonly legacyAlgorithms: boolean
  readonly cbc: CbcPolicy
  /** Answers nobody asked for are taken as they are. Names its risk: whoever can make a browser post can sign it in (login CSRF). */
  readonly acceptUnsolicited: boolean
  /** Requests carry their signature inside the message, not in the query: for ESIA of the old days only. */
  readonly envelopedRequests?: boolean
  /** URIs that this IdP may not use although we could; on top of what nobody may use (IIP-ALG08). */
  readonly refusedAlgorithms?: readonly string[]
  /** Classes of sign-in that are asked for exactly, and of which the answer must name one. */
  readonly authnContext?: readonly string[]
  /** Answers whose Response is not signed are refused, however well the assertion in it is signed (IIP-SP13). */
  readonly requireSignedResponse?: boolean
  /** Requests say nothing about the name they want, for an IdP that stumbles over NameIDPolicy (IIP-SP03). */
  readonly withoutNameIdPolicy?: boolean
  /** What our requests to it are signed with; rsa-sha256 where its metadata declares nothing (IIP-MD10). */
  readonly requestSigning?: string
  /** From then on (and the skew) nobody is sent there and no answer counts: the metadata ran out. Absent: never. */
  readonly usableUntil?: Instant
}

/** How fresh our knowledge of one IdP is: for doctor, metrics and lists. */
export interface IdpStatus {
  /** Absent as long as nothing was ever fetched and the settings do not name it. */
  readonly entityId?: string
  /** File or address, as the settings write it. */
  readonly source: string
  readonly remote: boolean
  /** When the copy in use was last seen at its source. */
  readonly fetchedAt?: Instant
  /** What the metadata says, whatever the settings make of it. */
  readonly validUntil?: Instant
  /** Since when its source gives us nothing usable; absent while all is well. */
  readonly staleSince?: Instant
  /** Why, in a sentence for the operator. */
  readonly problem?: string
  /** A change waits for somebody to approve it. */
  readonly pending: boolean
}

/** Live: what stands here changes while the bridge runs, so ask again and keep nothing. */
export interface Trust {
  readonly idps: readonly TrustedIdp[]
  find(entityId: string): TrustedIdp | undefined
  status(): readonly IdpStatus[]
}

/** Our side of the conversation. */
export interface ServiceProvider {
  readonly entityId: string
  readonly acsUrl: string
  readonly sloUrl: string
  /** The first signs; every one is published, until its time is over. */
  readonly signing: readonly SpKey[]
  /** All are tried. */
  readonly decryption: readonly SpKey[]
  /** Milliseconds both clocks may differ. */
  readonly skew: number
}

/** Where logout requests arrive that come from the IdP's server and not from a browser. */
export const soapAddress = ({ sloUrl }: Pick<ServiceProvider, 'sloUrl'>): string => `${sloUrl}/soap`

export interface SpKey {
  readonly privateKey: KeyObject
  readonly certificatePem: string
  /** From then on a retired key stands in our metadata no more. */
  readonly publishedUntil?: Instant
}
