import { readFile } from 'node:fs/promises'
import { UnusableInput } from './desk.js'

/** The file can be copied and tried at home for years: nothing that a person thinks up in a hurry. */
const LEAST = 16

/** The octets of a file without the line's end. @throws UnusableInput */
export async function passphraseIn(file: string | undefined): Promise<Buffer> {
  if (file === undefined)
    throw new UnusableInput(
      'Give --passphrase-file: a passphrase on the command line would stand in the history of the shell. Make one: openssl rand -base64 32 > backup.pass',
    )
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) throw new UnusableInput(`${file} cannot be read. Check the path and the rights.`)
  const passphrase = Buffer.from(text.replace(/\r?\n$/, ''))
  if (passphrase.length < LEAST)
    throw new UnusableInput(
      `${file} holds fewer than ${LEAST} characters. Make a passphrase: openssl rand -base64 32 > ${file}`,
    )
  return passphrase
}
