/** Told in a sentence and not with a stack: what the person at the keyboard can put right. */
const SENTENCES: ReadonlySet<string> = new Set([
  'UnusableInput', 'SettingsError', 'StoreError', 'StoreUnavailable', 'MetadataError', 'CertificateError',
  'RosterFileError', 'RangeError', 'BackupError',
]) // prettier-ignore

/** @returns whether its message says what to do; everything else is a bug of ours, and is shown with its stack */
export const isSentence = ({ name }: Error): boolean => SENTENCES.has(name)
