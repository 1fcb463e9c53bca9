/** Both sides of a conversation in the present, since the peers know no other time. */
import { systemChance } from '../../src/base/chance.js'
import { makeCertificate } from '../../src/certificates/make.js'
import { idpMetadata } from '../../src/mock-idp/metadata.js'
import { defaultPeople } from '../../src/mock-idp/people.js'
import { makeResponse, type Made } from '../../src/mock-idp/respond.js'
import type { Shape } from '../../src/mock-idp/fault.js'
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import { readIdpMetadata } from '../../src/saml/metadata.js'
import { ourNames, requestedAttributes } from '../../src/saml/sp-description.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { makeServiceProvider } from '../support/saml-parties.js'

const IDP = 'https://idp.example'

export const now = Date.now()
export const key = await makeCertificate({ commonName: 'idp', at: now - 86_400_000, days: 3650, keyType: 'rsa-2048' })
export const sp = await makeServiceProvider()
export const idp = readIdpMetadata(idpMetadata(`${IDP}/idp/shibboleth`, IDP, [key]), {
  legacyAlgorithms: false,
  cbc: 'never',
  acceptUnsolicited: false,
})
export const request = { id: '_request', at: now, forced: false }

const provider = readServiceProvider(
  spMetadata({
    ...sp,
    ...ourNames,
    at: now,
    organization: { name: 'Школа', url: 'https://school.example' },
    contacts: { technical: 'it@school.example', support: 'help@school.example' },
    requestedAttributes: requestedAttributes('esia'),
    leastLevel: 'confirmed',
    cbc: false,
  }),
)

export type Kind = Pick<Shape, 'sign' | 'encrypt'>

/**
 * Of this moment: a run takes longer than an answer is good for.
 *
 * @param fault name of an honest oddity, e.g. one with 200 attributes
 */
export const answer = (kind: Kind, fault?: string): Made =>
  makeResponse({
    entityId: idp.entityId,
    key,
    serviceProvider: provider,
    acsUrl: sp.acsUrl,
    inResponseTo: request.id,
    person: defaultPeople().all[0],
    now: Date.now(),
    chance: systemChance,
    shape: kind,
    ...(fault !== undefined && { fault }),
  })
