/**
 * Nothing in a message makes the bridge fetch anything: while every row of the attack table and every oddity is judged, no
 * socket is opened and no name is looked up, though the messages name a server that would gladly answer.
 */
import { createHook } from 'node:async_hooks'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { expect } from 'chai'
import { Refusal } from '../../src/base/refusal.js'
import { faults } from '../../src/mock-idp/faults.js'
import { oddities } from '../../src/mock-idp/oddities.js'
import { lintMetadata } from '../../src/saml/lint/lint.js'
import { judgeLogoutRequest } from '../../src/saml/logout-request.js'
import { MetadataError, readIdpMetadata } from '../../src/saml/metadata.js'
import { inSoap } from '../../src/saml/soap.js'
import { ns } from '../../src/words/saml-names.js'
import { NOW, openCourtroom, outcomeOf, type Courtroom } from '../support/judged.js'

/** What the runtime calls the beginnings of any talk with the outside, whichever module began it. */
const OUTWARD = new Set([
  'TCPCONNECTWRAP',
  'PIPECONNECTWRAP',
  'GETADDRINFOREQWRAP',
  'QUERYWRAP',
  'UDPWRAP',
  'UDPSENDWRAP',
])

describe('attacks: a message that would have us fetch something', () => {
  let court: Courtroom
  let server: Server
  let arrived = 0
  const begun: string[] = []
  const hook = createHook({
    init(_, type) {
      if (OUTWARD.has(type)) begun.push(type)
    },
  })

  before(async () => {
    court = await openCourtroom()
    server = createServer(socket => {
      arrived++
      socket.destroy()
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    hook.enable()
  })
  after(() => {
    hook.disable()
    server.close()
  })

  const port = (): number => (server.address() as AddressInfo).port
  const turn = (): Promise<void> => new Promise(done => setImmediate(done))

  it('opens no connection and looks no name up', async () => {
    const elsewhere = `http://localhost:${port()}`
    const rows = [...faults, ...oddities]
    const named = rows.filter(({ name }) => {
      const { base64 } = court.make({ fault: name, elsewhere })
      outcomeOf(court.judge(base64))
      return Buffer.from(base64, 'base64').includes(elsewhere)
    })
    await turn()
    expect(named.length, 'rows that name the server').to.be.greaterThan(20)
    expect({ arrived, begun }).to.deep.equal({ arrived: 0, begun: [] })
  })

  /** Written by hand, unsigned: whatever would be fetched would be fetched before anybody is proven. */
  const luring = (elsewhere: string): readonly ((xml: string) => string)[] => {
    const inside = (lure: string) => (xml: string) =>
      xml.replace('</saml:Issuer>', `$&${lure}`).replace('<md:IDP', `${lure}$&`)
    const key = (way: string) => `<ds:KeyInfo xmlns:ds="${ns.ds}">${way}</ds:KeyInfo>`
    return [
      xml => `<!DOCTYPE a SYSTEM "${elsewhere}/a.dtd">${xml}`,
      xml => `<!DOCTYPE a [<!ENTITY e SYSTEM "${elsewhere}/e">]>${xml.replace('">', '">&e;')}`,
      xml => `<?xml-stylesheet href="${elsewhere}/a.xsl"?>${xml}`,
      xml => xml.replace('>', ` xmlns:xsi="${ns.xsi}" xsi:schemaLocation="urn:x ${elsewhere}/a.xsd">`),
      inside(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${elsewhere}/a.xml"/>`),
      inside(key(`<ds:RetrievalMethod URI="${elsewhere}/key"/>`)),
    ]
  }
  const request = `<samlp:LogoutRequest xmlns:samlp="${ns.protocol}" xmlns:saml="${ns.assertion}" ID="_r" Version="2.0" IssueInstant="2026-09-01T08:00:00Z"><saml:Issuer>https://idp.example/idp/shibboleth</saml:Issuer><saml:NameID>n</saml:NameID></samlp:LogoutRequest>`

  it('nor for a LogoutRequest, by browser or server, nor for metadata', async () => {
    const { sp, idp } = court
    const trust = { find: (entityId: string) => (entityId === idp.entityId ? idp : undefined) }
    const heard: string[] = []
    const told = (work: () => unknown): void => {
      try {
        work()
        heard.push('taken')
      } catch (error) {
        if (!(error instanceof Refusal) && !(error instanceof MetadataError)) throw error
        heard.push(error instanceof Refusal ? error.code : 'metadata')
      }
    }
    for (const lure of luring(`http://localhost:${port()}`)) {
      const [bait, metadata] = [lure(request), lure(idp.metadataXml)]
      expect([bait === request, metadata === idp.metadataXml], bait).to.deep.equal([false, false])
      told(() =>
        judgeLogoutRequest({ by: 'post', message: Buffer.from(bait).toString('base64') }, { trust, sp, now: NOW }),
      )
      told(() => judgeLogoutRequest({ by: 'soap', octets: Buffer.from(inSoap(bait)) }, { trust, sp, now: NOW }))
      told(() => readIdpMetadata(metadata, { legacyAlgorithms: false, cbc: 'never', acceptUnsolicited: false }))
      lintMetadata(Buffer.from(metadata), { at: NOW })
    }
    await turn()
    expect(heard).to.include.members(['saml.doctype', 'saml.processing-instruction', 'saml.unsigned', 'metadata'])
    expect({ arrived, begun }).to.deep.equal({ arrived: 0, begun: [] })
  })

  it('would be noticed: a connection of our own is counted', async () => {
    await new Promise<void>(done =>
      connect(port(), 'localhost')
        .on('error', () => undefined)
        .on('close', () => done()),
    )
    expect(arrived).to.equal(1)
    expect(begun).to.include('TCPCONNECTWRAP').and.to.include('GETADDRINFOREQWRAP')
  })
})
