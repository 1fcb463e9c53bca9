/** E-mail over SMTP (RFC 5321), encrypted before anything is said unless the server is this very machine. */
import { connect, type Socket } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Message } from '../login/message-ports.js'
import type { SmtpGateway } from '../words/gateways.js'

/** Milliseconds for the whole of it. A person may be waiting. */
const PATIENCE = 15_000
/** For each of: the connection, the greeting, silence. */
const STEP = 7_000

/** What separates addresses, or ends a line. */
const MORE_THAN_ONE = /[\s,;:<>"()]/

export interface Mailer {
  /** @returns why not; undefined when the server took it */
  send(message: Message): Promise<string | undefined>
  /** Greets, encrypts and signs in, and sends nothing. @returns why not */
  verify(): Promise<string | undefined>
}

/** @param patience milliseconds for one message; tests have less */
export const mailer = (gateway: SmtpGateway, patience = PATIENCE): Mailer => ({
  async send({ to, subject, text, id }) {
    if (MORE_THAN_ONE.test(to)) return 'the address is not one'
    return within(gateway, patience, transport =>
      transport.sendMail({
        from: gateway.from,
        to: { name: '', address: to },
        envelope: { from: gateway.from.address, to: [to] },
        subject,
        text,
        messageId: `<${id}@${gateway.from.address.split('@')[1] ?? gateway.host}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        disableFileAccess: true,
        disableUrlAccess: true,
      }),
    )
  },
  verify: () => within(gateway, patience, transport => transport.verify()),
})

type Transport = ReturnType<typeof transportOver>

/** A connection of our own, which is cut when time is up: a server that dawdles holds nobody. */
async function within(
  gateway: SmtpGateway,
  patience: number,
  talk: (transport: Transport) => Promise<unknown>,
): Promise<string | undefined> {
  const time = { up: false }
  let socket: Socket | undefined
  const clock = setTimeout(() => {
    time.up = true
    socket?.destroy()
  }, patience)
  try {
    socket = await connected(gateway)
    await talk(transportOver(gateway, socket))
    return undefined
  } catch (error) {
    return time.up ? reasons['ETIMEDOUT'] : reasonOf(error)
  } finally {
    clearTimeout(clock)
    socket?.destroy()
  }
}

function connected({ host, port }: SmtpGateway): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    socket.setTimeout(STEP, () => socket.destroy(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })))
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      // whatever happens before the transport listens
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })
}

function transportOver({ host, port, security, signIn, ca }: SmtpGateway, connection: Socket) {
  return createTransport({
    ...{ host, port, connection },
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(signIn && { auth: { user: signIn.user, pass: signIn.password } }),
    tls: { minVersion: 'TLSv1.2', servername: host, ...(ca !== undefined && { ca }) },
    ...{ connectionTimeout: STEP, greetingTimeout: STEP, socketTimeout: STEP, dnsTimeout: STEP },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
}

const reasons: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'the mail server does not answer in time',
  ECONNECTION: 'the mail server breaks the connection off',
  ECONNREFUSED: 'nothing listens at the port of the mail server',
  ECONNRESET: 'the mail server breaks the connection off',
  ENOTFOUND: 'nobody knows the name of the mail server',
  EDNS: 'nobody knows the name of the mail server',
  ETLS: 'the mail server does not encrypt as the settings want it, or shows a certificate that is not trusted',
  ESOCKET:
    'the connection to the mail server fails: its certificate may not be trusted, or it encrypts in another way than `security` says',
  EAUTH: 'the mail server does not take the user and the password',
  EENVELOPE: 'the mail server does not take the sender or this address',
  EMESSAGE: 'the mail server does not take the message',
}

/** Never the server's own words, which quote addresses. */
function reasonOf(error: unknown): string {
  const { code = '', responseCode } = error as { readonly code?: string; readonly responseCode?: number }
  const status = responseCode === undefined ? '' : ` (status ${responseCode})`
  return `${reasons[code] ?? 'the mail server cannot be spoken to'}${status}`
}
