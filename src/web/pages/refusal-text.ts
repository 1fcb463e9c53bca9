/** Who can help. `bridge` is whoever runs the bridge; where nobody of the bridge is named, pages send to the school. */
export type Call = 'school' | 'journal' | 'bridge' | 'nobody'

/** `again`: start the same login anew. `another`: let somebody else sign in. `none`: nothing here would help. */
export type Button = 'again' | 'another' | 'none'

/** What a page says about one refusal. Plain words: no terms of SAML, nothing that helps whoever is attacking. */
export interface RefusalText {
  readonly heading: string
  readonly happened: string
  /** One to three, in the order in which they are worth trying. */
  readonly steps: readonly [string, string?, string?]
  readonly call: Call
  readonly button: Button
  /** What that button says when it begins the same login again. */
  readonly again?: string
  /** The page is often reached from a bookmark that cannot work: it names the one that does. */
  readonly bookmark?: true
  /** A code of the school would help: the page leads to where it is typed. */
  readonly byCode?: true
  readonly link?: { readonly href: string; readonly text: string }
}
