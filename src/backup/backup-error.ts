/** A backup cannot be made or restored. Its message says in one or two sentences why, and what to do; nothing was changed. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}
