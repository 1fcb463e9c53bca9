/** Who judges an answer, and by whose keys: from the settings, or from what the flags name. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { currentTrust, serviceProviderOf } from '../compose.js'
import { MetadataError, readIdpMetadata } from '../saml/metadata.js'
import type { ServiceProvider, SpKey, TrustedIdp, TrustedKey } from '../saml/trust.js'
import { loadConfiguration } from '../settings/configuration.js'
import { UnusableInput, type Desk } from './desk.js'
import { readTextInput } from './input.js'

export interface JudgeFlags {
  readonly config: string
  readonly idpMetadata?: string
  readonly spEntityId?: string
  readonly acs?: string
  readonly decryptionKey?: string
  readonly cert?: string
}

export interface Parties {
  readonly idp: TrustedIdp
  readonly sp: ServiceProvider
}

/** As long as the default of the settings. */
const SKEW = 180_000

/**
 * @param issuer as the answer claims: chooses among the IdPs of the settings; the judge holds it against the chosen one
 * @throws UnusableInput, SettingsError, MetadataError
 */
export async function partiesFor(desk: Desk, flags: JudgeFlags, issuer: string | undefined): Promise<Parties> {
  const { idp, sp } =
    flags.idpMetadata === undefined ? await fromSettings(desk, flags, issuer) : await fromFlags(desk, flags)
  const decryption = flags.decryptionKey === undefined ? [] : [await privateKey(desk, flags.decryptionKey)]
  return {
    idp: flags.cert === undefined ? idp : { ...idp, signingKeys: [await certificate(desk, flags.cert)] },
    sp: { ...sp, decryption: [...decryption, ...sp.decryption] },
  }
}

async function fromSettings(
  desk: Desk,
  { config, spEntityId, acs }: JudgeFlags,
  issuer: string | undefined,
): Promise<Parties> {
  if (spEntityId !== undefined || acs !== undefined)
    throw new UnusableInput('--sp-entity-id and --acs go with --idp-metadata; with --config the settings say them.')
  const configuration = loadConfiguration(config, desk.env)
  const trust = await currentTrust(configuration, desk.clock)
  const idp = (issuer === undefined ? undefined : trust.find(issuer)) ?? trust.idps[0]
  if (!idp) throw new UnusableInput('No metadata was fetched yet. Run: npx --no-install bridge idp-metadata refresh')
  return { idp, sp: serviceProviderOf(configuration) }
}

async function fromFlags(desk: Desk, { idpMetadata, spEntityId, acs }: JudgeFlags): Promise<Parties> {
  if (spEntityId === undefined || acs === undefined)
    throw new UnusableInput(
      '--idp-metadata needs --sp-entity-id (our entityID) and --acs (our address for answers): an answer is judged for somebody.',
    )
  const xml = await readTextInput(desk, idpMetadata!)
  return {
    idp: readMetadata(xml, idpMetadata!),
    sp: { entityId: spEntityId, acsUrl: acs, sloUrl: acs, signing: [], decryption: [], skew: SKEW },
  }
}

function readMetadata(xml: string, file: string): TrustedIdp {
  try {
    return readIdpMetadata(xml, { legacyAlgorithms: false, cbc: 'never', acceptUnsolicited: false })
  } catch (error) {
    throw error instanceof MetadataError ? new UnusableInput(`${file}: ${error.message}`, { cause: error }) : error
  }
}

async function privateKey(desk: Desk, file: string): Promise<SpKey> {
  const pem = await readTextInput(desk, file)
  try {
    return { privateKey: createPrivateKey(pem), certificatePem: '' }
  } catch {
    throw new UnusableInput(
      `${file} holds no private key in PEM form without passphrase (-----BEGIN PRIVATE KEY-----).`,
    )
  }
}

async function certificate(desk: Desk, file: string): Promise<TrustedKey> {
  const pem = await readTextInput(desk, file)
  try {
    const found = new X509Certificate(pem)
    return { key: found.publicKey, fingerprint: createHash('sha256').update(found.raw).digest('hex') }
  } catch {
    throw new UnusableInput(`${file} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).`)
  }
}
