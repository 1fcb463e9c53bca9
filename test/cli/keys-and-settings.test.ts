import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { readPkcs12 } from '../../src/certificates/pkcs12.js'
import { serveHttps, testNetwork } from '../support/https.js'
import { run } from './desk.js'
import { makeFolder, type Folder } from './folder.js'

describe('commands for keys, settings and metadata', () => {
  let folder: Folder
  before(async () => (folder = await makeFolder()))
  after(() => folder.remove())

  describe('make-certs', () => {
    const octetsOf = async (out: string) =>
      Object.fromEntries(
        await Promise.all(
          (await readdir(out)).map(async name => [name, (await readFile(join(out, name))).toString('hex')] as const),
        ),
      )

    it('makes what bridge.yaml names, for the owner only, and never overwrites', async () => {
      const out = join(folder.path, 'made')
      const first = await run(['make-certs', '--out', out, '--common-name', 'vhod.school.example'])
      expect(first.code, first.err).to.equal(0)
      expect(first.out).to.match(/sp-signing\.crt .*\n +SHA-256 [0-9a-f]{64}\n +valid until /)
      const files = await octetsOf(out)
      expect(Object.keys(files)).to.have.members([
        'sp-signing.key', 'sp-signing.crt', 'sp-encryption.key', 'sp-encryption.crt', 'token.key', 'session.key',
        'lookup.key', 'data.key',
      ]) // prettier-ignore
      if (process.platform !== 'win32')
        for (const name of Object.keys(files).filter(each => each.endsWith('.key')))
          expect((await stat(join(out, name))).mode & 0o777, name).to.equal(0o600)

      const again = await run(['make-certs', '--out', out])
      expect([again.code, again.out]).to.deep.equal([2, ''])
      expect(again.err).to.include('already holds')
      const missing = await run(['make-certs', '--out', out, '--force-missing-only'])
      expect(missing.out).to.equal(`Nothing was missing in ${out}.\n`)
      expect(await octetsOf(out)).to.deep.equal(files)

      const password = await folder.file('password', 'correct horse\n')
      const p12 = join(folder.path, 'sp.p12')
      await run(['make-certs', '--out', out, '--force-missing-only', '--pkcs12', p12, '--password-file', password])
      const bundle = readPkcs12(await readFile(p12), 'correct horse')
      expect(bundle.certificatePem).to.equal(await readFile(join(out, 'sp-signing.crt'), 'utf8'))
    })

    it('makes nothing when an option is wrong', async () => {
      const out = join(folder.path, 'not-made')
      for (const wrong of [
        ['--days', 'many'],
        ['--days', '0'],
        ['--common-name', ' '],
        ['--pkcs12', 'x.p12'],
      ])
        expect((await run(['make-certs', '--out', out, ...wrong])).code, wrong.join(' ')).to.equal(2)
      expect(await readdir(folder.path)).not.to.include('not-made')
    })
  })

  describe('list-certs', () => {
    it('shows subject, key, fingerprint, dates, state and days left, the first to end first', async () => {
      const fine = await run(['list-certs', '--config', folder.config])
      expect(fine.code, fine.err).to.equal(0)
      expect(fine.out).to.match(/^until +days left +state +whose\n/)
      expect(fine.out).to.match(
        /\n[\d-]{10} +82\d +current +ours, for signing\n +SHA-256 [0-9a-f]{64}\n +CN=Мост: подпись, RSA 2048, from [\d-]{10}\n/,
      )
      expect(fine.out)
        .to.match(/ours, for encryption\n/)
        .and.match(/signing of http.*\n +SHA-256/)
    })

    it('fails a month before something expires, by whole days', async () => {
      const { certificates } = (await run(['list-certs', '--config', folder.config, '--json'])).json()
      const [first] = certificates as readonly { notAfter: number }[]
      const at = (ms: number) => ({ clock: { now: () => first!.notAfter - ms } })
      const day = 86_400_000
      expect((await run(['list-certs', '--config', folder.config], at(30 * day + 1))).code).to.equal(0)
      expect((await run(['list-certs', '--config', folder.config], at(30 * day))).code).to.equal(1)
      const over = await run(['list-certs', '--config', folder.config], at(-1))
      expect([over.code, over.out.includes('EXPIRED')]).to.deep.equal([1, true])
    })

    it('writes a calendar', async () => {
      const file = join(folder.path, 'expiries.ics')
      const ran = await run(['list-certs', '--config', folder.config, '--ics', file])
      expect(ran.code, ran.err).to.equal(0)
      expect((await readFile(file, 'utf8')).match(/SUMMARY:ours\\, for signing ends in 60 days\r\n/g)).to.have.length(1)
      const nowhere = join(folder.path, 'no', 'where.ics')
      expect((await run(['list-certs', '--config', folder.config, '--ics', nowhere])).code).to.equal(2)
    })
  })

  describe('check-config', () => {
    it('is content with the demo, and repeats its standing warnings', async () => {
      const ran = await run(['check-config', '--config', folder.config])
      expect(ran.code, ran.out).to.equal(0)
      expect(ran.out).to.include('The settings are usable').and.include('selfTest')
    })

    it('tells all problems at once, each with its line', async () => {
      const yaml = (await readFile(folder.config, 'utf8'))
        .replace('publicUrl:', 'publikUrl:')
        .replace('certs/data.key', 'certs/gone.key')
      const ran = await run(['check-config', '--config', await folder.file('bad.yaml', yaml), '--json'])
      expect(ran.code).to.equal(1)
      const problems = ran.json()['problems'] as readonly { path: string; line: number }[]
      expect(problems.map(({ path }) => path)).to.include.members(['publikUrl', 'secrets.data[0]'])
      expect(problems.every(({ line }) => line > 0)).to.equal(true)
    })

    it('cannot use a file that is not there', async () => {
      const ran = await run(['check-config', '--config', join(folder.path, 'nowhere.yaml')])
      expect([ran.code, ran.out]).to.deep.equal([2, ''])
      expect(ran.err).to.include('does not exist')
    })
  })

  describe('check-metadata', () => {
    it('shows keys and addresses of usable metadata', async () => {
      const ran = await run(['check-metadata', join(folder.path, 'idp.xml')])
      expect(ran.code, ran.err).to.equal(0)
      expect(ran.out)
        .to.match(/signs with +[0-9a-f]{64} /)
        .and.include('0 errors')
    })

    it('fails on metadata without certificates', async () => {
      const xml = (await readFile(join(folder.path, 'idp.xml'), 'utf8')).replace(
        /<md:KeyDescriptor.*?<\/md:KeyDescriptor>/gs,
        '',
      )
      const ran = await run(['check-metadata', '-', '--json'], { stdin: xml })
      expect(ran.code, ran.err).to.equal(1)
      expect(ran.json()).to.include({ usable: false })
      expect(ran.out).to.include('"no-key"')
    })

    it('fetches metadata over https from whom it can trust', async () => {
      const xml = await readFile(join(folder.path, 'idp.xml'))
      const network = await testNetwork()
      const server = await serveHttps((request, response) => {
        if (request.url === '/moved') response.writeHead(302, { Location: '/idp' }).end()
        else if (request.url === '/idp') response.end(xml)
        else response.writeHead(404).end()
      })
      const stranger = await serveHttps((_, response) => response.end(xml), { selfSigned: true })
      const check = (address: string) => run(['check-metadata', address], { network })
      expect((await check(`${server.origin}/idp`)).out).to.include('signs with')
      for (const [address, complaint] of [
        [`${server.origin}/moved`, 'leads on to /idp'],
        [`${server.origin}/none`, 'answers 404'],
        [`${stranger.origin}/idp`, 'no certificate that can be trusted (DEPTH_ZERO_SELF_SIGNED_CERT)'],
        [server.origin.replace('https', 'http'), 'Only https'],
        ['https://nowhere.example/idp', 'has a name that nobody knows'],
      ] as const) {
        const ran = await check(address)
        expect([ran.code, ran.out], address).to.deep.equal([2, ''])
        expect(ran.err).to.include(complaint)
      }
      await Promise.all([server.close(), stranger.close()])
    })

    it('says what Notepad did to the file', async () => {
      const xml = await readFile(join(folder.path, 'idp.xml'), 'utf8')
      const ran = await run(['check-metadata', '-'], { stdin: Buffer.from(`\uFEFF${xml}`, 'utf16le') })
      expect([ran.code, ran.out]).to.deep.equal([2, ''])
      expect(ran.err).to.include('UTF-16')
    })

    for (const [what, text] of [
      ['prose', 'hello'],
      ['a page', '<!doctype html><p>'],
      ['other XML', '<a/>'],
    ] as const)
      it(`cannot use ${what}`, async () => {
        const ran = await run(['check-metadata', '-'], { stdin: text })
        expect([ran.code, ran.out]).to.deep.equal([2, ''])
        expect(ran.err.trim().split('\n')).to.have.length(1)
      })
  })
})
