/** Messages over a real SMTP server, encrypted and with a password; and servers that one would rather not meet. */
import { expect } from 'chai'
import { mailer } from '../../src/courier/mail.js'
import { createPostman } from '../../src/courier/postman.js'
import { systemCourier } from '../../src/courier/courier.js'
import type { Message } from '../../src/login/message-ports.js'
import { openDawdler, openMailServer, SIGN_IN, type MailServer, type MailWish } from '../support/post-office.js'

const message: Message = {
  ...{ way: 'email', to: 'parent@mail.example', subject: 'Код для входа в журнал', id: 'message-1' },
  text: 'Код: 123456.\nНикому его не сообщайте.',
}

describe('mail', () => {
  const open: { close(): Promise<void> }[] = []
  afterEach(() => Promise.all(open.splice(0).map(each => each.close())))
  async function server(wish: MailWish = {}): Promise<MailServer> {
    const one = await openMailServer(wish)
    open.push(one)
    return one
  }

  for (const security of ['tls', 'starttls', 'none'] as const)
    it(`arrives whole, security ${security}`, async () => {
      const { gateway, mails } = await server({ security })
      expect(await mailer(gateway).verify()).to.equal(undefined)
      expect(await mailer(gateway).send(message)).to.equal(undefined)
      expect(mails).to.have.length(1)
      const [mail] = mails
      expect(mail).to.deep.include({ from: 'vhod@school.example', to: ['parent@mail.example'] })
      expect(mail).to.include({ subject: message.subject, text: message.text })
      expect(mail!.encrypted).to.equal(security !== 'none')
      expect(mail!.raw)
        .to.include('Message-ID: <message-1@school.example>')
        .and.include('Auto-Submitted: auto-generated')
    })

  it('is not sent where nothing is encrypted, the certificate is a stranger’s, or the password is wrong', async () => {
    const hidden = await server({ hidesTls: true })
    expect(await mailer({ ...hidden.gateway, security: 'starttls' }).send(message)).to.match(/does not encrypt/)
    const stranger = await server({ security: 'tls', stranger: true })
    expect(await mailer(stranger.gateway).send(message)).to.match(/may not be trusted/)
    const { gateway, mails } = await server()
    const wrong = mailer({ ...gateway, signIn: { ...SIGN_IN, password: 'другой' } })
    expect(await wrong.send(message)).to.match(/user and the password \(status 535\)/)
    expect(await wrong.verify()).to.match(/user and the password/)
    expect([...mails, ...hidden.mails, ...stranger.mails]).to.deep.equal([])
  })

  it('says why it was refused in words of our own: those of the server quote the address', async () => {
    const full = await server()
    full.refuseWith(452)
    const why = await mailer(full.gateway).send(message)
    expect(why).to.match(/status 452/)
    expect(why).not.to.include('parent')
  })

  it('lets nothing out of its header, whatever stands in subject and address', async () => {
    const { gateway, mails } = await server()
    const subject = 'Код\r\nBcc: thief@evil.example\r\n\r\nдругое письмо'
    await mailer(gateway).send({ ...message, subject })
    await mailer(gateway).send({ ...message, to: 'a@mail.example, thief@evil.example' })
    expect(mails.flatMap(({ to }) => to)).not.to.include('thief@evil.example')
    for (const { raw } of mails) expect(raw.split('\r\n\r\n')[0]).not.to.match(/^Bcc:/im)
  })

  for (const [what, says] of [
    ['says nothing', () => undefined],
    ['greets a letter at a time', socket => void setInterval(() => socket.write('2'), 100).unref()],
    ['greets, and then says nothing', socket => void socket.write('220 slow ESMTP\r\n')],
  ] as [string, Parameters<typeof openDawdler>[0]][])
    it(`waits no longer than it may for a server that ${what}`, async () => {
      const dawdler = await openDawdler(says)
      open.push(dawdler)
      const { gateway } = await server({ security: 'none' })
      const began = Date.now()
      const why = await mailer({ ...gateway, port: dawdler.port }, 300).send(message)
      expect(why).to.equal('the mail server does not answer in time')
      expect(Date.now() - began).to.be.lessThan(7_000)
    })

  it('knows a closed door and an unknown name', async () => {
    const { gateway } = await server({ security: 'none' })
    expect(await mailer({ ...gateway, port: 1 }).send(message)).to.match(/nothing listens/)
    expect(await mailer({ ...gateway, host: 'nowhere.invalid' }).send(message)).to.match(/mail server/)
  })

  it('turns away the crowd before a dead server instead of keeping it', async () => {
    const dawdler = await openDawdler(() => undefined)
    open.push(dawdler)
    const { gateway } = await server({ security: 'none' })
    const postman = createPostman({ smtp: { ...gateway, port: dawdler.port } }, systemCourier)
    const crowd = Array.from({ length: 21 }, () => postman.send(message))
    expect(await crowd[20]).to.match(/too many messages/)
    await dawdler.close()
    expect(new Set(await Promise.all(crowd.slice(0, 20)))).to.have.length(1)
  })

  it('says what is not set up', async () => {
    const postman = createPostman({}, systemCourier)
    expect(postman.ways).to.deep.equal([])
    expect(await postman.send(message)).to.match(/no mail server/)
    expect(await postman.send({ ...message, way: 'sms' })).to.match(/no SMS gateway/)
  })
})
