/** Calls of ours carry on the trace of the request on whose way they are made. */
import { expect } from 'chai'
import { traced } from '../../src/base/trace.js'
import { systemCourier } from '../../src/courier/courier.js'
import { openWebhook, type Webhook } from '../support/webhook.js'

const TRACE = { id: '4bf92f3577b34da6a3ce929d0e0e4736', flags: '01' }

describe('courier: traceparent', () => {
  let hook: Webhook
  before(async () => {
    hook = await openWebhook()
  })
  after(() => hook.close())
  const call = () => systemCourier.post({ to: hook.url, type: 'application/json', body: '{}' })

  it('names the trace, and a parent of its own for each call; whoever is on no such way names none', async () => {
    await traced(TRACE, () => Promise.all([call(), call()]))
    await call()
    const given = hook.calls.map(({ headers }) => headers['traceparent'])
    const parents = given
      .slice(0, 2)
      .map(each => /^00-4bf92f3577b34da6a3ce929d0e0e4736-([0-9a-f]{16})-01$/.exec(String(each))?.[1])
    expect(new Set(parents)).to.have.property('size', 2)
    expect(parents).not.to.include(undefined)
    expect(given[2]).to.equal(undefined)
  })
})
