/** https for browsers of tests, with an authority made for them. */
import { createHash, X509Certificate } from 'node:crypto'
import { request } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import { makeCertificate } from '../../src/certificates/make.js'

/** Certificates of a server and of the authority that signed it. */
export async function makeTls() {
  const shared = { at: Date.now(), days: 30, keyType: 'rsa-2048' } as const
  const authority = await makeCertificate({ ...shared, commonName: 'Учебный удостоверяющий центр', isAuthority: true })
  const server = await makeCertificate({
    ...shared,
    commonName: 'localhost',
    altNames: ['localhost'],
    issuer: authority,
  })
  return {
    authority,
    server,
    tls: { key: server.privateKeyPem, cert: server.certificatePem + authority.certificatePem },
  }
}

/** What Chromium is started with: this very key is trusted, and no other. */
export const trusting = ({ certificatePem }: { readonly certificatePem: string }): string =>
  `--ignore-certificate-errors-spki-list=${spkiHash(certificatePem)}`

const spkiHash = (certificatePem: string): string =>
  createHash('sha256')
    .update(new X509Certificate(certificatePem).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')

/** What stands before a school's program and speaks https for it. @returns what ends it */
export async function httpsBefore(tls: ServerOptions, port: number, behind: number): Promise<() => void> {
  const server = createServer(tls, (incoming, outgoing) => {
    const { method, url, headers } = incoming
    const asked = request({ host: '127.0.0.1', port: behind, method, path: url, headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(outgoing)
    })
    asked.once('error', () => outgoing.writeHead(502).end())
    incoming.pipe(asked)
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return () => server.close().closeAllConnections()
}
