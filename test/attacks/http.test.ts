/** Whatever comes over HTTP, from whomever, ends in a clear no with a number, and harms nobody's honest login. */
import { expect } from 'chai'
import { request as send } from 'node:http'
import { gzipSync } from 'node:zlib'
import { routes } from '../../src/web/routes.js'
import { NUMBER } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

interface Ask {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const field = (xml: string): string => `SAMLResponse=${encodeURIComponent(base64(xml))}`

/** Digits and letters of a request number, as pages print it. */

describe('attacks: over HTTP', () => {
  let town: TestTown
  before(async () => {
    town = await startTestTown()
  })
  after(() => town.close())

  /** Sends exactly what it is told to: no client of ours puts anything right on the way. */
  function ask({ method = 'GET', path, headers = {}, body }: Ask): Promise<Answer> {
    const { hostname, port } = new URL(town.town.bridge)
    return new Promise((resolve, reject) => {
      const request = send({ hostname, port, method, path, headers: { accept: 'text/html', ...headers } }, response => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
          }),
        )
        response.on('error', reject)
      })
      request.setTimeout(60_000, () => request.destroy(new Error(`no answer to ${method} ${path.slice(0, 60)}`)))
      request.on('error', reject)
      request.end(body)
    })
  }

  const post = (path: string, body: string | Buffer, headers: Readonly<Record<string, string>> = FORM) =>
    ask({ method: 'POST', path, headers, body })

  /** A clear no: a status of ours, a page with a number. */
  function refuses(answer: Answer, what: string): void {
    expect(answer.status, what).to.be.within(400, 499)
    expect(answer.text, what).to.match(NUMBER)
    expect(answer.headers['cache-control'], what).to.equal('no-store')
  }

  const address = (path: string): string => path.replace(':school', 'school-1').replace(':login', 'a'.repeat(27))

  describe('posted', () => {
    const bodies: readonly (readonly [what: string, body: () => string | Buffer, headers?: Record<string, string>])[] = [
      ['nothing', () => ''],
      ['nothing in the field', () => 'SAMLResponse='],
      ['no base64', () => 'SAMLResponse=%%%25'],
      ['no UTF-8', () => Buffer.from('SAMLResponse=\xff\xfe', 'latin1')],
      ['no UTF-8 inside', () => `SAMLResponse=${encodeURIComponent(Buffer.from([0xff, 0xfe, 0]).toString('base64'))}`],
      ['5 MB', () => `SAMLResponse=${'A'.repeat(5_000_000)}`],
      ['a document type', () => field('<!DOCTYPE a><a/>')],
      ['an external entity', () => field('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>')],
      ['a bomb of entities', () => field(`<!DOCTYPE a [<!ENTITY a "a">${Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i} "${'&a;'.repeat(10)}">`).join('')}]><a>&a19;</a>`)],
      ['10,000 levels', () => field('<a>'.repeat(10_000) + '</a>'.repeat(10_000))],
      ['20,000 attributes', () => field(`<a ${Array.from({ length: 20_000 }, (_, i) => `a${i}=""`).join(' ')}/>`)],
      ['190 KB of carriage returns', () => field('\r'.repeat(190_000))],
      ['the field twice', () => 'SAMLResponse=YQ==&SAMLResponse=Yg=='],
      ['the field as an array', () => 'SAMLResponse[]=YQ==&SAMLResponse[0]=a&SAMLResponse[a]=b'],
      ['RelayState twice', () => 'SAMLResponse=YQ==&RelayState=a&RelayState=b'],
      ['a RelayState of a megabyte', () => `SAMLResponse=YQ==&RelayState=${'a'.repeat(900_000)}`],
      ['a RelayState that nobody gave', () => 'SAMLResponse=YQ==&RelayState=https://evil.example'],
      ['a thousand fields', () => Array.from({ length: 1_000 }, (_, i) => `f${i}=1`).join('&')],
      ['the names of every object', () => '__proto__=1&constructor=2&prototype=3&__proto__[token]=x&hasOwnProperty=4&toString=5'],
      ['JSON', () => '{"SAMLResponse":{"$gt":""}}', { 'content-type': 'application/json' }],
      ['XML', () => '<a/>', { 'content-type': 'text/xml' }],
      ['multipart', () => '--x\r\nContent-Disposition: form-data; name="SAMLResponse"\r\n\r\nYQ==\r\n--x--', { 'content-type': 'multipart/form-data; boundary=x' }],
      ['no type at all', () => 'SAMLResponse=YQ==', {}],
      ['an unknown charset', () => 'SAMLResponse=YQ==', { 'content-type': 'application/x-www-form-urlencoded; charset=koi8-r' }],
      ['UTF-16', () => Buffer.from('SAMLResponse=YQ==', 'utf16le'), { 'content-type': 'application/x-www-form-urlencoded; charset=utf-16' }],
      ['a broken type', () => 'SAMLResponse=YQ==', { 'content-type': ';;;' }],
      ['a bomb of gzip', () => gzipSync(Buffer.alloc(50_000_000, 'A')), { ...FORM, 'content-encoding': 'gzip' }],
      ['a broken gzip', () => 'SAMLResponse=YQ==', { ...FORM, 'content-encoding': 'gzip' }],
      ['an unknown compression', () => 'SAMLResponse=YQ==', { ...FORM, 'content-encoding': 'bzip2' }],
    ] // prettier-ignore
    for (const [what, body, headers] of bodies)
      it(`${what}: refused at every address`, async () => {
        const sent = body()
        for (const { path, post: takes } of routes) {
          const answer = await post(address(path), sent, headers ?? FORM)
          const says = `${what} at ${path}`
          // without a session logout says that nobody is signed in, which is true
          if (path === '/logout' && answer.status === 200) expect(answer.text, says).not.to.include('SAML')
          // XML that is no envelope: SOAP 1.1, 6.2 wants a Fault with this status
          else if (path === '/saml/slo/soap' && answer.status === 500)
            expect(answer.text, says).to.include('soap:Fault')
          else refuses(answer, says)
          if (!takes) expect(answer.status, says).to.equal(405)
        }
      })

    it('a body that says it is shorter or longer than it is hangs nobody', async () => {
      const { hostname, port } = new URL(town.town.bridge)
      const gone = await new Promise<boolean>(resolve => {
        const request = send({
          hostname,
          port,
          method: 'POST',
          path: '/saml/acs',
          headers: { ...FORM, 'content-length': '1000' },
        })
        request.on('error', () => resolve(true))
        request.write('SAMLResponse=')
        request.flushHeaders()
        setImmediate(() => request.destroy())
      })
      expect(gone).to.equal(true)
      expect((await ask({ path: '/healthz' })).status).to.equal(200)
    })
  })

  describe('addressed', () => {
    const paths: readonly (readonly [string, string])[] = [
      ['percent signs that mean nothing', '/s/%E0%A4%A'],
      ['octets that are no UTF-8', '/s/%FF'],
      ['zero octets', '/s/%00'],
      ['a school nobody knows', '/s/nobody'],
      ['the name of every object', '/s/__proto__'],
      ['its constructor', '/s/constructor'],
      ['a path out of here', '/s/..%2f..%2fetc%2fpasswd'],
      ['a login nobody started', '/continue/__proto__'],
      ['a long login', `/continue/${'a'.repeat(8_000)}`],
      ['no address of ours', '/wp-login.php'],
      ['two slashes', '//evil.example/'],
      ['a backslash', '/\\evil.example'],
      ['a journal nobody knows', '/login?journal=nobody'],
      ['a journal called __proto__', '/login?journal=__proto__'],
      ['a journal called constructor', '/login?journal=constructor'],
      ['a journal twice', '/login?journal=sgo&journal=eljur'],
      ['a return address elsewhere', '/login?journal=sgo&return=https://evil.example'],
      ['a return address with a line end', '/login?journal=sgo&return=http://localhost%0d%0aSet-Cookie:%20a=b'],
      ['a state that is too long', `/login?journal=sgo&state=${'a'.repeat(300)}`],
      ['an IdP nobody knows', '/login?journal=sgo&idp=https://evil.example'],
      ['an IdP called __proto__', '/self-test?idp=__proto__'],
      ['a school called __proto__', '/login?journal=sgo&school=__proto__'],
      ['force as a word', '/login?journal=sgo&force=true'],
      ['a long query', `/login?journal=${'a'.repeat(10_000)}`],
      ['a logout nobody started', '/saml/slo?RelayState=a&SAMLResponse=b'],
      ['a logout with garbage', '/saml/slo?SAMLResponse=%FF%FE'],
      ['a request of the IdP', '/saml/slo?SAMLRequest=fZ&RelayState=b'],
    ]
    for (const [what, path] of paths)
      it(`${what}: refused`, async () => {
        refuses(await ask({ path }), path.slice(0, 80))
      })

    it('malformed percent signs of a query lose nothing but their own parameter', async () => {
      expect((await ask({ path: '/?q=%E0%A4%A&%=%' })).status).to.equal(200)
    })

    it('a very long address or header is refused by HTTP itself', async () => {
      expect((await ask({ path: `/?${'a'.repeat(20_000)}` })).status).to.be.within(400, 499)
      expect((await ask({ path: '/', headers: { cookie: 'a'.repeat(20_000) } })).status).to.be.within(400, 499)
      expect((await ask({ path: '/healthz' })).status).to.equal(200)
    })

    for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS', 'PROPFIND', 'QUERY'])
      it(`${method}: refused everywhere, with the methods that are allowed`, async () => {
        for (const { path } of routes) {
          const answer = await ask({ method, path: address(path), headers: { 'x-secret': 'echoed?' } })
          expect(answer.status, path).to.equal(405)
          expect(answer.headers['allow'], path).to.match(/GET|POST/)
          expect(answer.text).not.to.include('echoed?')
        }
      })

    it('HEAD: what GET says, without a body', async () => {
      for (const path of ['/', '/saml/metadata', '/healthz', '/nobody']) {
        const [head, get] = [await ask({ method: 'HEAD', path }), await ask({ path })]
        expect([head.status, head.text], path).to.deep.equal([get.status, ''])
      }
      expect((await ask({ method: 'HEAD', path: '/saml/acs' })).status).to.equal(405)
    })
  })

  describe('dressed up', () => {
    const lies = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '203.0.113.7',
      'x-original-url': '/logout',
      'x-http-method-override': 'DELETE',
      forwarded: 'host=evil.example;proto=https;for=203.0.113.7',
    }

    it('foreign Host and X-Forwarded headers change no link and no redirect', async () => {
      for (const path of [
        '/',
        '/s/school-1',
        '/login?journal=sgo',
        '/self-test',
        '/saml/metadata',
        '/nobody',
        '/logout',
      ]) {
        const [honest, lying] = [await ask({ path }), await ask({ path, headers: lies })]
        expect(lying.status, path).to.equal(honest.status)
        const said = JSON.stringify(lying)
        expect(said, path).not.to.include('evil.example')
        expect(said, path).not.to.include('203.0.113.7')
        const to = (answer: Answer): string => String(answer.headers['location'] ?? '').split('?')[0]!
        expect(to(lying), path).to.equal(to(honest))
      }
    })

    it('the address that the audit keeps is the real one when no proxy is trusted', async () => {
      const { text } = await ask({ path: '/login?journal=nobody', headers: lies })
      const events = await town.bridge.store.audit.byNumber(NUMBER.exec(text)![0] as never)
      expect(events.map(({ address }) => address).join()).to.match(/127\.0\.0\.1|::1/)
      expect(JSON.stringify(events)).not.to.include('203.0.113.7')
    })

    it('line ends in parameters never reach a header', async () => {
      for (const trick of [
        '%0d%0aSet-Cookie:%20evil=1',
        '%0aSet-Cookie:%20evil=1',
        '%E5%98%8D%E5%98%8ASet-Cookie:%20evil=1',
        '%00evil=1',
      ])
        for (const path of [
          `/login?journal=sgo&state=${trick}`,
          `/login?journal=${trick}`,
          `/?q=${trick}`,
          `/s/${trick}`,
          `/continue/${trick}`,
        ]) {
          const answer = await ask({ path })
          const { location, ...others } = answer.headers
          expect(JSON.stringify(others), path).not.to.include('evil')
          expect(String(location), path).not.to.match(/[\r\n]/)
        }
    })

    it('what a parameter says is escaped where a page shows it', async () => {
      const script = '"><script>alert(1)</script>\'<img src=x onerror=alert(1)>'
      for (const path of [
        `/?q=${encodeURIComponent(script)}`,
        `/s/${encodeURIComponent(script)}`,
        `/login?journal=${encodeURIComponent(script.slice(0, 60))}`,
        `/login?journal=sgo&return=${encodeURIComponent(script)}`,
      ]) {
        const { text } = await ask({ path })
        expect(text, path).not.to.match(/<script>|<img src=x/)
      }
    })

    const cookies: readonly (readonly [string, string])[] = [
      ['a session nobody signed', 'vhod-session=abc'],
      ['a session with a signature of nobody', 'vhod-session=s%3Aabc.def'],
      ['a session with percent signs', 'vhod-session=%E0%A4%A'],
      ['two sessions', 'vhod-session=s%3Aa.b; vhod-session=s%3Ac.d'],
      ['names of every object', '__proto__=1; constructor=2; vhod-session=j%3A%7B%22__proto__%22%3A1%7D'],
      [
        'many logins',
        Array.from({ length: 60 }, (_, i) => `vhod-login-${String(i).padStart(27, 'a')}=zz.x`).join('; '),
      ],
      ['a login with a time of nowhere', `vhod-login-${'a'.repeat(27)}=NaN`],
      ['no cookie at all', '=;;=;,,; a'],
    ]
    for (const [what, cookie] of cookies)
      it(`cookie: ${what}: nobody is signed in, and a login can begin`, async () => {
        const session = await ask({ path: '/session', headers: { cookie } })
        expect([session.status, session.text]).to.deep.equal([401, '{"signedIn":false}'])
        expect((await ask({ path: '/login?journal=sgo', headers: { cookie } })).status).to.equal(303)
        expect((await ask({ path: '/', headers: { cookie } })).status).to.equal(200)
        refuses(await post('/saml/acs', field('<a/>'), { ...FORM, cookie }), what)
      })
  })

  it('nothing of all this was an error of ours', () => {
    expect(town.logs.filter(line => (JSON.parse(line) as { level: number }).level >= 50)).to.deep.equal([])
  })
})
