/** What is wrong with a configuration, told all at once to the person who can mend it. */

export interface Problem {
  /** The file that has to be changed, as the person named it. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** `journals[0].connector.alg`; empty for the file as a whole. Never the value: it may be a secret. */
  readonly path: string
  /** Stands after the path and a colon: `must be …`, `is missing`. */
  readonly message: string
  /** One line of YAML that would be right. */
  readonly example?: string
}

/** The configuration cannot be used. Its message is made to be printed as it is. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly file: string
  readonly problems: readonly Problem[]

  constructor(file: string, problems: readonly Problem[]) {
    const sorted = [...problems].sort((one, other) => rank(file, one, other))
    super(formatProblems({ file, problems: sorted }))
    this.file = file
    this.problems = sorted
  }
}

/** The main file first, then the files it names, each from its first line on. */
const rank = (main: string, one: Problem, other: Problem): number =>
  Number(one.file !== main) - Number(other.file !== main) || one.file.localeCompare(other.file) || one.line - other.line

/** For `check-config` and for a start that fails: every problem with its place, what is allowed and an example. */
export function formatProblems(error: Pick<SettingsError, 'file' | 'problems'>): string {
  const count = error.problems.length
  const head = `${error.file} cannot be used: ${count === 1 ? 'one problem' : `${count} problems`}.`
  return [head, ...error.problems.map(printProblem)].join('\n\n')
}

export function printProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}`
  const sentence = problem.path === '' ? problem.message : `${problem.path}: ${problem.message}`
  const example = problem.example === undefined ? '' : `\n    for example  ${problem.example}`
  return `${place}\n    ${sentence}${example}`
}

export type Path = readonly (string | number)[]

/** `['journals', 0, 'id']` as `journals[0].id`. */
export const printPath = (path: Path): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('')
