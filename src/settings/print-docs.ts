/** The documents that are printed, not written: a test proves that the files in the repository are the same. */
import type * as z from 'zod'
import { meaningsRu } from '../base/meanings-ru.js'
import { type Fault, refusals, type RefusalCode } from '../base/refusals.js'
import { remediesRu } from '../base/remedies-ru.js'
import { remedies } from '../base/remedies.js'
import { kinds } from '../saml/lint/kinds.js'
import { pinnedKinds } from '../saml/lint/pinned.js'
import { connectorKinds, connectorSchema } from './connectors.js'
import { printExample } from './print-example.js'
import { bridgeYaml } from './schema.js'
import { allowedBy, defaultOf, elementOf, isOptional, membersOf, notesOf, printLine } from './walk.js'

/** Path in the project, and what must stand in the file. */
export const printedDocs = (): ReadonlyMap<string, string> =>
  new Map([
    ['bridge.example.yaml', printExample()],
    ['docs/configuration.md', printConfiguration()],
    ['docs/refusals.md', printRefusals()],
    ['docs/ru/otkazy.md', printRefusalsRu()],
    ['docs/metadata-checks.md', printMetadataChecks()],
  ])

const PRINTED = '<!-- Printed by `node scripts/print-docs.js`; changes by hand get lost. -->'

const INTRODUCTION = `# Settings

${PRINTED}

The bridge reads one file, \`bridge.yaml\`. Begin with a copy of [bridge.example.yaml](../bridge.example.yaml), which holds every setting
with a comment, and let \`npx --no-install bridge check-config --config bridge.yaml\` look at it: it names everything that is wrong, at once,
each with its line, what is allowed and an example. Unknown keys are errors.

- Relative paths start at the folder of \`bridge.yaml\`.
- Durations look like \`90s\`, \`10m\` or \`8h\`.
- Secrets never stand in the file. \`{ file: … }\` names a file, \`{ env: … }\` an environment variable. A key of 32 bytes is raw, or
  base64 or hex text (\`openssl rand -base64 32\`); \`npx --no-install bridge make-certs\` makes all that are needed.
- Numbers with leading zeros (codes of schools) stand in quotes.
`

function printConfiguration(): string {
  const top = membersOf(bridgeYaml)
  const groups = top.filter(([, schema]) => rowsBelow('', schema).length > 0)
  const single = top.filter(([, schema]) => rowsBelow('', schema).length === 0)
  const chapters = groups.map(([key, schema]) => chapter(key, notesOf(schema).about, rowsBelow(key, schema)))
  const kinds = connectorKinds.map(kind => chapter(`connector: ${kind}`, KIND, rowsBelow('', connectorSchema(kind)!)))
  const first = chapter(
    'Top level',
    'What stands alone.',
    single.map(([key, schema]) => row(key, schema)),
  )
  return [INTRODUCTION, first, ...chapters, ...kinds].join('\n')
}

const KIND = 'What stands in the `connector` of a journal of this kind, beside `kind` and `requireState`.'

const chapter = (title: string, about: string | undefined, rows: readonly string[]): string =>
  `## ${title}\n\n${about ?? ''}\n\n| setting | meaning | allowed | without it | example |\n|---|---|---|---|---|\n${rows.join('\n')}\n`

/** One row for every setting below, groups and lists opened. */
function rowsBelow(path: string, schema: z.ZodType): readonly string[] {
  const element = elementOf(schema)
  if (element) return rowsBelow(`${path}[]`, element)
  return membersOf(schema).flatMap(([key, member]) => {
    const whole = path === '' ? key : `${path}.${key}`
    const below = rowsBelow(whole, member)
    const list = elementOf(member) !== undefined
    return below.length > 0 && !list ? below : [row(whole, member), ...below]
  })
}

function row(path: string, schema: z.ZodType): string {
  const { about = '', example } = notesOf(schema)
  const allowed = allowedBy(schema) ?? ''
  const key = path.slice(path.lastIndexOf('.') + 1)
  const shown = example === undefined ? '' : code(printLine(key, example))
  return `| ${[code(path), about, allowed, withoutIt(schema), shown].map(cell).join(' | ')} |`
}

function withoutIt(schema: z.ZodType): string {
  if (isOptional(schema)) return 'nothing'
  const usual = defaultOf(schema)
  return usual === undefined ? 'an error' : code(JSON.stringify(usual).replace(/^"(.*)"$/, '$1'))
}

const code = (text: string): string => `\`${text}\``
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const whoActs: Readonly<Record<Fault, string>> = {
  person: 'the person',
  idp: 'the identity provider',
  journal: 'the journal',
  operator: 'who runs the bridge',
  school: 'the school',
}

function printRefusals(): string {
  const rows = Object.entries(refusals).map(
    ([name, { status, fault, meaning }]) =>
      `| ${[code(name), String(status), whoActs[fault], meaning, remedies[name as RefusalCode]].map(cell).join(' | ')} |`,
  )
  return `# Refusals

${PRINTED}

Every reason for which the bridge says no. The code stands in the audit and in \`npx --no-install bridge explain NUMBER\`; the page shows a
sentence for the person and the request number.

| code | status | who must act | meaning | what to do |
|---|---|---|---|---|
${rows.join('\n')}
`
}

const whoActsRu: Readonly<Record<Fault, string>> = {
  person: 'человек',
  idp: 'администраторы IdP',
  journal: 'разработчики журнала',
  operator: 'кто обслуживает мост',
  school: 'школа',
}

function printRefusalsRu(): string {
  const rows = (Object.keys(refusals) as RefusalCode[]).map(name => {
    const { status, fault } = refusals[name]
    return `| ${[code(name), String(status), whoActsRu[fault], meaningsRu[name], remediesRu[name]].map(cell).join(' | ')} |`
  })
  return `# Отказы

<!-- Печатает \`node scripts/print-docs.js\`; правки руками пропадут. -->

Всё, на что мост отвечает отказом. Код стоит в журнале событий, и его называет \`npx --no-install bridge explain НОМЕР\`; на странице человек видит понятное
ему предложение и номер обращения. По-русски \`explain\` отвечает на сервере с русским языком или с \`--language ru\`. То же по-английски: [refusals.md](../refusals.md).

| код | статус | кто действует | что это значит | что делать |
|---|---|---|---|---|
${rows.join('\n')}
`
}

function printMetadataChecks(): string {
  const rows = Object.entries(kinds).map(
    ([name, { severity, meaning }]) => `| ${[code(name), severity, meaning].map(cell).join(' | ')} |`,
  )
  return `# What check-metadata finds

${PRINTED}

\`npx --no-install bridge check-metadata FILE\` (or an https address, or \`-\`) knows ${rows.length} kinds of mistakes, and says for each the line and what to do.
An error keeps the bridge from using the file, a warning does not, an info asks for nothing. What is wrong with a key that is for encryption
only stops nobody and is a warning.

| kind | severity | meaning |
|---|---|---|
${rows.join('\n')}

## With the certificate of whoever signs

\`npx --no-install bridge check-metadata FILE --signed-by CERTIFICATE\` judges the document as the bridge does where the settings say \`signedBy\`.
With \`--config bridge.yaml\` certificate, maxValidity, whenExpired and clockSkew are those of the entry that names this file or address; the
command says by which it judged. All of these are errors; a finding of the same kind above then counts as the error. The bridge itself tells the same: of a file \`check-config\`,
of an address that it fetches \`idp-metadata list\` and \`doctor\`.

| kind | meaning |
|---|---|
${Object.entries(pinnedKinds)
  .map(([name, meaning]) => `| ${[code(name), meaning].map(cell).join(' | ')} |`)
  .join('\n')}
`
}
