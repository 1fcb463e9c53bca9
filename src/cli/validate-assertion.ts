import { Refusal } from '../base/refusal.js'
import { refusals } from '../base/refusals.js'
import { remedies } from '../base/remedies.js'
import { readXml } from '../saml/reader.js'
import { examineResponse, type Examination } from '../saml/response.js'
import { childNamed, textOf } from '../saml/tree.js'
import { ns } from '../words/saml-names.js'
import { shownChecks, shownRefusal, whoMustAct } from './checks-shown.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { findMessages, isUtf16, textOf as textOfFile, type FoundMessage } from './find-messages.js'
import { readInput } from './input.js'
import { oneLine } from './printable.js'
import { partiesFor, type JudgeFlags, type Parties } from './judge-for.js'
import { contentAsJson, shownContent } from './person-shown.js'
import { reformatted, type Reformatted } from './reformatted.js'
import { secondOpinion, type Opinion } from './second-opinion.js'

interface Flags extends JudgeFlags {
  readonly inResponseTo?: string
  readonly at?: string
  readonly showPerson?: true
  readonly both?: true
  readonly answer?: string
  readonly json?: true
}

export const validateAssertion: CommandMaker = (desk, finish) =>
  newCommand(desk, 'validate-assertion', {
    about:
      "Judges an IdP's answer exactly as the bridge does and prints every check. Takes XML, base64, a posted form, an " +
      'address or a HAR file. Whether the answer was used before only the running bridge knows.',
    examples: [
      'answer.txt',
      'answer.txt --in-response-to _1f0c --at 2026-09-01T08:00:00Z --both',
      '- --idp-metadata idp.xml --sp-entity-id https://vhod.school.example/saml/metadata --acs https://vhod.school.example/saml/acs',
    ],
    exitCodes: '0 accepted, 1 refused, 2 unusable input',
  })
    .argument('<file>', 'file with the answer, or - for standard input')
    .option(...CONFIG)
    .option('--idp-metadata <file>', 'metadata of the IdP, instead of the settings')
    .option('--sp-entity-id <id>', 'our entityID; with --idp-metadata')
    .option('--acs <url>', 'our address for answers; with --idp-metadata')
    .option('--in-response-to <id>', 'ID of the request that must be answered; not checked otherwise')
    .option('--at <time>', 'judge as of this time, e.g. 2026-09-01T08:00:00Z; now otherwise')
    .option('--decryption-key <file>', 'private key (PEM) that opens the assertion, tried first')
    .option('--cert <file>', "certificate (PEM) to trust instead of those in the IdP's metadata")
    .option('--show-person', 'show personal data in full; they are masked otherwise')
    .option('--answer <n>', 'which answer is meant, counted from 1, when a HAR file holds several')
    .option('--both', 'verify the signatures with a second engine, too')
    .option(...JSON_FLAG)
    .action(async (file: string, flags: Flags) => {
      finish(await validate(desk, file, flags))
    })

async function validate(desk: Desk, file: string, flags: Flags): Promise<ExitCode> {
  const now = timeOf(desk, flags.at)
  const input = await readInput(desk, file)
  const { message, xml } = answerIn(input, flags.answer)
  const parties = await partiesFor(desk, flags, issuerOf(xml))
  const request = flags.inResponseTo === undefined ? 'unknown' : { id: flags.inResponseTo, at: now, forced: false }
  const judge = (posted: Buffer | string) => examineResponse(posted, { ...parties, request, now })
  const examination = judge(message)
  const layout = reformatted(xml, examination, judge)
  const sane = examination.checks.some(({ check, result }) => check === 'schema' && result === 'pass')
  // the second engine has no caps of its own: it sees only what our reader and the gate let through
  const opinions = flags.both && sane ? secondOpinion(xml, parties.idp, parties.sp.decryption) : []
  const split = examination.refusal === undefined && opinions.some(({ verdict }) => verdict === 'refused')
  if (flags.json) sayJson(desk, asJson(examination, opinions, { ...flags, split, layout }))
  else say(desk, ...told(examination, parties, opinions, { ...flags, split, layout }))
  return examination.refusal === undefined && !split ? 0 : 1
}

function timeOf(desk: Desk, at: string | undefined): number {
  if (at === undefined) return desk.clock.now()
  const time = /^\d{4}-\d\d-\d\d(?:T.+)?$/.test(at) ? Date.parse(at) : NaN
  if (Number.isNaN(time)) throw new UnusableInput('--at is no time. Write it like 2026-09-01T08:00:00Z.')
  return time
}

/** The answer as it was saved, so that its very base64 is judged; out of a form or a HAR file, as it was decoded. */
function answerIn(input: Buffer, wanted: string | undefined): { readonly message: Buffer; readonly xml: string } {
  const found = findMessages(input)
  const answers = found.filter(isResponse)
  const only = wanted === undefined ? answers[0] : answers[Number(wanted) - 1]
  if (answers.length > 0 && only === undefined)
    throw new UnusableInput(`--answer goes from 1 to ${answers.length} here.`)
  if (only === undefined)
    throw new UnusableInput('There is no Response with an assertion in it. bridge inspect-message shows what it is.')
  if (answers.length > 1 && wanted === undefined) {
    const which = answers.map(({ source }, i) => `${i + 1} (${oneLine(source)})`).join(', ')
    throw new UnusableInput(`There are ${answers.length} answers in it: ${which}. Choose with --answer 1.`)
  }
  const bare = only.source === 'the input' && only.field === undefined
  const saved = isUtf16(input) ? Buffer.from(textOfFile(input)) : only.encoding === 'XML' ? input : unmarked(input)
  return { message: bare ? saved : only.octets, xml: only.octets.toString('utf8') }
}

/** Base64 without the byte order mark that an editor put in front: nobody sent it. In front of XML it may have been sent. */
const unmarked = (input: Buffer): Buffer =>
  input.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? input.subarray(3) : input

const isResponse = ({ octets }: FoundMessage): boolean =>
  /<(?:[^\s<>:/]+:)?Response[\s>/]/.test(octets.toString('latin1'))

/** UNVERIFIED: only to choose among the IdPs that we trust. */
function issuerOf(xml: string): string | undefined {
  try {
    const issuer = childNamed(readXml(xml).root, ns.assertion, 'Issuer')
    return issuer && textOf(issuer)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

interface Telling {
  readonly showPerson?: true
  /** We accepted, and the second engine did not. */
  readonly split: boolean
  readonly layout: Reformatted | undefined
}

function told(
  { refusal, content, checks }: Examination,
  { idp, sp }: Parties,
  opinions: readonly Opinion[],
  telling: Telling,
) {
  return [
    `Judged for ${sp.entityId}, answer expected from ${idp.entityId}`,
    '',
    ...shownChecks(checks),
    ...opinions.map(
      ({ on, verdict, why }) => `  second engine on ${on}: ${verdict}${why === undefined ? '' : ` (${why})`}`,
    ),
    '',
    ...(refusal ? shownRefusal(refusal.code, actor(refusal, telling), remedy(refusal, telling)) : ['Accepted.']),
    ...(telling.layout?.certain === false ? [telling.layout.hint] : []),
    ...(telling.split
      ? ['But the second engine refuses it. Believe neither, and report this: one of the two has a hole.']
      : []),
    ...(content ? ['', refusal ? 'It says (signed, but refused: do not believe it):' : 'It says:'] : []),
    ...(content ? shownContent(content, telling.showPerson ?? false) : []),
    ...(content && !telling.showPerson ? ['Personal data are masked; --show-person shows them.'] : []),
  ]
}

const actor = ({ code }: Refusal, { layout }: Telling): string =>
  layout?.certain === true ? 'whoever saved the file' : whoMustAct(code)

const remedy = ({ code }: Refusal, { layout }: Telling): string =>
  layout?.certain === true ? layout.hint : remedies[code]

function asJson({ refusal, content, checks }: Examination, opinions: readonly Opinion[], telling: Telling): object {
  return {
    accepted: refusal === undefined && !telling.split,
    ...(refusal && {
      refused: refusal.code,
      meaning: refusals[refusal.code].meaning,
      whoMustAct: actor(refusal, telling),
      whatToDo: remedy(refusal, telling),
    }),
    ...(telling.layout && { reformatted: telling.layout }),
    checks,
    ...(opinions.length > 0 && { secondOpinion: opinions }),
    ...(content && { assertion: contentAsJson(content, telling.showPerson ?? false) }),
  }
}
