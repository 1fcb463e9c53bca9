import { crossChecks } from './cross-checks.js'
import { explain, type Finding } from './explain.js'
import { type Path, printPath, type Problem, SettingsError } from './problems.js'
import { bridgeYaml } from './schema.js'
import { type Settings, settingsFrom } from './settings.js'
import { openYaml } from './yaml-document.js'

/** A file that was looked at: what is wrong with it, and the settings when nothing is. */
export interface Reading {
  /** As written; undefined when the text is not YAML. */
  readonly raw: unknown
  readonly settings: Settings | undefined
  readonly problems: readonly Problem[]
  readonly lineOf: (path: Path) => number
}

/**
 * Reads the text of bridge.yaml. Looks at no other file and at no secret.
 *
 * @param file how the person calls it; stands before every problem
 * @throws SettingsError listing every problem, not only the first
 */
export function readSettings(text: string, { file }: { readonly file: string }): Settings {
  const { settings, problems } = judgeSettings(text, file)
  if (!settings) throw new SettingsError(file, problems)
  return settings
}

export function judgeSettings(text: string, file: string): Reading {
  const { raw, faults, lineOf } = openYaml(text)
  const syntax = faults.map(fault => ({ file, path: '', ...fault }))
  if (raw === undefined || raw === null) {
    const empty = { file, line: 1, path: '', message: 'is empty; begin with a copy of bridge.example.yaml' }
    return { raw, settings: undefined, problems: syntax.length > 0 ? syntax : [empty], lineOf }
  }
  const judged = bridgeYaml.safeParse(raw)
  const found = [...crossChecks(raw), ...explain(judged.error?.issues ?? [], { schema: bridgeYaml, raw, under: [] })]
  const problems = [...syntax, ...firstOfEach(found).map(finding => placed(finding, file, lineOf))]
  const settings = judged.success && problems.length === 0 ? settingsFrom(judged.data) : undefined
  return { raw, settings, problems, lineOf }
}

/** Two checks may dislike the same value; the first one knows more. */
function firstOfEach(findings: readonly Finding[]): readonly Finding[] {
  const byPath = new Map(findings.toReversed().map(finding => [printPath(finding.path), finding]))
  return [...byPath.values()].toReversed()
}

const placed = (finding: Finding, file: string, lineOf: Reading['lineOf']): Problem => ({
  file,
  line: lineOf(finding.path),
  path: printPath(finding.path),
  message: finding.message,
  ...(finding.example !== undefined && { example: finding.example }),
})
