/** A real mail server and a real SMS gateway on this machine, which keep what they are given. */
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTcp, type AddressInfo, type Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { SmtpGateway } from '../../src/words/gateways.js'
import { authority, tlsFor } from './https.js'

export interface Mail {
  readonly from: string
  readonly to: readonly string[]
  /** As it came over the wire, headers included. */
  readonly raw: string
  /** Decoded. */
  readonly subject: string
  readonly text: string
  readonly encrypted: boolean
}

export interface MailServer {
  readonly port: number
  readonly mails: Mail[]
  /** What `mail.smtp` of the settings must say to reach it. */
  readonly gateway: SmtpGateway
  /** What it says instead of taking the next messages. */
  refuseWith(status: number | undefined): void
  close(): Promise<void>
}

export const SIGN_IN = { user: 'vhod@school.example', password: 'очень тайный пароль' } as const

export interface MailWish {
  readonly security?: SmtpGateway['security']
  /** It offers no STARTTLS. */
  readonly hidesTls?: true
  /** Signed by nobody whom the bridge knows. */
  readonly stranger?: true
}

export async function openMailServer({
  security = 'starttls',
  hidesTls,
  stranger,
}: MailWish = {}): Promise<MailServer> {
  const mails: Mail[] = []
  let refusal: number | undefined
  const { key, cert } = await tlsFor({ name: 'localhost', ...(stranger && { selfSigned: true }) })
  const server = new SMTPServer({
    ...{ key, cert, secure: security === 'tls', authOptional: security === 'none', logger: false },
    disabledCommands: hidesTls || security === 'none' ? ['STARTTLS'] : [],
    allowInsecureAuth: hidesTls ?? false,
    onAuth({ username, password }, _session, done) {
      if (username === SIGN_IN.user && password === SIGN_IN.password) done(null, { user: username })
      else done(new Error('wrong password'))
    },
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        if (refusal !== undefined)
          return done(Object.assign(new Error('no room for parent@mail.example'), { responseCode: refusal }))
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          ...readMail(Buffer.concat(parts).toString('latin1')),
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          encrypted: session.secure,
        })
        done()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    mails,
    refuseWith: status => void (refusal = status),
    gateway: {
      ...{ host: 'localhost', port, security, ca: (await authority()).certificatePem },
      from: { name: 'Вход в журнал', address: 'vhod@school.example' },
      ...(security !== 'none' && { signIn: SIGN_IN }),
    },
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}

/** RFC 5322 and RFC 2047, as far as our own messages go. */
function readMail(raw: string): Pick<Mail, 'raw' | 'subject' | 'text'> {
  const end = raw.indexOf('\r\n\r\n')
  const head = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ')
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? ''
  const body = raw.slice(end + 4)
  const octets = /base64/i.test(header('Content-Transfer-Encoding'))
    ? Buffer.from(body, 'base64')
    : /quoted-printable/i.test(header('Content-Transfer-Encoding'))
      ? unquoted(body.replace(/=\r\n/g, ''))
      : Buffer.from(body, 'latin1')
  return { raw, subject: decodedWords(header('Subject')), text: octets.toString('utf8').trim() }
}

const unquoted = (text: string): Buffer =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  )

const decodedWords = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, how: string, word: string) =>
      (how.toLowerCase() === 'b' ? Buffer.from(word, 'base64') : unquoted(word.replace(/_/g, ' '))).toString('utf8'),
    )

export interface SmsServer {
  readonly url: string
  readonly received: { readonly method: string; readonly headers: IncomingMessage['headers']; readonly body: string }[]
  answerWith(status: number, body: string): void
  close(): Promise<void>
}

export async function openSmsServer(): Promise<SmsServer> {
  const received: SmsServer['received'] = []
  let answer = { status: 200, body: '{"status":"OK"}' }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method = '', headers } = request
      received.push({ method, headers, body: Buffer.concat(parts).toString('utf8') })
      response.writeHead(answer.status, { Location: '/elsewhere' }).end(answer.body)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`,
    received,
    answerWith: (status, body) => void (answer = { status, body }),
    close: () => new Promise(resolve => void (server.closeAllConnections(), server.close(() => resolve()))),
  }
}

/** Takes connections and goes on saying the same, however long somebody waits. */
export async function openDawdler(says: (socket: Socket) => void): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createTcp(socket => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)))
    says(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
