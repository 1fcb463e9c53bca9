/** Nobody runs 1C here. What can be told from the text of the pattern alone is told: its words, its blocks, its names. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { vectors } from '../support/vectors.js'

const whole = readFileSync(projectFile('docs/integrators/1c/Приемник.bsl'), 'utf8')
/** Without comments, and every text emptied. */
const code = whole.replace(/"(?:[^"\n]|"")*"|\/\/.*/g, piece => (piece.startsWith('"') ? '""' : ''))
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, hit]) => hit!)
const WORD = '[\\p{L}_][\\p{L}\\p{N}_]*'

/** Functions of the platform (8.3.12) that the pattern calls. Who adds one looks it up. */
const PLATFORM = `
  Base64Значение ВызватьИсключение Дата ЗафиксироватьТранзакцию КодироватьСтроку Лев НачатьТранзакцию НРег ОтменитьТранзакцию
  ПобитовоеИли ПобитовоеИсключительноеИли ПолучитьБуферДвоичныхДанныхИзДвоичныхДанных ПолучитьДвоичныеДанныеИзБуфераДвоичныхДанных
  ПолучитьДвоичныеДанныеИзСтроки ПолучитьСтрокуИзДвоичныхДанных ПолучитьHexСтрокуИзДвоичныхДанных ПрочитатьJSON РаскодироватьСтроку СокрЛП
  Сред Строка СтрДлина СтрЗаменить СтрНайти СтрНачинаетсяС СтрРазделить СтрСоединить ТекущаяУниверсальнаяДата
  ТекущаяУниверсальнаяДатаВМиллисекундах Тип ТипЗнч`
  .trim()
  .split(/\s+/)
const KEYWORDS = ['Если', 'ИначеЕсли', 'Или', 'И', 'Не', 'Возврат', 'Пока', 'Из', 'По', 'Тогда', 'Новый']

describe('pattern for 1C', () => {
  it('says at its head that it was not run', () => {
    expect(whole.slice(0, 700)).to.include('НЕ ЗАПУСКАЛСЯ').and.include('not run here')
  })

  it('closes every block that it opens', () => {
    const count = (word: string) => all(code, new RegExp(`(?<![\\p{L}#])(${word})(?!\\p{L})`, 'gu')).length
    for (const word of ['Функция', 'Если', 'Попытка']) {
      expect(count(word), word)
        .to.be.above(1)
        .and.equal(count(`Конец${word.replace(/я$/, 'и').replace(/а$/, 'и')}`))
    }
    expect(count('Цикл')).to.be.above(1).and.equal(count('КонецЦикла'))
    expect(all(code, /^(#Область)/gm).length)
      .to.be.above(1)
      .and.equal(all(code, /^(#КонецОбласти)/gm).length)
    expect(count('НачатьТранзакцию')).to.equal(count('ОтменитьТранзакцию'))
  })

  it('calls nothing but its own functions and those of the platform, and has no function that nobody calls', () => {
    const own = all(code, new RegExp(`^Функция (${WORD})\\(`, 'gmu'))
    const exported = all(code, new RegExp(`^Функция (${WORD})\\(.*\\) Экспорт$`, 'gmu'))
    const calls = new Set(all(code, new RegExp(`(?<![\\p{L}\\p{N}_.]|Функция |Новый )(${WORD})\\(`, 'gu')))
    expect([...calls].filter(name => ![...own, ...PLATFORM, ...KEYWORDS].includes(name))).to.deep.equal([])
    expect(own.filter(name => !calls.has(name) && !exported.includes(name))).to.deep.equal([])
    expect(exported).to.deep.equal(['ВходНачать', 'ВходПринять', 'ВыходПринять', 'ПроверитьПримеры'])
  })

  it('knows every word of refusal that the test vectors expect', () => {
    const words = new Set(vectors().flatMap(({ refused }) => refused ?? []))
    const said = new Set(all(whole, /Отказать\("([a-z-]+)"\)/g))
    expect([...words].filter(word => !said.has(word))).to.deep.equal([])
    expect([...said].filter(word => !words.has(word))).to.deep.equal(['session-over'])
  })

  it('reads the names that the file of test vectors has', () => {
    const file = JSON.parse(readFileSync(projectFile('docs/integrators/test-vectors.json'), 'utf8')) as object
    const names = all(whole, /Примеры\["(\w+)"\]/g)
    expect(names).to.have.members(['bridge', 'audience', 'key', 'skew', 'vectors', 'now'])
    expect(file).to.include.keys(names)
  })
})
