import type { Finding } from '../metadata-finding.js'
import { kinds, type FindingKind } from './kinds.js'

/** What can be seen before anything is parsed. @returns without `xml` when there is no use in going on */
export function remarkText(octets: Uint8Array): { readonly xml?: string; readonly findings: Finding[] } {
  const wrong = encodingOf(octets)
  if (wrong !== undefined)
    return {
      findings: [remark('encoding', wrong, 'fetch the file again and do not edit it, or save it as UTF-8')],
    }
  const xml = new TextDecoder('utf-8', { ignoreBOM: true }).decode(octets)
  const findings: Finding[] = []
  if (xml.startsWith('\uFEFF'))
    findings.push(
      remark('byte-order-mark', 'the file begins with a byte order mark', 'nothing: it is read all the same'),
    )
  const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----|<(?:\w+:)?(?:D|InverseQ)>[^<]{40}/.exec(xml)
  if (key)
    findings.push({
      ...remark(
        'private-key',
        'the file holds a private key: whoever has seen it can sign in as anybody',
        'tell the IdP at once and by telephone; trust neither this file nor its keys',
      ),
      line: xml.slice(0, key.index).split('\n').length,
    })
  return { xml, findings }
}

const remark = (code: FindingKind, what: string, fix: string): Finding => ({
  severity: kinds[code].severity,
  code,
  what,
  fix,
})

/** @returns what the file is instead of UTF-8 */
function encodingOf(octets: Uint8Array): string | undefined {
  const [first, second] = octets
  const marks = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (marks || (first === 0x3c && second === 0) || (first === 0 && second === 0x3c))
    return 'the file is in UTF-16, which Notepad calls Unicode'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(octets)
    return undefined
  } catch {
    return 'the file is not UTF-8'
  }
}
