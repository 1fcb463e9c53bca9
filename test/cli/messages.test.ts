/** Whether codes and notices would leave: as doctor sees it, and with a message to oneself. */
import { appendFile, cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { messages } from '../../src/cli/doctor/messages.js'
import { systemNetwork } from '../../src/cli/network.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { authority } from '../support/https.js'
import { openMailServer, openSmsServer, SIGN_IN, type MailServer, type SmsServer } from '../support/post-office.js'
import { run } from './desk.js'
import { expectRussian } from './in-russian.js'
import { makeFolder, type Folder } from './folder.js'

describe('commands about messages', () => {
  let folder: Folder
  let mail: MailServer
  let sms: SmsServer
  let config: string
  before(async () => {
    ;[folder, mail, sms] = await Promise.all([makeFolder(), openMailServer(), openSmsServer()])
    config = join(folder.path, 'messages.yaml')
    await cp(folder.config, config)
    await folder.file('ca.crt', (await authority()).certificatePem)
    await writeFile(join(folder.path, 'smtp.password'), `${SIGN_IN.password}\n`, { mode: 0o600 })
    for (const [name, section] of Object.entries(sections()))
      await appendFile(
        config,
        `${name}: ${JSON.stringify(section)}
`,
      )
  })
  after(() => Promise.all([folder.remove(), mail.close(), sms.close()]))

  const sections = () => ({
    mail: {
      from: 'vhod@school.example',
      smtp: {
        ...{ host: 'localhost', port: mail.port, security: 'starttls', ca: 'ca.crt' },
        signIn: { user: SIGN_IN.user, password: { file: 'smtp.password' } },
      },
    },
    sms: {
      ...{ url: sms.url, fields: { to: '{phone}', msg: '{text}' }, secretFields: { key: { env: 'SMS_KEY' } } },
      success: 'OK',
    },
  })
  const env = { SMS_KEY: 'ключ' }
  const test = (address: string, ...more: string[]) =>
    run(['test-message', address, '--config', config, ...more], { env })

  it('send one by e-mail and one by SMS', async () => {
    const ran = await test('it@school.example')
    expect([ran.code, ran.err]).to.deep.equal([0, ''])
    expect(ran.out).to.include('i***@school.example')
    expect(mail.mails.at(-1)).to.deep.include({ to: ['it@school.example'], subject: 'Проверка: сообщения уходят' })
    expect((await test('+7 900 123-45-67', '--json')).json()).to.include({ taken: true, way: 'sms' })
    const sent = new URLSearchParams(sms.received.at(-1)!.body)
    expect([sent.get('to'), sent.get('key')]).to.deep.equal(['79001234567', 'ключ'])
  })

  it('say what hinders it', async () => {
    expect((await test('nobody')).err).to.include('neither an e-mail address nor a telephone number')
    sms.answerWith(200, 'ERROR')
    const ran = await test('89001234567')
    expect([ran.code, ran.err]).to.deep.equal([1, 'Not sent: the SMS gateway answers, and not with what `success` of the settings names. See docs/ru/soobshcheniya.md.\n']) // prettier-ignore
    const without = await run(['test-message', 'it@school.example', '--config', folder.config])
    expect([without.code, without.err]).to.deep.equal([2, 'The settings have no section mail, so nothing can be sent that way.\n']) // prettier-ignore
    const unset = await run(['check-config', '--config', config], { env: {} })
    expect(unset.out + unset.err).to.match(/sms\.secretFields\.key: the environment variable SMS_KEY is not set/)
  })

  it('doctor signs in at the mail server, sends nothing, and asks the gateway for nothing', async () => {
    const [mails, posts] = [mail.mails.length, () => sms.received.filter(({ method }) => method === 'POST').length]
    const before = posts()
    const patient = { configuration: loadConfiguration(config, env), file: config, network: systemNetwork, now: 0 }
    const look = async (gateways: Partial<typeof patient.configuration.gateways>) =>
      (await messages({ ...patient, configuration: { ...patient.configuration, gateways } })).map(
        ({ light, check, what }) => `${light} ${check} ${what.en}`,
      )
    const { gateways } = patient.configuration
    expect((await look(gateways)).join('\n')).to.match(/green mail .* takes the password\ngreen sms/)
    expect([mail.mails.length, posts()]).to.deep.equal([mails, before])
    const wrong = { ...gateways.smtp!, signIn: { ...SIGN_IN, password: 'wrong' } }
    expect((await look({ smtp: wrong })).join()).to.match(/red mail .*does not take the user and the password/)
    const sick = {
      ...patient.configuration,
      gateways: { smtp: wrong, sms: { ...gateways.sms!, url: 'http://127.0.0.1:1/' } },
    }
    expectRussian(
      await messages({ ...patient, configuration: sick }),
      'с почтовым сервером',
      'шлюз SMS 127.0.0.1:1 отклоняет',
    )
    expect((await look({ sms: { ...gateways.sms!, url: 'http://127.0.0.1:1/' } })).join()).to.match(
      /yellow sms .*refuses/,
    )
    expect(await look({})).to.deep.equal([])
  })
})
