import { binding, ns } from '../../words/saml-names.js'
import { attribute, childrenNamed, type XmlElement } from '../tree.js'
import type { Looked } from './lint.js'

const SERVICES = ['SingleSignOnService', 'SingleLogoutService', 'ArtifactResolutionService'] as const
const BINDINGS = [
  ...Object.values(binding),
  'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact',
  'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST-SimpleSign',
  'urn:oasis:names:tc:SAML:2.0:bindings:PAOS',
  'urn:oasis:names:tc:SAML:2.0:bindings:URI',
]

export function remarkEndpoints(looked: Looked): void {
  const { role, remark } = looked
  for (const local of SERVICES) {
    const all = childrenNamed(role, ns.metadata, local)
    for (const each of all) remarkBinding(looked, each)
    const bindings = all.map(each => attribute(each, 'Binding'))
    const again = all.find((_, i) => bindings.indexOf(bindings[i]) !== i)
    if (again && local !== 'ArtifactResolutionService')
      remark('duplicate-endpoint', again, `a second ${local} with the same binding`, 'nothing: the first one is used')
  }
  const logout = childrenNamed(role, ns.metadata, 'SingleLogoutService').map(each => attribute(each, 'Binding'))
  if (!logout.includes(binding.soap))
    remark('no-slo-soap', role, 'there is no SingleLogoutService with the SOAP binding', 'nothing: our logout goes through the browser') // prettier-ignore
  remarkHosts(looked)
}

/** One space in a URN has kept whole federations busy (italia/spid#591). */
function remarkBinding({ remark }: Looked, element: XmlElement): void {
  const text = attribute(element, 'Binding')
  if (text === undefined || BINDINGS.includes(text)) return
  const meant = BINDINGS.find(each => plain(each) === plain(text))
  if (meant !== undefined)
    remark('binding-misspelt', element, `a binding is written in an odd way; ${meant} is meant`, 'have the IdP correct it: programs compare it letter for letter, and so this endpoint is not used') // prettier-ignore
  else if (!text.startsWith('urn:mace:shibboleth:1.0:') && !text.startsWith('urn:oasis:names:tc:SAML:1.0:'))
    remark('unknown-binding', element, 'a binding that is none of SAML 2.0', 'nothing: the endpoint is not used')
}

const plain = (text: string): string => text.toLowerCase().replace(/[\s/]/g, '')

function remarkHosts({ entity, role, remark }: Looked): void {
  const addresses = [
    [entity, attribute(entity, 'entityID')] as const,
    ...SERVICES.flatMap(local =>
      childrenNamed(role, ns.metadata, local).map(each => [each, attribute(each, 'Location')] as const),
    ),
  ]
  const found = addresses.find(([, address]) => address !== undefined && isOfTestStand(address))
  if (found) remark('test-host', found[0], 'an address is of a test stand', 'for real use ask the IdP for the metadata of its real service') // prettier-ignore
}

function isOfTestStand(address: string): boolean {
  if (!URL.canParse(address)) return false
  const host = new URL(address).hostname
  return (
    /(^|\.)(localhost|local|test|example|invalid|example\.(com|org|net))$/.test(host) ||
    /^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\.[\d.]+$/.test(host) ||
    /^\[(::1|f[cde])/.test(host)
  )
}
