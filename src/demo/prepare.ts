/**
 * Demo: a whole town on one machine, to try the road without asking anybody. The bridge, a mock government IdP and two
 * journals, with keys, settings and people made for it.
 * Does not touch: how any of the three works.
 * Called by: demo.ts, tests.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Instant } from '../base/clock.js'
import { makeCertificate, makeTokenKey, type CertificateKey } from '../certificates/make.js'
import { doors } from './doors.js'
import { demoSettings, type Town } from './settings.js'

export interface Prepared {
  readonly configFile: string
  readonly idp: { readonly privateKeyPem: string; readonly certificatePem: string }
  /** Shared by the bridge and one journal each, by the id of the journal. */
  readonly journalSecrets: Readonly<Record<(typeof sharing)[number], string>>
}

/** Journals that share a secret with the bridge. */
const sharing = ['sgo', 'handle', ...doors] as const

/** Certificates of the demo are made again when the folder is emptied. */
const DAYS = 825

/**
 * Makes whatever is missing below `folder`: keys and certificates once, the settings and the IdP's metadata every time.
 *
 * @param at certificates are valid from then on
 * @param idpMetadata written where the settings look for it
 */
export async function prepareDemo(
  folder: string,
  town: Town,
  at: Instant,
  idpMetadata: (certificatePem: string) => string,
  keyType: CertificateKey = 'rsa-3072',
): Promise<Prepared> {
  const certs = join(folder, 'certs')
  await mkdir(certs, { recursive: true })
  await Promise.all([
    pair(certs, 'sp-signing', 'Мост: подпись', keyType, at),
    pair(certs, 'sp-encryption', 'Мост: шифрование', keyType, at),
    pair(certs, 'idp-signing', 'Учебный поставщик: подпись', keyType, at),
    ...['lookup', 'data'].map(name => once(join(certs, `${name}.key`), () => randomBytes(32))),
    ...['session', ...sharing].map(name =>
      once(join(certs, `${name}.key`), () => randomBytes(32).toString('base64url')),
    ),
    once(join(certs, 'token.key'), makeTokenKey),
  ])
  const configFile = join(folder, 'bridge.yaml')
  const idp = await readPair(certs, 'idp-signing')
  await writeFile(join(folder, 'idp.xml'), idpMetadata(idp.certificatePem))
  await writeFile(configFile, demoSettings(town))
  const secrets = await Promise.all(
    sharing.map(async name => [name, await readFile(join(certs, `${name}.key`), 'utf8')]),
  )
  return { configFile, idp, journalSecrets: Object.fromEntries(secrets) as Prepared['journalSecrets'] }
}

async function pair(
  folder: string,
  name: string,
  commonName: string,
  keyType: CertificateKey,
  at: Instant,
): Promise<void> {
  if (existsSync(join(folder, `${name}.key`)) && existsSync(join(folder, `${name}.crt`))) return
  const { privateKeyPem, certificatePem } = await makeCertificate({ commonName, days: DAYS, keyType, at })
  await writeFile(join(folder, `${name}.key`), privateKeyPem, { mode: 0o600 })
  await writeFile(join(folder, `${name}.crt`), certificatePem)
}

async function readPair(folder: string, name: string) {
  return {
    privateKeyPem: await readFile(join(folder, `${name}.key`), 'utf8'),
    certificatePem: await readFile(join(folder, `${name}.crt`), 'utf8'),
  }
}

async function once(file: string, make: () => string | Buffer | Promise<string>): Promise<void> {
  if (!existsSync(file)) await writeFile(file, await make(), { mode: 0o600 })
}
