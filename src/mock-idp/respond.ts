/**
 * Makes the IdP's answer from a template, honest or spoilt in one named way. Knows nothing of HTTP.
 *
 *   draft -> assertion -> signed -> encrypted -> Response -> signed -> octets -> base64
 *
 * A fault may put its hand into every arrow.
 */
import { createPrivateKey } from 'node:crypto'
import { randomXmlId, type Chance } from '../base/chance.js'
import type { Instant } from '../base/clock.js'
import { BEARER, status } from '../words/saml-names.js'
import { attributesOf, type AuthnMethod, type Capacity } from './attributes.js'
import { writeAssertion, writeResponse, type Draft } from './draft.js'
import { encryptAssertion, legacyEncryption, modernEncryption } from './encrypt.js'
import type { Shape, Tools } from './fault.js'
import { findTrick } from './faults.js'
import type { Oddity } from './oddities.js'
import type { TestPerson } from './people.js'
import type { ServiceProvider } from './service-provider.js'
import { legacyForm, modernForm, signElement, type Signer } from './sign.js'
import { strangerLike } from './stranger.js'

export interface IdpKey {
  /** PKCS#8. */
  readonly privateKeyPem: string
  readonly certificatePem: string
}

const MINUTE = 60_000

/** The discard service: nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9'

/** Everything that an answer depends on. */
export interface Order {
  readonly entityId: string
  readonly key: IdpKey
  readonly serviceProvider: ServiceProvider
  readonly acsUrl: string
  /** ID of the AuthnRequest; undefined makes an unsolicited answer. */
  readonly inResponseTo: string | undefined
  /** Undefined makes an answer with an error status and no assertion. */
  readonly person: TestPerson | undefined
  readonly capacity?: Capacity
  readonly authnMethod?: AuthnMethod
  readonly nameId?: string
  readonly sessionIndex?: string
  /** When the person proved who they are; now, unless an open session is used. */
  readonly authnInstant?: Instant
  /** The browser's address. */
  readonly address?: string
  /** Status codes of an answer without a person. */
  readonly declined?: readonly string[]
  readonly now: Instant
  readonly chance: Chance
  /** rsa-sha1, sha1 and aes128-cbc, as ESIA spoke in 2014. */
  readonly legacy?: boolean
  /** Overrides what is signed and encrypted: for tests and `make-assertion`. */
  readonly shape?: Partial<Shape>
  /** Name of a row of the attack table, or of an honest oddity. */
  readonly fault?: string
  /** A way of lying that stands in no table: for tests. */
  readonly trick?: Oddity
  /** An address for messages that would have somebody fetch something; by default nothing listens there. */
  readonly elsewhere?: string
}

export interface Made {
  readonly xml: string
  /** What the browser posts as SAMLResponse. */
  readonly base64: string
}

/** What is signed and encrypted unless somebody asks for something else. */
export const modern: Shape = { sign: 'both', encrypt: true, signature: modernForm, encryption: modernEncryption }
const legacy: Shape = { sign: 'both', encrypt: true, signature: legacyForm, encryption: legacyEncryption }

export const newNameId = (chance: Chance): string => `_${chance.bytes(16).toString('hex')}`

/** The honest answer as data; five minutes to be delivered, as Shibboleth does it. */
function honestDraft(order: Order): Draft {
  const { now, chance } = order
  return {
    responseId: randomXmlId(chance),
    responseVersion: '2.0',
    responseIssuer: order.entityId,
    responseIssueInstant: now,
    destination: order.acsUrl,
    responseInResponseTo: order.inResponseTo,
    status: order.person ? [status.success] : (order.declined ?? [status.responder, status.authnFailed]),
    extensions: '',
    assertionId: randomXmlId(chance),
    assertionVersion: '2.0',
    assertionIssuer: order.entityId,
    assertionIssueInstant: now,
    nameId: order.nameId ?? newNameId(chance),
    method: BEARER,
    confirmationInResponseTo: order.inResponseTo,
    confirmationNotBefore: undefined,
    confirmationNotOnOrAfter: now + 5 * MINUTE,
    recipient: order.acsUrl,
    address: order.address ?? '127.0.0.1',
    notBefore: now,
    notOnOrAfter: now + 5 * MINUTE,
    audiences: [[order.serviceProvider.entityId]],
    conditions: '',
    advice: '',
    authnInstant: order.authnInstant ?? now,
    sessionIndex: order.sessionIndex ?? randomXmlId(chance),
    sessionNotOnOrAfter: now + 8 * 60 * MINUTE,
    attributes: order.person
      ? attributesOf(
          order.person,
          order.capacity ?? { role: 'P' },
          order.serviceProvider.requestedAttributes,
          order.authnMethod,
        )
      : [],
    moreAttributes: '',
  }
}

const same = <T>(value: T): T => value

function makeContent(draft: Draft, shape: Shape, signer: Signer, fault: Oddity | undefined, tools: Tools): string {
  const written = (fault?.assertion ?? same)(writeAssertion(draft), tools)
  const signs = shape.sign === 'both' || shape.sign === 'assertion'
  const signed = signs ? signElement(written, draft.assertionId, signer, shape.signature) : written
  const spoilt = (fault?.signedAssertion ?? same)(signed, tools)
  return shape.encrypt ? encryptAssertion(spoilt, tools.recipient, shape.encryption, tools.chance) : spoilt
}

/** @throws Error when the fault's name is unknown or the service provider publishes nothing to encrypt to */
export function makeResponse(order: Order): Made {
  const fault = order.trick ?? (order.fault === undefined ? undefined : findTrick(order.fault))
  const base: Shape = { ...(order.legacy ? legacy : modern), ...order.shape }
  const shape = (fault?.shape ?? same)(base)
  const signer: Signer = {
    key: createPrivateKey(order.key.privateKeyPem),
    certificatePem: order.key.certificatePem,
  }
  const honest = honestDraft(order)
  const recipient = order.serviceProvider.encryptionCertificates[0] ?? ''
  const { chance, elsewhere = NOWHERE } = order
  const tools: Tools = { draft: honest, signer, chance, stranger: () => strangerLike(signer), recipient, elsewhere }
  if (shape.encrypt && recipient === '' && order.person) throw new Error('the service provider has no encryption key')

  const draft = (fault?.draft ?? same)(honest, tools)
  const hand = fault?.signer?.(tools) ?? signer
  const spoiltTools = { ...tools, draft }
  const content = order.person ? makeContent(draft, shape, hand, fault, spoiltTools) : ''
  const written = (fault?.response ?? same)(writeResponse(draft, content), spoiltTools)
  const signs = shape.sign === 'both' || shape.sign === 'response'
  const signed = signs ? signElement(written, draft.responseId, hand, shape.signature) : written
  const xml = (fault?.signedResponse ?? same)(signed, spoiltTools)
  const octets = (fault?.octets ?? same)(Buffer.from(xml))
  return { xml, base64: (fault?.posted ?? same)(octets.toString('base64')) }
}
