import type { Desk } from './desk.js'

export interface Progress {
  /** Replaces what was said before. */
  readonly say: (what: string) => void
  /** Leaves the line as if nothing had been said. */
  readonly end: () => void
}

/** Long work on a terminal says where it stands; into a file or a pipe it says nothing. */
export function progressOn({ stderr }: Desk): Progress {
  const onTerminal = 'isTTY' in stderr && stderr.isTTY === true
  const line = (text: string) => {
    if (onTerminal) stderr.write(`\r\u001b[2K${text}`)
  }
  return { say: line, end: () => line('') }
}
