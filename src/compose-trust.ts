/** From the settings' list of identity providers to the live trust, and to the trust of a single command. */
import type { Logger } from 'pino'
import type { AuditEvent } from './audit/audit.js'
import type { Chance } from './base/chance.js'
import type { Clock } from './base/clock.js'
import { type Configuration, type IdpConfiguration } from './settings/configuration.js'
import { longestValidity } from './settings/idp-metadata.js'
import { createDownload } from './trust/download.js'
import type { Copies, Fetch, Source } from './trust/ports.js'
import type { Tools } from './trust/visit.js'
import { algorithmByName } from './words/saml-names.js'

export const sourcesOf = ({ identityProviders }: Configuration): readonly Source[] => identityProviders.map(sourceOf)

function sourceOf(idp: IdpConfiguration): Source {
  const { metadata, metadataXml, metadataFile, entityId, signedBy, signers } = idp
  const longest = longestValidity(idp)
  const isPlainFile = metadataXml !== undefined && signedBy === undefined
  return {
    name: metadata,
    signers,
    refresh: idp.refresh,
    newSigningKeys: idp.newSigningKeys,
    whenExpired: idp.whenExpired ?? (isPlainFile ? 'warn' : 'refuse'),
    idp: {
      // several share one entry: each is called as it calls itself
      ...(!Array.isArray(entityId) && { title: idp.title }),
      legacyAlgorithms: idp.profile === 'legacy-esia',
      cbc: idp.cbc,
      acceptUnsolicited: idp.acceptUnsolicited === 'i-accept-login-csrf',
      envelopedRequests: idp.requestSignature === 'enveloped',
      requireSignedResponse: idp.responseSignature === 'required',
      withoutNameIdPolicy: idp.nameIdPolicy === 'none',
      ...(idp.authnContext && { authnContext: idp.authnContext }),
      ...(idp.refuseAlgorithms && { refusedAlgorithms: idp.refuseAlgorithms.map(name => algorithmByName.get(name)!) }),
    },
    ...(metadataXml !== undefined && metadataFile !== undefined && { file: { xml: metadataXml, path: metadataFile } }),
    ...(entityId !== undefined && { wanted: [entityId].flat() }),
    ...(longest !== undefined && { longest }),
  }
}

export interface TrustTools {
  readonly copies: Copies
  readonly clock: Clock
  readonly chance: Chance
  readonly tell: (event: AuditEvent) => void
  /** The network; tests bring one that knows their own authority. */
  readonly fetch?: Fetch
}

export const trustTools = (
  { settings }: Configuration,
  { fetch = createDownload({ allowHttp: settings.demo }), ...tools }: TrustTools,
): Tools => ({ ...tools, fetch, skew: settings.clockSkew })

/** Into the operator's log: what was taken calmly, what waits or fails as a warning. */
export const tellIn =
  (log: Logger) =>
  ({ what, idp, facts }: AuditEvent): void => {
    const level = what === 'metadata.held' || what === 'metadata.failed' ? 'warn' : 'info'
    log[level]({ event: what, ...(idp !== undefined && { idp }), ...facts }, 'metadata of an IdP')
  }
