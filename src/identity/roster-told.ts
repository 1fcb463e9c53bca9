/** What an import did, in the Russian of whoever keeps the list. Rows are named by line, accounts by login, people never. */
import { oneLine } from '../base/printable.js'
import type { ImportPlan } from './roster.js'
import type { RosterImport, RosterReading } from './roster-import.js'

/** Lines of text. */
export function told({ reading, plan, written, stopped }: RosterImport): string[] {
  const head = [summary(reading), ...reading.warnings.map(warning => `Замечание: ${oneLine(warning)}`)]
  const { refused } = reading
  if (refused.length > 0)
    return [
      ...head,
      ...refused.map(
        ({ line, column, why }) => `строка ${line}${column === undefined ? '' : `, «${column}»`}: ${oneLine(why)}`,
      ),
      `Отклонено строк: ${new Set(refused.map(({ line }) => line)).size}, поэтому не записано ничего. Исправьте файл и загрузите его снова.`,
    ]
  const end = written ? 'Записано.' : 'Пробный запуск: ничего не записано.'
  return [...head, ...(plan ? planned(plan) : []), stopped && plan ? losses(plan) : end]
}

const summary = (reading: RosterReading): string => {
  const form = reading.encoding === 'xlsx' ? `xlsx, лист «${oneLine(reading.sheet)}»` : reading.encoding
  return `Прочитано строк: ${reading.rows} (${form}), учётных записей: ${reading.records.length}.`
}

const losses = ({ missing, before }: ImportPlan): string =>
  `Не записано ничего: из ${before} учётных записей выбыли бы ${missing.length}, больше десятой части. Обычно это значит, что ` +
  'файл неполный или от другой школы. Если так и должно быть, загрузите его с --accept-losses.'

const WIDTH = 15

function planned({ added, changed, unchanged, missing }: ImportPlan): string[] {
  const list = (title: string, logins: readonly string[]) =>
    `${title.padEnd(WIDTH)}${logins.length}${logins.length === 0 ? '' : `: ${shownLogins(logins)}`}`
  return [
    list('добавлено', added),
    list('изменено', changed),
    `${'без изменений'.padEnd(WIDTH)}${unchanged}`,
    list('нет в списке', missing),
  ]
}

const MOST = 50

/** Logins name accounts without naming people. */
export const shownLogins = (logins: readonly string[]): string =>
  logins.slice(0, MOST).map(oneLine).join(', ') + (logins.length > MOST ? ` и ещё ${logins.length - MOST}` : '')
