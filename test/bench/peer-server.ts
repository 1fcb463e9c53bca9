/** node-saml under Express as its users write it: a session in memory, a list of assertions seen, a redirect. */
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import express from 'express'
import session from 'express-session'
import { projectFile } from '../../src/base/project-file.js'
import { answerParent, type Ready } from './child.js'

interface Given extends Ready {
  readonly entityId: string
}
interface Profile {
  readonly nameID: string
  getAssertionXml(): string
}
interface NodeSaml {
  SAML: new (options: object) => { validatePostResponseAsync(body: object): Promise<{ profile: Profile | null }> }
}

declare module 'express-session' {
  interface SessionData {
    nameId?: string
  }
}

const given = JSON.parse(process.argv[2]!) as Given
const { SAML } = createRequire(projectFile('test/bench/package.json'))('@node-saml/node-saml') as NodeSaml
const saml = new SAML({
  callbackUrl: `${given.url}/saml/acs`,
  issuer: given.entityId,
  audience: given.entityId,
  idpCert: given.idp.certificatePem,
  idpIssuer: given.idp.entityId,
  entryPoint: 'http://127.0.0.1:9/',
  wantAuthnResponseSigned: true,
  wantAssertionsSigned: true,
  decryptionPvk: given.decryptionPem,
  validateInResponseTo: 'never',
  acceptedClockSkewMs: 180_000,
})
const seen = new Set<string>()
const app = express()
app.use(session({ secret: 'bench', resave: false, saveUninitialized: false }))
app.post('/saml/acs', express.urlencoded({ extended: false, limit: '1mb' }), async (request, response) => {
  const { profile } = await saml.validatePostResponseAsync(request.body as object)
  const id = /\sID="([^"]+)"/.exec(profile!.getAssertionXml())![1]!
  if (seen.has(id)) throw new Error('replayed')
  seen.add(id)
  await new Promise<void>((resolve, reject) =>
    request.session.regenerate((error: unknown) => (error instanceof Error ? reject(error) : resolve())),
  )
  request.session.nameId = profile!.nameID
  response.redirect(303, '/')
})
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  answerParent(
    { ...given, url: `http://127.0.0.1:${port}` },
    () => new Promise(resolve => server.close(() => resolve())),
  )
})
