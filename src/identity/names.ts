/** How names are tidied for keeping, and folded for comparing. */

/** NFC, no outer spaces, one space inside. Nothing is cut: saml2int IIP-G02 wants 256 characters and more kept whole. */
export const tidy = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim()

/** What does not tell two names apart: case, Ё or Е, hyphen or space. `Анна-Мария` and `АННА МАРИЯ` fold alike. */
export const foldName = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[\s\u2010-\u2015\u2212-]+/gu, ' ')
    .trim()
