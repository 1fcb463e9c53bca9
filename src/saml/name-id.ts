import type { NameId } from './assertion.js'
import { attribute, textOf, type XmlElement } from './tree.js'

/** A NameID exactly as it is written, qualifiers included: a logout must repeat it (saml-core 2.2.3, 3.7.3.1). */
export function nameIdFrom(element: XmlElement): NameId {
  const format = attribute(element, 'Format')
  const nameQualifier = attribute(element, 'NameQualifier')
  const spNameQualifier = attribute(element, 'SPNameQualifier')
  const spProvidedId = attribute(element, 'SPProvidedID')
  return {
    value: textOf(element),
    ...(format !== undefined && { format }),
    ...(nameQualifier !== undefined && { nameQualifier }),
    ...(spNameQualifier !== undefined && { spNameQualifier }),
    ...(spProvidedId !== undefined && { spProvidedId }),
  }
}
