import { Command, type OutputConfiguration } from 'commander'
import { complain, type Desk, type ExitCode } from './desk.js'

/** Makes one command; what its action finds out goes to `finish`. */
export type CommandMaker = (desk: Desk, finish: (code: ExitCode) => void) => Command

export interface CommandWords {
  /** One or two sentences. */
  readonly about: string
  readonly examples: readonly string[]
  /** `0 accepted, 1 refused, 2 unusable input`. */
  readonly exitCodes: string
}

/** The frame that all commands share: help with an example and the exit codes, `--json`, complaints in one sentence. */
export function newCommand(desk: Desk, name: string, { about, examples, exitCodes }: CommandWords): Command {
  const shown = examples.map(example => `  npx --no-install bridge ${name} ${example}`.trimEnd())
  return new Command(name)
    .description(about)
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', `\nExamples:\n${shown.join('\n')}\n\nExit codes: ${exitCodes}.`)
    .configureOutput(spokenAt(desk, `bridge ${name}`))
    .exitOverride()
}

/** What commander prints goes to the desk, and its complaints say where to look. */
export const spokenAt = (desk: Desk, command: string): OutputConfiguration => ({
  writeOut: text => void desk.stdout.write(text),
  writeErr: text => void desk.stderr.write(text),
  outputError: text => {
    const what = text
      .replace(/^error: /, '')
      .trim()
      .replace(/\.$/, '')
    complain(desk, `${what}. See: ${command} --help`)
  },
})

export const CONFIG = ['--config <file>', 'settings of the bridge', 'bridge.yaml'] as const
export const JSON_FLAG = ['--json', 'print JSON for programs'] as const
