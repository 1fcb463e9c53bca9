/** A town whose settings are stricter than the demo's. */
import { PASSWORD_PROTECTED } from '../../src/words/saml-names.js'
import { startTestTown, type TestTown } from '../support/town.js'

const journal = (id: string, roles: readonly string[], requireState = false) => ({
  id,
  title: id,
  schools: ['school-1', 'school-2'],
  connector: {
    kind: 'signed-link',
    alg: 'HS256',
    key: { file: 'certs/sgo.key' },
    url: `https://${id}.example/sso`,
    requireState,
  },
  returnTo: [`https://${id}.example/*`],
  roles,
})

/** Settings that earn what the demo's cannot. */
const strict = {
  identityProviders: [
    {
      metadata: 'idp.xml',
      title: 'Учебный поставщик',
      profile: 'esia',
      acceptUnsolicited: 'i-accept-login-csrf',
      authnContext: [PASSWORD_PROTECTED],
      whenExpired: 'refuse',
    },
  ],
  journals: [journal('sgo', ['parent']), journal('teachers', ['teacher']), journal('careful', ['parent'], true)],
}

let other: Promise<TestTown> | undefined
export const strictTown = (): Promise<TestTown> => (other ??= startTestTown({ more: strict }))

export async function closeStrictTown(): Promise<void> {
  await (await other)?.close()
  other = undefined
}
