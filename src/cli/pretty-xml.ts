import type { XmlElement, XmlNode } from '../saml/tree.js'
import { printable } from './printable.js'

/** Elements that hold nothing but base64 for machines. */
const FOR_MACHINES = new Set(['CipherValue', 'SignatureValue', 'X509Certificate', 'DigestValue', 'Modulus'])

/** A longer text in one of them is shortened. */
const SHOWN = 64

/** For reading only: white space was changed, so the signatures of what is printed here no longer verify. */
export function prettyXml(root: XmlElement): string {
  const lines: string[] = []
  write(root, '', lines)
  return lines.join('\n')
}

function write(element: XmlElement, indent: string, lines: string[]): void {
  const name = nameOf(element)
  const head = `${indent}<${name}${attributesOf(element)}`
  const content = element.children.filter(node => node.kind !== 'text' || node.value.trim() !== '')
  if (content.length === 0) return void lines.push(`${head}/>`)
  if (content.every(node => node.kind === 'text')) {
    const text = content.map(node => node.value).join('')
    return void lines.push(`${head}>${escaped(shortened(element, text))}</${name}>`)
  }
  lines.push(`${head}>`)
  for (const node of content) writeNode(node, `${indent}  `, lines)
  lines.push(`${indent}</${name}>`)
}

function writeNode(node: XmlNode, indent: string, lines: string[]): void {
  if (node.kind === 'element') write(node, indent, lines)
  else
    lines.push(node.kind === 'comment' ? `${indent}<!--${printable(node.value)}-->` : `${indent}${escaped(node.value)}`)
}

function shortened(element: XmlElement, text: string): string {
  if (!FOR_MACHINES.has(element.local)) return text
  const dense = text.replace(/\s+/g, '')
  return dense.length <= SHOWN ? dense : `${dense.slice(0, SHOWN)}… (${dense.length} characters)`
}

const nameOf = ({ prefix, local }: { readonly prefix: string; readonly local: string }): string =>
  prefix === '' ? local : `${prefix}:${local}`

function attributesOf({ declarations, attributes }: XmlElement): string {
  const spaces = declarations.map(({ prefix, ns }) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${quoted(ns)}"`)
  return [...spaces, ...attributes.map(each => ` ${nameOf(each)}="${quoted(each.value)}"`)].join('')
}

const escaped = (text: string): string =>
  printable(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const quoted = (text: string): string =>
  escaped(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')
