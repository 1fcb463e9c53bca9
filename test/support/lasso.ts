/** An IdP made of lasso, of which nothing here is our code: see lasso-idp.py. */
import { execFileSync } from 'node:child_process'
import { projectFile } from '../../src/base/project-file.js'
import { hasPythonModule } from './require.js'

export const PYTHON = '/usr/bin/python3'

export interface LassoOrder {
  readonly idpMetadata: string
  readonly idpKey: string
  readonly spMetadata: string
  /** Of the redirect with our request. */
  readonly query: string
  readonly sign: 'response' | 'assertion' | 'both'
  readonly encrypt: 'none' | 'assertion' | 'name'
  readonly cipher: 'aes128' | 'aes256'
  readonly attributes: Readonly<Record<string, readonly string[]>>
  readonly times: { readonly now: string; readonly notBefore: string; readonly notOnOrAfter: string }
}

export interface LassoAnswer {
  readonly acs: string
  readonly relayState: string
  readonly response: string
  readonly forced: boolean
  readonly issuer: string
}

/** Skips a suite in one line, or fails it where everything must run. */
export function needLasso(suite: { skip(): void }): void {
  if (!hasPythonModule(PYTHON, 'lasso', 'python3-lasso')) suite.skip()
}

/** @throws when lasso refuses our request or our metadata, with its reason */
export function answerByLasso(order: LassoOrder): LassoAnswer {
  const program = projectFile('test/support/lasso-idp.py')
  const told = execFileSync(PYTHON, [program], { input: JSON.stringify(order), encoding: 'utf8', stdio: 'pipe' })
  return JSON.parse(told) as LassoAnswer
}
