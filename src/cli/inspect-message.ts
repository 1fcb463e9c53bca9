import { Refusal } from '../base/refusal.js'
import { readXml } from '../saml/reader.js'
import { METADATA_LIMITS } from '../saml/reading.js'
import { describeMessage, type Described } from './describe-message.js'
import { JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { complain, say, sayJson, type Desk, type ExitCode } from './desk.js'
import { findMessages, type FoundMessage } from './find-messages.js'
import { readInput } from './input.js'
import { prettyXml } from './pretty-xml.js'
import { columns, oneLine, printable, shownTime } from './printable.js'

export const inspectMessage: CommandMaker = (desk, finish) =>
  newCommand(desk, 'inspect-message', {
    about:
      'Decodes any SAML message and shows what it says: XML, base64, base64 with DEFLATE, the address of a redirect, ' +
      'a posted form, a page that posts itself, or a HAR file. It verifies nothing and asks no network.',
    examples: ['answer.txt', '"https://idp.example/SSO?SAMLRequest=…"', '- < session.har'],
    exitCodes: '0 shown, 2 unusable input',
  })
    .argument('<message>', 'a file, - for standard input, or an address with SAMLRequest or SAMLResponse')
    .option(...JSON_FLAG)
    .action(async (message: string, flags: { readonly json?: true }) => {
      finish(await inspect(desk, message, flags.json ?? false))
    })

interface Inspected {
  readonly found: FoundMessage
  readonly described?: Described
  readonly xml: string
  readonly problem?: string
}

async function inspect(desk: Desk, message: string, json: boolean): Promise<ExitCode> {
  const input = /^https?:/i.test(message) ? Buffer.from(message) : await readInput(desk, message, 64 * 1024 * 1024)
  const inspected = findMessages(input).map(look)
  if (json) sayJson(desk, { verified: false, messages: inspected.map(asJson) })
  else for (const each of inspected) show(desk, each)
  const problems = inspected.flatMap(({ problem }) => problem ?? [])
  for (const problem of problems) complain(desk, problem)
  return problems.length > 0 ? 2 : 0
}

/** Read with the limits of metadata, since metadata may be inspected, too. */
function look(found: FoundMessage): Inspected {
  const text = found.octets.toString('utf8')
  try {
    const { root } = readXml(text, { limits: METADATA_LIMITS })
    return { found, described: describeMessage(root), xml: prettyXml(root) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { what, line } = error.facts
    const where = line === undefined ? '' : ` at line ${line}`
    const problem = `The message is not XML that the bridge reads: ${String(what ?? error.message)}${where} (${error.code}).`
    return { found, xml: printable(text), problem }
  }
}

function show(desk: Desk, { found, described, xml }: Inspected): void {
  const { source, encoding, field, relayState, querySignature } = found
  say(
    desk,
    `${described?.kind ?? 'Unreadable message'} in ${oneLine(source)} (${encoding}${field ? `, ${field}` : ''})`,
  )
  say(desk, 'NOTHING WAS VERIFIED: anybody could have written this. bridge validate-assertion verifies answers.', '')
  const facts = [
    ...(described?.facts ?? []),
    ...(relayState === undefined ? [] : [['RelayState', relayState] as const]),
    ...(querySignature === undefined ? [] : [['Signature over the query', querySignature] as const]),
  ]
  say(desk, ...columns(facts.map(([name, value]) => [name, oneLine(value)])))
  if (described) say(desk, ...sections(described))
  say(desk, '', xml, '')
}

function sections({ signatures, encryption, certificates }: Described): string[] {
  const section = (title: string, rows: readonly string[]) => (rows.length === 0 ? [] : ['', title, ...rows])
  return [
    ...(signatures.length === 0 ? ['', 'No XML signature.'] : []),
    ...section('Signatures', signatures.flatMap(shownSignature)),
    ...section('Encrypted', encryption.map(shownEncryption)),
    ...section(
      'Certificates (named by the message, trusted by nobody for that)',
      certificates.flatMap(shownCertificate),
    ),
  ]
}

const shownSignature = ({ on, references, signature, digests, canonicalization }: Described['signatures'][number]) => [
  `  on ${oneLine(on)}, over ${references.map(oneLine).join(' ')}`,
  ...columns(
    [
      ['algorithm', oneLine(signature)],
      ['digest', digests.map(oneLine).join(' ')],
      ['canonical form', oneLine(canonicalization)],
    ],
    '    ',
  ),
]

const shownEncryption = ({ what, data, keys }: Described['encryption'][number]): string =>
  `  ${oneLine(what)}: ${oneLine(data)}; key by ${keys.map(oneLine).join(', ')}`

function shownCertificate({
  of,
  problem,
  subject,
  key,
  sha256,
  notBefore,
  notAfter,
}: Described['certificates'][number]) {
  if (problem !== undefined) return [`  of ${oneLine(of)}: ${problem}`]
  return [
    `  of ${oneLine(of)}: ${oneLine(subject ?? '')}, ${key ?? ''}`,
    `    SHA-256 ${sha256 ?? ''}`,
    `    valid ${shownTime(notBefore ?? 0)} to ${shownTime(notAfter ?? 0)}`,
  ]
}

function asJson({ found, described, xml, problem }: Inspected): object {
  const { octets, ...where } = found
  return {
    ...where,
    octets: octets.length,
    ...(described && { ...described, facts: described.facts.map(([name, value]) => ({ name, value })) }),
    ...(problem !== undefined && { problem }),
    xml,
  }
}
