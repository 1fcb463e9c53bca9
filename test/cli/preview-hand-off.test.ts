import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { formOctets } from '../../src/cli/form-octets.js'
import { run } from './desk.js'
import { makeFolder, type Folder } from './folder.js'

const LOGIN = 'p-1003'
const SNILS = '900-000-004 85'
const CHILD = ['--child', 'c-502']
const NAME = 'Лебедева Ольга'
const RETURN = 'http://localhost:8082/sgo/marks'

interface Shown {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly token: { readonly claims: Readonly<Record<string, unknown>> }
}

function isSigned(body: string, key: Buffer): boolean {
  const [head, claims, signature] = new URLSearchParams(body).get('token')!.split('.')
  const secret = key.toString().trim()
  return createHmac('sha256', secret).update(`${head}.${claims}`).digest('base64url') === signature
}

describe('command: preview-hand-off', () => {
  let folder: Folder
  let named: string
  before(async () => {
    folder = await makeFolder()
    const list = projectFile('docs/examples/roster-school-1.csv')
    for (const journal of ['sgo', 'eljur'])
      await run(['import-roster', list, '--journal', journal, '--school', 'school-1', '--config', folder.config])
    const yaml = await readFile(folder.config, 'utf8')
    const connector = `release: [login, lastName, firstName, snils]
    connector:
      kind: signed-link
      method: post
      claims: { fio: "{lastName} {firstName}", num: "{snils}", who: "{login}" }`
    named = await folder.file('named.yaml', yaml.replaceAll(/connector:\n +kind: signed-link$/gm, connector))
  }) // prettier-ignore
  after(() => folder.remove())

  const preview = (...flags: string[]) => run(['preview-hand-off', '--config', folder.config, ...flags])

  it('shows the address byte for byte, and what the token says', async () => {
    const ran = await preview('--journal', 'sgo', '--person', LOGIN, ...CHILD, '--state', 'ёж', '--return', RETURN)
    expect(ran.code, ran.err).to.equal(0)
    expect(ran.out).to.match(/^GET http:\/\/localhost:8082\/sgo\/sso\?token=eyJ[\w-]+\.[\w-]+\.[\w-]+$/m)
    expect(ran.out).to.include('"state": "ёж"').and.include(`"return_to": "${RETURN}"`).and.include(`"login": "${LOGIN}"`)
  }) // prettier-ignore

  it('writes nothing into the database', async () => {
    const flags = ['--journal', 'sgo', '--person', LOGIN, ...CHILD]
    await preview(...flags)
    const octets = () => readFile(join(folder.path, 'bridge.db'), 'base64')
    const before = await octets()
    expect((await preview(...flags)).code).to.equal(0)
    expect((await octets()) === before).to.equal(true)
  })

  it('hides names and signs with a made-up key, unless told to show them; then the hand-off is an hour old', async () => {
    const flags = ['--journal', 'sgo', '--person', LOGIN, ...CHILD, '--config', named, '--json']
    const first = await run(['preview-hand-off', ...flags])
    expect(first.err).to.equal('')
    const hidden = first.json() as unknown as Shown
    const open = (await run(['preview-hand-off', ...flags, '--show-person'])).json() as unknown as Shown
    expect(open.token.claims['fio']).to.equal(NAME)
    expect(hidden.token.claims['fio']).to.match(/^\p{Lu}\*+ \p{Lu}\*+$/u)
    expect(hidden.token.claims['num']).to.match(/^\*{9}\d\d$/)
    expect(JSON.stringify(hidden)).not.to.include(NAME.split(' ')[0])
    expect(hidden.method).to.equal('POST')
    expect(hidden.body).to.match(/^token=eyJ/)
    expect(hidden.headers['Content-Length']).to.equal(String(hidden.body.length))
    const key = await readFile(join(folder.path, 'certs', 'sgo.key'))
    expect([isSigned(hidden.body, key), isSigned(open.body, key)]).to.deep.equal([false, true])
    expect(Number(open.token.claims['exp'])).to.be.below(Date.now() / 1000 - 3000)
  })

  it('finds people by СНИЛС, and asks which account is meant', async () => {
    const bySnils = await preview('--journal', 'sgo', '--person', SNILS)
    expect([bySnils.code, bySnils.out]).to.deep.equal([2, ''])
    expect(bySnils.err).to.include('--child ')
    expect((await preview('--journal', 'sgo', '--person', SNILS, ...CHILD)).out).to.include(`account ${LOGIN}`)
    expect((await preview('--journal', 'sgo', '--person', LOGIN, '--child', 'nobody')).err).to.include('There are:')
    const nobody = await preview('--journal', 'sgo', '--person', 'nobody')
    expect([nobody.code, nobody.out]).to.deep.equal([2, ''])
  })

  it('says why a person would be refused, and hands nothing over', async () => {
    const elsewhere = await preview('--journal', 'sgo', '--person', LOGIN, '--return', 'https://evil.example/')
    expect([elsewhere.code, elsewhere.out.includes('journal.return-denied')]).to.deep.equal([1, true])
    const yaml = await readFile(folder.config, 'utf8')
    const closed = await folder.file('closed.yaml', yaml.replaceAll(/^( +- )parent$/gm, '$1pupil').replaceAll(/^( +- pupil\n) +- pupil$/gm, '$1'))
    const role = await run(['preview-hand-off', '--config', closed, '--journal', 'sgo', '--person', LOGIN, '--json'])
    expect([role.code, role.json()['refused']]).to.deep.equal([1, 'identity.role'])
  }) // prettier-ignore

  it('writes forms as browsers do, in Windows-1251, too', () => {
    const fields = { имя: 'Ёж & Ўa*~', x: '😀' }
    expect(formOctets(fields)).to.equal(new URLSearchParams(fields).toString())
    expect(formOctets(fields, 'windows-1251')).to.equal('%E8%EC%FF=%A8%E6+%26+%A1a*%7E&x=%26%23128512%3B')
  })
})
