import type { Readable, Writable } from 'node:stream'
import { systemClock, type Clock } from '../base/clock.js'
import { systemNetwork, type Network } from './network.js'

/** What a command sees of the world; tests bring their own. */
export interface Desk {
  readonly clock: Clock
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  readonly network: Network
}

export const systemDesk: Desk = {
  clock: systemClock,
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  network: systemNetwork,
}

/** 0 fine, 1 the answer is no, 2 the question could not be asked. */
export type ExitCode = 0 | 1 | 2

/** What was given to the command cannot be used. The message says in one or two sentences how to put it right. */
export class UnusableInput extends Error {
  override readonly name = 'UnusableInput'
}

export const say = (desk: Desk, ...lines: readonly string[]): void =>
  void desk.stdout.write(lines.map(line => `${line}\n`).join(''))

export const complain = (desk: Desk, line: string): void => void desk.stderr.write(`${line}\n`)

/** For programs: `schemaVersion` grows when a field changes its meaning or goes. */
export const sayJson = (desk: Desk, value: object): void =>
  say(desk, JSON.stringify({ schemaVersion: 1, ...value }, undefined, 2))
