import { trustOf } from '../compose.js'
import { describeCertificate } from '../certificates/describe.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, type Desk, type ExitCode } from './desk.js'
import { oneLine, shownTime } from './printable.js'

const DAY = 86_400_000
/** An IdP needs weeks to take a new certificate in. */
const SOON = 30 * DAY

export const listCerts: CommandMaker = (desk, finish) =>
  newCommand(desk, 'list-certs', {
    about: 'Lists our certificates and those of the IdPs, the first to expire first.',
    examples: ['', '--config bridge.yaml --json'],
    exitCodes: '0 fine, 1 something expires within 30 days or has expired, 2 the settings cannot be used',
  })
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action((flags: { readonly config: string; readonly json?: true }) => {
      finish(list(desk, flags))
    })

interface Listed {
  readonly of: string
  readonly sha256: string
  readonly notAfter: number
}

function list(desk: Desk, { config, json }: { readonly config: string; readonly json?: true }): ExitCode {
  const now = desk.clock.now()
  const all = certificatesOf(loadConfiguration(config, desk.env)).sort((one, other) => one.notAfter - other.notAfter)
  const rows = all.map(each => ({ ...each, daysLeft: Math.floor((each.notAfter - now) / DAY) }))
  if (json) sayJson(desk, { certificates: rows })
  else
    say(
      desk,
      ...rows.flatMap(({ of, sha256, notAfter, daysLeft }) => [
        `${shownTime(notAfter)}  ${daysLeft < 0 ? 'EXPIRED' : `${daysLeft} days left`}  ${oneLine(of)}`,
        `    SHA-256 ${sha256}`,
      ]),
    )
  return all.some(({ notAfter }) => notAfter <= now + SOON) ? 1 : 0
}

function certificatesOf(configuration: Configuration): Listed[] {
  const ours = (['signing', 'decryption'] as const).flatMap(use =>
    configuration.secrets[use].map(({ certificatePem }) => {
      const { sha256, notAfter } = describeCertificate(certificatePem)
      return { of: `ours, for ${use === 'signing' ? 'signing' : 'encryption'}`, sha256, notAfter }
    }),
  )
  const theirs = trustOf(configuration).idps.flatMap(({ entityId, signingKeys }) =>
    signingKeys.flatMap(({ fingerprint, notAfter }) =>
      notAfter === undefined ? [] : [{ of: `signing of ${entityId}`, sha256: fingerprint, notAfter }],
    ),
  )
  return [...ours, ...theirs]
}
