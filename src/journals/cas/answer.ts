/** The answers in the three forms that CAS clients read. */
import { element, type Markup } from '../../base/xml-writer.js'
import { CAS_NAMESPACE, elementName } from './names.js'
import type { CasAnswer, CasFailure } from './validation.js'

export interface Written {
  readonly type: string
  readonly body: string
}

/** CAS 1 (2.4.2). */
export const asText = (answer: CasAnswer): Written => ({
  type: 'text/plain; charset=utf-8',
  body: 'code' in answer ? 'no\n\n' : `yes\n${oneLine(answer.user)}\n`,
})

/** CAS 2 and 3. @param withAttributes the addresses below `/p3/` tell more than the name (2.8) */
export function asXml(answer: CasAnswer, withAttributes: boolean): Written {
  if ('code' in answer) return failureAsXml('authenticationFailure', answer)
  const attributes = Object.entries(answer.attributes).map(([name, value]) =>
    element(`cas:${elementName(name)}`, {}, writable(value)),
  )
  return document(
    element(
      'cas:authenticationSuccess',
      {},
      element('cas:user', {}, writable(answer.user)),
      ...(withAttributes ? [element('cas:attributes', {}, ...attributes)] : []),
    ),
  )
}

export const failureAsXml = (name: 'authenticationFailure' | 'proxyFailure', { code, why }: CasFailure): Written =>
  document(element(`cas:${name}`, { code }, why))

const document = (content: Markup): Written => ({
  type: 'application/xml; charset=utf-8',
  body: element('cas:serviceResponse', { 'xmlns:cas': CAS_NAMESPACE }, content).xml,
})

/** `format=JSON` (2.5.2). */
export const asJson = (answer: CasAnswer, withAttributes: boolean): Written =>
  json(
    'code' in answer
      ? failed(answer)
      : { authenticationSuccess: { user: answer.user, ...(withAttributes && { attributes: answer.attributes }) } },
  )

/** The protocol's own example calls a refused proxy ticket a failed authentication, too (2.7.2). */
export const failureAsJson = (failure: CasFailure): Written => json(failed(failure))

const failed = ({ code, why }: CasFailure) => ({ authenticationFailure: { code, description: why } })

const json = (serviceResponse: object): Written => ({
  type: 'application/json; charset=utf-8',
  body: JSON.stringify({ serviceResponse }),
})

/** A name with a control character must not cost its owner the login. */
const writable = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')

const oneLine = (text: string): string => text.replace(/[\r\n]/g, ' ')
