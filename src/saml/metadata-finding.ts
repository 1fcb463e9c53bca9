import type { XmlDocument, XmlElement } from './tree.js'

/** One thing about a metadata file that somebody should know. */
export interface Finding {
  /** An error keeps us from using the file, a warning does not; an info asks for nothing. */
  readonly severity: 'error' | 'warning' | 'info'
  /** Stable and kebab-case, e.g. `no-sso-redirect`. */
  readonly code: string
  readonly line?: number
  readonly what: string
  /** What to do, and where it matters what follows if nothing is done. */
  readonly fix: string
}

/** Where findings of one document are written down. */
export interface Notes {
  readonly document: XmlDocument
  readonly findings: Finding[]
}

export function note(
  { document, findings }: Notes,
  severity: Finding['severity'],
  code: string,
  at: XmlElement,
  what: string,
  fix: string,
): void {
  findings.push({ severity, code, line: lineOf(document, at), what, fix })
}

const lineOf = ({ source }: XmlDocument, { from }: XmlElement): number => source.slice(0, from).split('\n').length
