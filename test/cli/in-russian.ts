/** Whether doctor speaks Russian: what is left of its sentences without that which is the same in every language. */
import { expect } from 'chai'
import type { Remark } from '../../src/cli/doctor/patient.js'

const SAME_EVERYWHERE = [
  // other rooms speak English only, and are quoted
  /по-английски: «.*?»(?=$|[;,.\n])/gm,
  /(npx --no-install bridge )?(idp-metadata (refresh|show|approve)|anomalies (list|unlock)|banner show|test-message|list-certs|rotate-data-key)/g,
  /npm start -- --config (".*"|\S+)|chmod \S+ \S+|[a-z_]+ = off/g,
  /nginx: (proxy_set_header \S+ \S+|return 301 \S+)/g,
  /host, port, security и signIn/g,
  /full ICU/g,
  // addresses, settings, files, versions, codes
  /\S*[./:_\d]\S*/g,
]

const SENTENCE = /[A-Za-z]{2,}[,;:]? [A-Za-z]{2,}/

/** @returns two words or more of English in a row, wherever they stand */
export function englishIn(text: string): string | undefined {
  return SAME_EVERYWHERE.reduce((left, each) => left.replace(each, '—'), text).match(SENTENCE)?.[0]
}

/** That every one of them is told in Russian, and no two languages say the same words. */
export function expectRussian(remarks: readonly Remark[], ...words: readonly string[]): void {
  const told = remarks.flatMap(({ what, fix }) => [what, ...(fix ? [fix] : [])])
  for (const { ru } of told) expect(englishIn(ru), ru).to.equal(undefined)
  const sentences = told.map(({ ru }) => ru).join('\n')
  for (const word of words) expect(sentences).to.include(word)
}
