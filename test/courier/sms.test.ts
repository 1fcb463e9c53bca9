/** SMS over a real gateway that takes forms or JSON. */
import { expect } from 'chai'
import { systemCourier } from '../../src/courier/courier.js'
import { sendSms } from '../../src/courier/sms.js'
import type { SmsGateway } from '../../src/words/gateways.js'
import { openSmsServer, type SmsServer } from '../support/post-office.js'

const message = { to: '79001234567', text: 'Код {phone} & 123456' }

describe('SMS', () => {
  let server: SmsServer
  let gateway: SmsGateway
  beforeEach(async () => {
    server = await openSmsServer()
    gateway = {
      ...{ url: server.url, body: 'form', fields: { to: '+{phone}', msg: '{text}', from: 'SHKOLA' } },
      ...{ secretFields: { key: 'тайна' }, headers: { Authorization: 'Bearer x' }, success: '"status":"OK"' },
    }
  })
  afterEach(() => server.close())
  const send = (change: Partial<SmsGateway> = {}) => sendSms(systemCourier, { ...gateway, ...change }, message)
  const wanted = { to: '+79001234567', msg: message.text, from: 'SHKOLA', key: 'тайна' }

  it('posts a form with the secrets, and nothing in the address', async () => {
    expect(await send()).to.equal(undefined)
    const [{ method, headers, body }] = server.received as [SmsServer['received'][number]]
    expect(Object.fromEntries(new URLSearchParams(body))).to.deep.equal(wanted)
    expect([method, headers.authorization, headers['content-type']]).to.deep.equal([
      ...['POST', 'Bearer x', 'application/x-www-form-urlencoded'],
    ])
  })

  it('posts JSON where the gateway wants it', async () => {
    expect(await send({ body: 'json' })).to.equal(undefined)
    expect(JSON.parse(server.received[0]!.body)).to.deep.equal(wanted)
    expect(server.received[0]!.headers['content-type']).to.equal('application/json')
  })

  it('believes only an answer that says what the settings name, and follows it nowhere', async () => {
    for (const [status, body, told] of [
      [200, '{"status":"ERROR","message":"+79001234567"}', /`success`/],
      [302, '', /status 302/],
      [500, '{"status":"OK"}', /status 500/],
    ] as const) {
      server.answerWith(status, body)
      const why = await send()
      expect(why).to.match(told)
      expect(why).not.to.include('79001')
    }
    expect(server.received).to.have.length(3)
    await server.close()
    expect(await send()).to.match(/does not answer/)
  })
})
