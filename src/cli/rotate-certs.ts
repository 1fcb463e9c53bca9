import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, posix, resolve } from 'node:path'
import { isMap, type YAMLMap } from 'yaml'
import { writeKeyFile } from '../certificates/key-file.js'
import { makeCertificate } from '../certificates/make.js'
import { loadOwnSide } from '../settings/configuration.js'
import { editKeys, setIn } from '../settings/edit-keys.js'
import { keyUses, type KeyUse, type OwnKey } from '../settings/key-states.js'
import { readSettings } from '../settings/read.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { complain, say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { replaceFile } from './replace-file.js'
import { datesOf, day, letter, planned, RETIRE_DAYS, type RotationFacts, WAIT_DAYS } from './rotation-plan.js'

const DAY = 86_400_000

interface Flags {
  readonly config: string
  readonly for: string
  readonly plan?: true
  readonly makeNext?: true
  readonly switch?: true
  readonly drop?: true
  readonly dryRun?: true
  readonly yes?: true
  readonly json?: true
  readonly days: string
}

export const rotateCerts: CommandMaker = (desk, finish) =>
  newCommand(desk, 'rotate-certs', {
    about:
      'Changes our SAML keys without an interruption: prints the calendar and the letter for the IdP, and makes each step in bridge.yaml ' +
      '(comments stay, a copy of the file is kept).',
    examples: ['--plan', '--make-next', '--switch --dry-run', '--drop'],
    exitCodes: '0 done or shown, 1 the step is not safe yet (--yes does it all the same), 2 it cannot be done',
  })
    .option(...CONFIG)
    .option('--for <use>', 'signing, encryption or both', 'both')
    .option('--plan', 'print the calendar and the letter; change nothing')
    .option('--make-next', 'make the next key and publish it')
    .option('--switch', 'let the next key become current, and retire the old one')
    .option('--drop', 'take retired keys out of the settings, once they are published no more')
    .option('--days <days>', 'how long the new certificate is valid', '1095')
    .option('--dry-run', 'show the difference and write nothing')
    .option('--yes', 'make the step although it is too early')
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await rotate(desk, flags))
    })

interface Step {
  readonly desk: Desk
  readonly flags: Flags
  readonly uses: readonly KeyUse[]
  readonly keys: Readonly<Record<KeyUse, readonly OwnKey[]>>
  readonly now: number
  /** The text of the settings. */
  readonly text: string
}

async function rotate(desk: Desk, flags: Flags): Promise<ExitCode> {
  const steps = [flags.plan, flags.makeNext, flags.switch, flags.drop].filter(wanted => wanted)
  if (steps.length !== 1) throw new UnusableInput('Name one of --plan, --make-next, --switch and --drop.')
  const { settings, secrets } = loadOwnSide(flags.config, desk.env)
  const { entityId, organization, contacts } = settings.serviceProvider
  const facts: RotationFacts = {
    keys: secrets,
    uses: usesOf(flags.for),
    entityId,
    metadataUrl: `${settings.publicUrl}/saml/metadata`,
    organization: organization.name,
    contact: contacts.technical,
    now: desk.clock.now(),
  }
  if (flags.plan) {
    const { from, until, drop } = datesOf(facts)
    if (flags.json)
      sayJson(desk, {
        switchOn: day(from),
        unpublishedOn: day(until),
        dropOn: day(drop),
        letter: letter(facts).join('\n'),
      })
    else say(desk, ...planned(facts), '', 'The letter', '', ...letter(facts))
    return 0
  }
  const text = await readFile(flags.config, 'utf8')
  const step: Step = { desk, flags, uses: facts.uses, keys: secrets, now: facts.now, text }
  if (flags.makeNext) return makeNext(step, new URL(settings.publicUrl).hostname)
  return flags.switch ? switchKeys(step) : dropKeys(step)
}

function usesOf(wanted: string): readonly KeyUse[] {
  if (wanted === 'both') return keyUses
  if (wanted === 'signing') return ['signing']
  if (wanted === 'encryption') return ['decryption']
  throw new UnusableInput('--for must be signing, encryption or both.')
}

/** @returns whether to go on */
function isSafe({ desk, flags }: Step, doubts: readonly string[]): boolean {
  for (const doubt of doubts) complain(desk, doubt)
  if (doubts.length === 0 || flags.yes) return true
  complain(desk, 'Nothing was changed. If it is meant so, add --yes.')
  return false
}

async function makeNext(step: Step, host: string): Promise<ExitCode> {
  const { flags, uses, keys, now } = step
  const days = Number(flags.days)
  if (!Number.isInteger(days) || days < 60 || days > 36_500)
    throw new UnusableInput('--days must be a whole number from 60 to 36500, e.g. 1095 for three years.')
  const waiting = uses.find(use => keys[use].some(({ state }) => state === 'next'))
  if (waiting) throw new UnusableInput(`serviceProvider.${waiting} has a next key already. See: rotate-certs --plan`)

  const folder = dirname(resolve(flags.config))
  const names = uses.map(use => `sp-${use === 'signing' ? 'signing' : 'encryption'}-${day(now)}`)
  let text = step.text
  const files: { readonly key: string; readonly cert: string }[] = []
  for (const [i, use] of uses.entries())
    text = edited(
      flags.config,
      text,
      use,
      (list, current, document) => {
        const certs = posix.dirname(String(current.get('key')).replaceAll('\\', '/'))
        const file = { key: `${certs}/${names[i]!}.key`, cert: `${certs}/${names[i]!}.crt` }
        files.push(file)
        current.set('state', 'current')
        const node = document.createNode({ ...file, state: 'next', from: day(now + WAIT_DAYS * DAY) })
        node.flow = current.flow ?? false
        list.push(node)
      },
      currentIndex(keys[use]),
    )
  const inTheWay = files.flatMap(({ key, cert }) => [key, cert]).find(file => existsSync(join(folder, file)))
  if (inTheWay !== undefined) throw new UnusableInput(`${inTheWay} exists already; move it away first.`)
  if (!flags.dryRun) for (const file of files) await makePair(folder, file, { commonName: host, days, at: now })
  return write(step, text, [
    ...files.map(({ key, cert }) => `made ${key} and ${cert}`),
    'Now restart the bridge, and send the letter of rotate-certs --plan to the IdP.',
  ])
}

async function makePair(
  folder: string,
  { key, cert }: { readonly key: string; readonly cert: string },
  wish: { readonly commonName: string; readonly days: number; readonly at: number },
): Promise<void> {
  const made = await makeCertificate({ ...wish, keyType: 'rsa-3072' })
  await mkdir(dirname(resolve(folder, key)), { recursive: true, mode: 0o700 })
  await writeKeyFile(resolve(folder, key), made.privateKeyPem)
  await writeFile(resolve(folder, cert), made.certificatePem, { flag: 'wx' })
}

async function switchKeys(step: Step): Promise<ExitCode> {
  const { flags, uses, keys, now } = step
  const waiting = uses.flatMap(use => {
    const next = keys[use].find(({ state }) => state === 'next')
    return next ? [{ use, next }] : []
  })
  if (waiting.length === 0) throw new UnusableInput('There is no next key. Make one: rotate-certs --make-next')
  const doubts = waiting.flatMap(({ use, next: { from, certificateEnds } }) => [
    ...(from !== undefined && now < from
      ? [
          `serviceProvider.${use}: the change is planned for ${day(from)}; the IdP may not know the new certificate yet.`,
        ]
      : []),
    ...(certificateEnds <= now ? [`serviceProvider.${use}: the certificate of the next key has expired.`] : []),
  ])
  if (!isSafe(step, doubts)) return 1
  let text = step.text
  for (const { use, next } of waiting)
    text = edited(
      flags.config,
      text,
      use,
      (list, current) => {
        const entry = list[next.index]
        if (entry) setIn(entry, { state: 'current', from: undefined })
        setIn(current, { state: 'retired', until: day(now + RETIRE_DAYS * DAY), from: undefined })
      },
      currentIndex(keys[use]),
    )
  return write(step, text, [
    'Now restart the bridge and sign in once. If the IdP does not know the new certificate, swap `current` and `retired` back.',
  ])
}

async function dropKeys(step: Step): Promise<ExitCode> {
  const { flags, uses, keys, now, desk } = step
  const going = uses.flatMap(use =>
    keys[use].filter(({ state }) => state === 'retired').map(({ index, until }) => ({ use, index, until })),
  )
  if (going.length === 0) {
    if (flags.json) sayJson(desk, { written: false, difference: [] })
    else say(desk, 'There is no retired key; nothing was changed.')
    return 0
  }
  const doubts = going.flatMap(({ use, index, until }) =>
    until !== undefined && until <= now
      ? []
      : [
          `serviceProvider.${use}[${index}] is published ${until === undefined ? 'still' : `until ${day(until)}`}; IdPs may encrypt for it.`,
        ],
  )
  if (!isSafe(step, doubts)) return 1
  let text = step.text
  for (const use of uses) {
    const gone = going.filter(each => each.use === use).map(({ index }) => index)
    if (gone.length > 0)
      text = edited(
        flags.config,
        text,
        use,
        list => {
          for (const index of gone.toSorted((one, other) => other - one)) list.splice(index, 1)
        },
        0,
      )
  }
  return write(step, text, ['Now restart the bridge; then the files of the dropped keys can go.'])
}

const currentIndex = (keys: readonly OwnKey[]): number => keys.find(({ state }) => state === 'current')?.index ?? 0

type Edit = (list: YAMLMap[], current: YAMLMap, document: { createNode(value: object): YAMLMap }) => void

function edited(file: string, text: string, use: KeyUse, edit: Edit, current: number): string {
  try {
    return editKeys(text, use, (list, document) => {
      const entry = list.items[current]
      if (isMap(entry)) edit(list.items as YAMLMap[], entry, { createNode: value => document.createNode(value) })
    })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new UnusableInput(`${file} ${error.message}.`)
  }
}

/** Only what is still a usable file is written; the old one is kept beside it, and no reader ever sees half of the new one. */
async function write({ desk, flags, text: old, now }: Step, text: string, next: readonly string[]): Promise<ExitCode> {
  readSettings(text, { file: flags.config })
  const changed = difference(old, text)
  if (flags.dryRun) {
    if (flags.json) sayJson(desk, { written: false, difference: changed })
    else say(desk, ...changed, '', 'Nothing was written (--dry-run).')
    return 0
  }
  const copy = await replaceFile(flags.config, text, now)
  if (flags.json) sayJson(desk, { written: true, difference: changed, copy, next })
  else say(desk, ...changed, '', `${flags.config} was changed; the old one is ${copy}.`, ...next)
  return 0
}

/** The lines that change, between those that stay. */
function difference(old: string, text: string): string[] {
  const [before, after] = [old, text].map(each => each.split(/\r?\n/)) as [string[], string[]]
  const same = (from: 'start' | 'end', most: number): number => {
    let count = 0
    const at = (lines: string[]) => lines.at(from === 'start' ? count : -1 - count)
    while (count < most && at(before) === at(after)) count++
    return count
  }
  const head = same('start', Math.min(before.length, after.length))
  const foot = same('end', Math.min(before.length, after.length) - head)
  return [
    ...before.slice(head, before.length - foot).map(line => `- ${line}`),
    ...after.slice(head, after.length - foot).map(line => `+ ${line}`),
  ]
}
