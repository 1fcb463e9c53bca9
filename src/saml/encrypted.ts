/** The one element inside an EncryptedAssertion or an EncryptedID (saml-core 2.2.4, 2.3.4 and 6). */
import { Refusal } from '../base/refusal.js'
import { ns } from '../words/saml-names.js'
import type { NameId } from './assertion.js'
import { open, readSealed, type EncryptionRules, type Sealed } from './decrypt.js'
import { gate } from './gate.js'
import { nameIdFrom } from './name-id.js'
import { readXml } from './reader.js'
import { isNamed, type XmlElement } from './tree.js'
import type { ServiceProvider } from './trust.js'

export interface Opening {
  readonly idp: EncryptionRules
  readonly sp: Pick<ServiceProvider, 'decryption'>
  /** A verified signature covers the ciphertext: then nobody else chose it. */
  readonly insideSigned: boolean
}

export interface Opened {
  readonly element: XmlElement
  readonly sealed: Sealed
}

/**
 * Decrypts, then reads the plaintext as strictly as what was posted: the same reader and gate, with the namespaces in force
 * around it, and no ID that was seen before.
 *
 * @param check refuses what is not the element that must stand here; its refusal, too, is told as a failed decryption
 * @throws Refusal `saml.algorithm`; `saml.decryption` for whatever is wrong behind the first private-key operation
 */
export function openElement(
  encrypted: XmlElement,
  { idp, sp, insideSigned }: Opening,
  ids: Set<string>,
  check: (root: XmlElement, sealed: Sealed) => void,
): Opened {
  const sealed = readSealed(encrypted, idp, insideSigned)
  const element = oneAnswer(() => {
    const document = readXml(open(sealed, sp.decryption), { within: encrypted, ids })
    gate(document)
    check(document.root, sealed)
    return document.root
  })
  return { element, sealed }
}

/** Of a Subject or a LogoutRequest: the person's name, encrypted to us. Holds a NameID and nothing else. */
export function openEncryptedId(
  encrypted: XmlElement,
  idp: EncryptionRules,
  sp: Pick<ServiceProvider, 'decryption'>,
  insideSigned: boolean,
): NameId {
  const isNameId = (root: XmlElement): void => {
    if (!isNamed(root, ns.assertion, 'NameID')) throw new Refusal('saml.decryption')
  }
  return nameIdFrom(openElement(encrypted, { idp, sp, insideSigned }, new Set(), isNameId).element)
}

/** Whatever is wrong with a plaintext is told in one way, without facts: no answer helps to guess it. */
function oneAnswer<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof Refusal ? new Refusal('saml.decryption') : error
  }
}
