import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { defaultPeople, personOfKey } from '../../src/mock-idp/people.js'
import { Browser } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { numberOn } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { run } from './desk.js'

/** As somebody types it who forgot to switch the keyboard. */
const RUSSIAN: Readonly<Record<string, string>> = {
  D: 'д', F: 'ф', G: 'г', J: 'й', L: 'л', N: 'н', R: 'р', S: 'с', U: 'у', V: 'в', W: 'ш', Z: 'з', Q: 'к', '-': ' ',
} // prettier-ignore

describe('command: explain', () => {
  let town: TestTown
  before(async () => (town = await startTestTown()))
  after(() => town.close())

  async function refusedNumber(key: string, fault?: string): Promise<string> {
    const login = personOfKey(defaultPeople(), key)!.email!
    const page = await walk(
      new Browser(),
      `${town.town.bridge}/login?journal=sgo`,
      login,
      fault === undefined ? {} : { fault },
    )
    expect(page.status, page.text).to.be.within(400, 499)
    return numberOn(page)
  }
  const explain = (number: string, ...flags: string[]) =>
    run(['explain', number, '--config', town.prepared.configFile, ...flags])

  it('tells the failed check of a refused answer by its number, typed in Cyrillic', async () => {
    const number = await refusedNumber('mother', 'wrong-audience')
    const ran = await explain(number.replace(/[A-Z-]/g, sign => RUSSIAN[sign]!))
    expect(ran.code, ran.err).to.equal(0)
    expect(ran.out).to.include('login.started').and.include('login.refused')
    expect(ran.out).to.match(/✗ audience +FAILED\n +expected +http/)
    expect(ran.out).to.include(`Refused: saml.audience.`).and.include("the identity provider's administrators")
    expect(ran.out).to.match(/address +(?:::1|127\.0\.0\.1|::ffff:127\.0\.0\.1)/)
  })

  describe('in Russian', () => {
    const RU = { LANG: 'ru_RU.UTF-8' }
    const inRussian = (number: string, env: Readonly<Record<string, string>>, ...flags: string[]) =>
      run(['explain', number, '--config', town.prepared.configFile, ...flags], { env })

    it('on a Russian machine, by a number typed in Cyrillic', async () => {
      const number = await refusedNumber('mother', 'wrong-audience')
      const typed = number.replace(/[A-Z-]/g, sign => RUSSIAN[sign]!)
      const { code, err, out } = await inRussian(typed, RU)
      expect([code, err]).to.deep.equal([0, ''])
      expect(out).to.match(/^20\d\d-\S+Z  login\.started — вход начат  успешно$/m)
      expect(out).to.match(/^20\d\d-\S+Z  login\.refused — вход отклонён  отказ  \(через \d+,\d с\)$/m)
      expect(out).to.match(/✗ Утверждение для нас \(audience\) +НЕ ПРОЙДЕНА\n +ожидали +http\S+\n +получили +\S/)
      expect(out).to.match(/ {2}часы IdP +(?:идут вместе с нашими|(?:отстают|спешат) на \d+ с)/)
      expect(out).to.match(/ {2}адрес +\S/)
      expect(out).to.include('  Кто должен действовать: администраторы IdP.\n')
      expect(out).to.include('(--letter печатает только его):\n\nТема: не принят ответ SAML')
      expect((await inRussian(number, {}, '--language', 'ru')).out).to.equal(out)
      expect((await inRussian(number, RU, '--language', 'en')).out).to.equal((await explain(number)).out)
    })

    it('names line and element where the schema refused', async () => {
      const { out } = await inRussian(await refusedNumber('mother', 'wrong-order'), RU)
      expect(out).to.match(/✗ Ответ построен по схемам OASIS \(schema\) +НЕ ПРОЙДЕНА\n +ожидали +то, что в этом месте допускают схемы OASIS\n +получили +строка \d+, элемент \w+\n/) // prettier-ignore
      expect(out).to.match(/– дальше не проверяли \(осталось \d+\): решила эта проверка\n/)
    })

    it('complains so, and gives programs what it gives them in English', async () => {
      const unknown = await inRussian('2222-2222', RU)
      expect([unknown.code, unknown.out]).to.deep.equal([1, ''])
      expect(unknown.err).to.match(/^Под номером 2222-2222 ничего не записано\./)
      const nonsense = await inRussian('привет', RU)
      expect([nonsense.code, nonsense.err]).to.deep.equal([2, '«привет» — не номер обращения. Он выглядит так: D7FW-2NQ9, восемь букв и цифр.\n']) // prettier-ignore
      const number = await refusedNumber('nobody')
      expect((await inRussian(number, RU, '--letter')).err).to.match(/^Администраторам IdP здесь исправлять нечего/)
      expect((await inRussian(number, RU, '--json')).out).to.equal((await explain(number, '--json')).out)
      expect((await inRussian(number, RU, '--language', 'de')).err).to.include('--language is ru or en.')
    })
  })

  it('tells whom the school does not know without naming anybody', async () => {
    const number = await refusedNumber('nobody')
    const json = await explain(number, '--json')
    const events = json.json()['events'] as readonly Record<string, unknown>[]
    expect(events.map(({ code }) => code)).to.include('identity.not-linked')
    const person = personOfKey(defaultPeople(), 'nobody')!
    for (const text of [json.out, (await explain(number)).out])
      for (const secret of [person.lastName, person.snils!, person.email!]) expect(text).not.to.include(secret)
  })

  it('writes the letter to the IdP, with what failed and without anybody', async () => {
    const number = await refusedNumber('mother', 'wrong-audience')
    const { out } = await explain(number, '--letter')
    expect(out).to.match(/^Тема: не принят ответ SAML, saml.audience, 20\d\d-/)
    const { bridge, prepared } = town
    const idp = bridge.web.ports.trust.idps[0]!
    for (const text of [number, idp.entityId, bridge.web.ports.serviceProvider.acsUrl, idp.signingKeys[0]!.fingerprint])
      expect(out, text).to.include(text)
    expect(out)
      .to.match(/ID запроса: +_\S{20,}/)
      .and.match(/ID ответа: +_\S{10,}/)
    expect(out).to.match(/«Утверждение для нас» \(audience\)\n +ожидали: +http\S+\n +получили: /)
    const sha256 = createHash('sha256')
      .update(await readFile(join(town.folder, 'idp.xml')))
      .digest('hex')
    expect(out).to.include(sha256)
    const person = personOfKey(defaultPeople(), 'mother')!
    for (const secret of [person.lastName, person.snils!, person.email!, prepared.journalSecrets.sgo])
      expect(out).not.to.include(secret)
    expect((await explain(number)).out)
      .to.include('can be sent as it stands')
      .and.include(out.trim())
    expect((await explain(number, '--json')).json()['letter']).to.equal(out.trimEnd())
  })

  it('names line and element where the schema refused', async () => {
    const { out } = await explain(await refusedNumber('mother', 'wrong-order'))
    expect(out).to.match(
      /✗ schema +FAILED\n +expected +what the OASIS schemas allow in this place\n +found +line \d+, element \w+/,
    )
  })

  it('writes no letter when the IdP has nothing to mend', async () => {
    const number = await refusedNumber('nobody')
    const alone = await explain(number, '--letter')
    expect([alone.code, alone.out]).to.deep.equal([1, ''])
    expect((await explain(number)).out).not.to.include('Тема:')
    expect((await explain(number, '--json')).json()).not.to.have.property('letter')
  })

  it('tells how long each leg took and how the clocks went', async () => {
    const { out } = await explain(await refusedNumber('mother', 'wrong-audience'))
    expect(out).to.match(/login\.refused  refused  \(\d+\.\d s later\)/)
    expect(out).to.match(/IdP's clock +(?:together with ours|\d+ s (?:behind|ahead of) ours)/)
  })

  it('knows an unknown number from what is no number', async () => {
    const unknown = await explain('2222-2222')
    expect([unknown.code, unknown.out]).to.deep.equal([1, ''])
    expect(unknown.err).to.include('2222-2222').and.include('30 times a minute')
    const nonsense = await explain('hello')
    expect([nonsense.code, nonsense.out]).to.deep.equal([2, ''])
  })
})
