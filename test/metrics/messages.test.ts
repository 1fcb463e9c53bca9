/** Messages that do not leave are seen in the figures: while they wait, and when they were given up. Over real HTTP and SMTP. */
import { expect } from 'chai'
import { sendDue } from '../../src/login/notifying.js'
import { sendAlerts } from '../../src/watch/alerts.js'
import { Browser } from '../support/browser.js'
import { at, FATHER } from '../support/cabinet.js'
import { sections } from '../support/confirming.js'
import { openMailServer, type MailServer, type SmsServer } from '../support/post-office.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { openWebhook, type Webhook } from '../support/webhook.js'

const DAY = 24 * 3_600_000

describe('metrics: messages that do not leave', () => {
  let mail: MailServer
  let webhook: Webhook
  let town: TestTown
  before(async () => {
    ;[mail, webhook] = await Promise.all([openMailServer({ security: 'none' }), openWebhook()])
    town = await startTestTown({
      more: {
        mail: sections(mail, { url: '' } as SmsServer).mail,
        notices: ['devices'],
        metrics: { port: 0 },
        anomalies: { notify: { webhook: { url: webhook.url, key: { file: 'certs/session.key' } } } },
      },
    })
  })
  after(async () => {
    await town.close()
    await Promise.all([mail.close(), webhook.close()])
  })

  const send = () => Promise.all([sendDue(town.bridge.web.ports), sendAlerts(town.bridge.watch)])
  async function figures(name: string): Promise<readonly string[]> {
    const text = await (await fetch(`http://127.0.0.1:${town.server.metricsPort}/metrics`)).text()
    return [...text.matchAll(new RegExp(`^${name}\\{to="(\\w+)",way="(\\w+)"\\} (\\d+)$`, 'gm'))].map(found =>
      found.slice(1).join(' '),
    )
  }
  const none = ['people email 0', 'administration email 0', 'administration webhook 0']
  const one = ['people email 1', 'administration email 0', 'administration webhook 1']

  it('are counted while they wait, and as lost when a day has passed', async () => {
    mail.refuseWith(451)
    webhook.answerWith(503)
    await walk(new Browser(), at(town, '/me'), FATHER)
    const now = town.clock.now()
    const alert = { id: 'alert', channel: 'webhook', content: { at: now, anomalies: [], more: 1 }, since: now }
    await town.bridge.store.watching.tell({ anomalies: [], alerts: [alert], now })
    expect(await figures('bridge_messages_undelivered'), 'nobody tried yet').to.deep.equal(none)
    await send()
    expect(await figures('bridge_messages_undelivered')).to.deep.equal(one)
    expect(await figures('bridge_messages_lost_total'), 'there is hope').to.deep.equal(none)
    town.clock.forward(DAY)
    await send()
    expect(await figures('bridge_messages_lost_total')).to.deep.equal(one)
    expect(await figures('bridge_messages_undelivered')).to.deep.equal(none)
  })
})
