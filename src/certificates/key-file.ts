import { writeFile } from 'node:fs/promises'
import { CertificateError } from './certificate-error.js'

/**
 * Writes a private key that only the owner may read, and never over an existing file: a lost SAML key cannot be made again.
 *
 * @throws CertificateError when a file is there already
 */
export async function writeKeyFile(path: string, pem: string): Promise<void> {
  try {
    await writeFile(path, pem, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new CertificateError(`${path} exists already; move it away first, a private key is never overwritten`)
  }
}
