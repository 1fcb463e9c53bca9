import { checkMetadata, describeFinding, readIdpMetadata } from '../saml/metadata.js'
import type { Finding } from '../saml/metadata-finding.js'
import type { TrustedIdp } from '../saml/trust.js'
import { JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { readTextInput } from './input.js'
import { counted, oneLine, printable, shownTime } from './printable.js'

interface Flags {
  readonly entityId?: string
  readonly json?: true
}

export const checkMetadataFile: CommandMaker = (desk, finish) =>
  newCommand(desk, 'check-metadata', {
    about: "Reads an IdP's metadata as the bridge would and tells what is wrong with it: keys, dates, addresses, form.",
    examples: ['metadata/idp/gosuslugi.xml', '- < idp.xml'],
    exitCodes: '0 fine (there may be warnings), 1 the bridge cannot use it, 2 it is no metadata',
  })
    .argument('<file>', 'metadata file, or - for standard input')
    .option('--entity-id <id>', 'which IdP is meant, when the file holds several')
    .option(...JSON_FLAG)
    .action(async (file: string, flags: Flags) => {
      finish(await check(desk, file, flags))
    })

/** Not even the subject of the question. */
const NO_METADATA: ReadonlySet<string> = new Set(['not-xml', 'not-metadata'])

async function check(desk: Desk, file: string, { entityId, json }: Flags): Promise<ExitCode> {
  if (/^https?:/i.test(file))
    throw new UnusableInput('Save the metadata first, and look at what you trust: curl -o idp.xml ADDRESS')
  const xml = await readTextInput(desk, file)
  const which = entityId === undefined ? {} : { entityId }
  const findings = checkMetadata(xml, { at: desk.clock.now(), ...which })
  const hopeless = findings.find(({ code }) => NO_METADATA.has(code))
  if (hopeless) throw new UnusableInput(`${file}: ${printable(describeFinding(hopeless))}.`)
  const errors = findings.filter(({ severity }) => severity === 'error')
  const idp =
    errors.length > 0
      ? undefined
      : readIdpMetadata(xml, { ...which, legacyAlgorithms: false, cbc: 'never', acceptUnsolicited: false })
  if (json) sayJson(desk, { usable: errors.length === 0, findings, ...(idp && { idp: summary(idp) }) })
  else say(desk, ...(idp ? describe(idp) : []), ...told(findings))
  return errors.length > 0 ? 1 : 0
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
    ...findings.map(finding => `${finding.severity.padEnd(7)}  ${printable(describeFinding(finding))}`),
    findings.length === 0
      ? 'Nothing is wrong with it.'
      : `${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}.`,
  ]
}
