/** Files that a command is given. */
import { readFileSync } from 'node:fs'

/** The command was given something it cannot work with: exit code 2, and the message is all that is printed. */
export class UnusableInput extends Error {
  override readonly name = 'UnusableInput'
}

export function text(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : `it cannot be read (${code})`
    throw new UnusableInput(`${path}: ${why}.`)
  }
}
