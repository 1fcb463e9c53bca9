/** SMS by a gateway that takes a form or JSON over HTTP. */
import type { Courier } from '../login/logout-ports.js'
import type { Message } from '../login/message-ports.js'
import type { SmsGateway } from '../words/gateways.js'

const PATIENCE = 10_000
/** Octets of an answer that are looked at. */
const MOST = 64 * 1024

/** @returns why not; undefined when the gateway took it */
export async function sendSms(
  courier: Courier,
  gateway: SmsGateway,
  { to, text }: Pick<Message, 'to' | 'text'>,
): Promise<string | undefined> {
  const filled = Object.entries(gateway.fields).map(([name, value]) => [name, fill(value, to, text)] as const)
  const fields = Object.fromEntries([...filled, ...Object.entries(gateway.secretFields)])
  const json = gateway.body === 'json'
  const reply = await courier.post(
    {
      to: gateway.url,
      type: json ? 'application/json' : 'application/x-www-form-urlencoded',
      body: json ? JSON.stringify(fields) : new URLSearchParams(fields).toString(),
      headers: gateway.headers,
      patience: PATIENCE,
    },
    MOST,
  )
  if (!reply) return 'the SMS gateway does not answer in time'
  if (reply.status < 200 || reply.status > 299) return `the SMS gateway answers with status ${reply.status}`
  const said = Buffer.from(reply.body).toString('utf8')
  if (gateway.success !== undefined && !said.includes(gateway.success))
    return 'the SMS gateway answers, and not with what `success` of the settings names'
  return undefined
}

/** In one go: what stands in the text is not looked at again. */
const fill = (template: string, phone: string, text: string): string =>
  template.replace(/\{(phone|text)\}/g, (_, name) => (name === 'phone' ? phone : text))
