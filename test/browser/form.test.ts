/** What a real browser makes of a form: the octets that arrive are the octets that were signed. */
import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import { openJournalPage } from '../../src/web/pages/open-journal.js'
import { entryOf, journalOf } from '../contract/connector.js'
import { opener, SECRET, toolsOf } from '../journals/door-tools.js'
import { releasable } from '../../src/words/released.js'
import { launch, present, visitor } from './chromium.js'

/** Letters that Windows-1251 has and lacks, signs of HTML, URLs and forms, line ends, a pair of surrogates cut in two. */
const lastName = `Ёжикова-Д’Артаньян Әлия ğ 👍 «№» &#1240; &amp; <b> "'%41+ \u00a0 ¤€ї`
const firstName = 'а\r\nб\nв\tг\u0000 \ud83d \u2028 ٱلله \u0098'

;(present ? describe : describe.skip)('browser: a form with a signature', () => {
  let chromium: Browser
  let server: Server
  let origin = ''
  let page = ''
  let arrived: (body: string) => void = () => undefined
  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          response.setHeader('Content-Type', 'text/html; charset=utf-8').end(request.method === 'GET' ? page : 'OK')
          if (request.method === 'POST') arrived(Buffer.concat(chunks).toString('latin1'))
        })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    chromium = await launch()
  })
  after(async () => {
    await chromium.close()
    server.close().closeAllConnections()
  })

  for (const charset of ['utf-8', 'windows-1251'])
    it(`arrives as it was signed, in ${charset}`, async () => {
      const fields = { fio: '{lastName}', name: '{firstName}', st: '{state}', ts: '{ts}', nonce: '{nonce}' }
      const door = opener('form-post')({ url: `${origin}/sso`, charset, fields }, toolsOf(journalOf(releasable)))
      const given = { lastName, firstName }
      const { handOff } = door.handOff(entryOf({ person: { subject: 's', given }, state: 'ё\n😀' }))
      if (handOff.how !== 'post') throw new Error('no form')
      page = openJournalPage({
        ...handOff,
        to: handOff.to.href,
        journalTitle: 'Журнал',
        script: '/none.js',
        support: {},
      })
      const one = await visitor(chromium, { javaScriptEnabled: false })
      const body = new Promise<string>(resolve => (arrived = resolve))
      await one.page.goto(origin)
      await one.page.click('button')
      const pairs = (await body).split('&').map(pair => pair.split('='))
      const octets = (text: string) =>
        Buffer.from(
          text.replaceAll('+', ' ').replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
          'latin1',
        )
      const sig = pairs.find(([name]) => name === 'sig')![1]!
      const others = pairs.filter(([name]) => name !== 'sig').sort(([a], [b]) => (a! < b! ? -1 : 1))
      const hmac = createHmac('sha256', SECRET)
      others.forEach(([name, value], i) => hmac.update(`${i === 0 ? '' : '\n'}${name!}=`).update(octets(value!)))
      expect(hmac.digest('hex')).to.equal(sig)
      const fio = new TextDecoder(charset).decode(octets(others.find(([name]) => name === 'fio')![1]!))
      const references = lastName.replace(/[Әğ👍]/gu, sign => `&#${sign.codePointAt(0)!};`)
      expect(fio).to.equal(charset === 'utf-8' ? lastName : references)
      await one.leave()
    })
})
