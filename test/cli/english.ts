/** How a Russian text of the command line is found to hold English. */

/** Words that it may not hold: two of English in a row. Names of the specification, settings and facts stand alone. */
export const ENGLISH = /(?<![\w:/.#-])[a-z]{2,},? [a-z]{2,}(?![\w:/.#-])/

/** Without commands, settings and names of fields, which stay as they are, and without what a browser calls itself. */
export const spoken = (text: string): string =>
  text.replaceAll(/`[^`]*`/g, '`…`').replace(/^( {2}(?:устройство|передано \(released\)) +)\S.*/, '$1…')
