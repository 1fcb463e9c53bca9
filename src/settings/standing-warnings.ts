import type { Finding } from './explain.js'
import type { Settings } from './settings.js'

/** What somebody switched on knowingly, told again at every start: nobody remembers why after a year. */
export function standingWarnings(settings: Settings): readonly Finding[] {
  const ofIdps = settings.identityProviders.flatMap((idp, i): Finding[] => {
    const at = (key: string) => ['identityProviders', i, key]
    return [
      ...(idp.profile === 'legacy-esia'
        ? [{ path: at('profile'), message: 'takes signatures with rsa-sha1 and sha1, which can be forged with effort' }]
        : []),
      ...(idp.cbc === 'any'
        ? [{ path: at('cbc'), message: 'takes aes-cbc outside a signed Response: the ciphertext can be played with' }]
        : []),
      ...(idp.acceptUnsolicited === 'i-accept-login-csrf'
        ? [{ path: at('acceptUnsolicited'), message: 'lets a strange page sign its visitor in as somebody else' }]
        : []),
    ]
  })
  const demo = settings.demo ? [{ path: ['demo'], message: 'this is a demonstration; remove it for real use' }] : []
  const selfTest = settings.selfTest
    ? [
        {
          path: ['selfTest'],
          message: '/self-test is open to everybody who can sign in; close it when the set-up is done',
        },
      ]
    : []
  const everywhere = settings.metrics && ['0.0.0.0', '::', '*'].includes(settings.metrics.host)
  const metrics = everywhere
    ? [
        {
          path: ['metrics', 'host'],
          message: 'the figures are served on every network of this machine; name the one that your monitoring uses',
        },
      ]
    : []
  return [...ofIdps, ...selfTest, ...metrics, ...demo]
}
