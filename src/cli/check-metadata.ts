import { lintMetadata } from '../saml/lint/lint.js'
import { againstPin } from '../saml/lint/pinned.js'
import { describeFinding, readIdpMetadata } from '../saml/metadata.js'
import type { Finding } from '../saml/metadata-finding.js'
import type { TrustedIdp } from '../saml/trust.js'
import { JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { readInput } from './input.js'
import { ask, NoAnswer } from './network.js'
import { pinnedRules, shownRules, type PinnedRules, type RuleFlags } from './pinned-rules.js'
import { counted, oneLine, printable, shownTime } from './printable.js'

interface Flags extends RuleFlags {
  readonly json?: true
}

export const checkMetadataFile: CommandMaker = (desk, finish) =>
  newCommand(desk, 'check-metadata', {
    about:
      "Reads an IdP's metadata as the bridge would and tells what is wrong with it: keys, dates, addresses, signature, form. " +
      'Every kind of mistake stands in docs/metadata-checks.md.',
    examples: [
      'metadata/idp/gosuslugi.xml',
      'https://idp.example/metadata --signed-by certs/idp-metadata.crt',
      'metadata/idp/gosuslugi.xml --config bridge.yaml',
      '- < idp.xml',
    ],
    exitCodes: '0 fine (there may be warnings), 1 the bridge cannot use it, 2 it is no metadata',
  })
    .argument('<file>', 'metadata file, https address, or - for standard input')
    .option('--entity-id <id>', 'which IdP is meant, when the file holds several')
    .option(
      '--signed-by <certificate>',
      'certificate of whoever signs the metadata, as `signedBy` in the settings: signature and validUntil are judged by it',
    )
    .option(
      '--config <file>',
      'settings of the bridge: signedBy, maxValidity, whenExpired and clockSkew are taken from the entry that names this file or address',
    )
    .option(...JSON_FLAG)
    .action(async (file: string, flags: Flags) => {
      finish(await check(desk, file, flags))
    })

/** Not even the subject of the question. */
const NO_METADATA: ReadonlySet<string> = new Set(['web-page', 'encoding', 'not-xml', 'not-metadata'])

async function check(desk: Desk, file: string, flags: Flags): Promise<ExitCode> {
  const { entityId, json } = flags
  const octets = /^https?:/i.test(file) ? await fetched(desk, file) : await readInput(desk, file, MOST)
  const which = entityId === undefined ? {} : { entityId }
  const { xml, findings: ofLint } = lintMetadata(octets, { at: desk.clock.now(), ...which })
  const pinned = await pinnedRules(desk, file, flags)
  const findings = pinned ? merged(againstPin(xml, { ...pinned.rules, at: desk.clock.now() }), ofLint) : ofLint
  const hopeless = findings.find(({ code }) => NO_METADATA.has(code))
  if (hopeless) throw new UnusableInput(`${file}: ${printable(describeFinding(hopeless))}.`)
  const errors = findings.filter(({ severity }) => severity === 'error')
  const idp =
    errors.length > 0
      ? undefined
      : readIdpMetadata(xml, { ...which, legacyAlgorithms: false, cbc: 'never', acceptUnsolicited: false })
  if (json)
    sayJson(desk, {
      usable: errors.length === 0,
      findings,
      ...(pinned && { judgedBy: { ...shownRules(pinned), origin: pinned.origin } }),
      ...(idp && { idp: summary(idp) }),
    })
  else say(desk, ...(idp ? describe(idp) : []), ...judgedBy(pinned, flags), ...told(findings))
  return errors.length > 0 ? 1 : 0
}

/** What the pin says of a thing is the harder word about it. */
const merged = (pinned: readonly Finding[], others: readonly Finding[]): readonly Finding[] => [
  ...pinned,
  ...others.filter(({ code }) => !pinned.some(each => each.code === code)),
]

/** Octets; the metadata of all IdPs of the world has some 80 MiB. */
const MOST = 128 * 1024 * 1024

async function fetched(desk: Desk, address: string): Promise<Buffer> {
  if (!URL.canParse(address) || new URL(address).protocol !== 'https:')
    throw new UnusableInput('Only https addresses are fetched: whatever comes over http anybody on the way can change.')
  const { status, headers, body, tls } = await ask(desk.network, new URL(address), { most: MOST }).catch(
    (error: unknown) => {
      throw error instanceof NoAnswer ? new UnusableInput(`${oneLine(address)} ${error.message}.`) : error
    },
  )
  if (tls?.fault !== undefined)
    throw new UnusableInput(
      `${oneLine(address)} has no certificate that can be trusted (${tls.fault}). Ask the IdP, or get the file another way.`,
    )
  if (status >= 300 && status < 400)
    throw new UnusableInput(
      `${oneLine(address)} leads on to ${oneLine(headers.location ?? '(nowhere)')}. Give that address if it is right.`,
    )
  if (status !== 200)
    throw new UnusableInput(`${oneLine(address)} answers ${status}. Look at it in a browser, or ask the IdP.`)
  return body
}

function judgedBy(pinned: PinnedRules | undefined, { config }: Flags): string[] {
  if (!pinned)
    return config === undefined ? [] : [`${oneLine(config)} says neither signedBy nor maxValidity for it.`, '']
  const rules = Object.entries(shownRules(pinned)).map(([name, value]) => `${name} ${value}`)
  return [`Judged by ${rules.join(', ')} (${pinned.origin}).`, '']
}

const summary = ({ entityId, title, signingKeys, singleSignOn, singleLogout }: TrustedIdp) => ({
  entityId,
  title,
  signingKeys: signingKeys.map(({ fingerprint, notAfter }) => ({ sha256: fingerprint, notAfter })),
  singleSignOn,
  singleLogout,
})

function describe({ entityId, title, signingKeys, singleSignOn, singleLogout }: TrustedIdp): string[] {
  return [
    `${oneLine(title)}: ${oneLine(entityId)}`,
    ...signingKeys.map(
      ({ fingerprint, notAfter }) =>
        `  signs with   ${fingerprint}${notAfter === undefined ? '' : ` (certificate until ${shownTime(notAfter)})`}`,
    ),
    ...singleSignOn.map(({ location }) => `  signs in at  ${oneLine(location)}`),
    ...singleLogout.map(({ location }) => `  logs out at  ${oneLine(location)}`),
    '  Compare the SHA-256 of the key with the IdP by another way than the one the file came by.',
    '',
  ]
}

function told(findings: readonly Finding[]): string[] {
  const count = (severity: Finding['severity']) => findings.filter(finding => finding.severity === severity).length
  return [
    ...findings.map(
      finding => `${finding.severity.padEnd(7)}  ${printable(describeFinding(finding))} [${finding.code}]`,
    ),
    findings.length === 0
      ? 'Nothing is wrong with it.'
      : `${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}, ${counted(count('info'), 'remark')}.`,
  ]
}
