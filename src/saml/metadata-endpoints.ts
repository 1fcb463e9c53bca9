import { ns } from '../words/saml-names.js'
import { note, type Notes } from './metadata-finding.js'
import { attribute, childrenNamed, type XmlElement } from './tree.js'
import type { Endpoint } from './trust.js'

/** The usable endpoints of one kind, in the order of the file (saml-metadata 2.2.2). */
export function readEndpoints(role: XmlElement, local: string, notes: Notes): Endpoint[] {
  return childrenNamed(role, ns.metadata, local).flatMap(element => {
    const binding = attribute(element, 'Binding')
    const location = attribute(element, 'Location')
    const responseLocation = attribute(element, 'ResponseLocation')
    if (binding === undefined || location === undefined) {
      note(
        notes,
        'error',
        'endpoint-incomplete',
        element,
        `${local} lacks Binding or Location`,
        'ask the IdP for complete metadata',
      )
      return []
    }
    const addresses = [location, ...(responseLocation === undefined ? [] : [responseLocation])]
    if (!addresses.map(address => isUsable(address, element, notes)).every(Boolean)) return []
    return [{ binding, location, ...(responseLocation === undefined ? {} : { responseLocation }) }]
  })
}

function isUsable(address: string, element: XmlElement, notes: Notes): boolean {
  const wrong = faultOf(address)
  if (wrong) {
    const [code, what] = wrong
    note(notes, 'error', code, element, `the address of ${element.local} ${what}`, 'have the IdP correct it')
    return false
  }
  if (new URL(address).protocol === 'http:')
    note(notes, 'warning', 'endpoint-http', element, `the address of ${element.local} is http://`,
      'anybody on the way can read and change what travels there; use https outside of a test stand') // prettier-ignore
  return true
}

function faultOf(address: string): readonly [code: string, what: string] | undefined {
  if (/\s/.test(address)) return ['endpoint-space', 'contains white space']
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !['https:', 'http:'].includes(url.protocol)) return ['endpoint-address', 'is no absolute web address']
  if (url.hash !== '' || address.endsWith('#')) return ['endpoint-fragment', 'has a fragment (#…)']
  if (url.username !== '' || url.password !== '') return ['endpoint-userinfo', 'holds a user name or password']
  return undefined
}
