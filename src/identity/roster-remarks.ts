/** What is said about a file: rows that are refused, and things that the school should know. Never a whole СНИЛС. */

export interface RefusedRow {
  readonly line: number
  /** Title of the column, as our words have it. */
  readonly column?: string
  /** One Russian sentence without the line number. */
  readonly why: string
}

const notes = {
  'snils-restored': 'Таблица потеряла ведущие нули СНИЛС, они восстановлены',
  'no-snils': 'Нет СНИЛС, эти люди пока не смогут войти через Госуслуги',
  'snils-shared':
    'Один СНИЛС стоит у людей с разными именами или датами рождения, их вход будет отклонён, пока это не исправлено',
  'parent-without-login': 'У родителя нет логина, его учётная запись не прочитана',
  'nobody-with-login': 'Ни у ученика, ни у родителей нет логина, строка не даёт учётных записей',
  'child-without-id': 'У ребёнка нет ни кода, ни логина, родитель войдёт в журнал без выбора ребёнка',
  'email-left-out': 'E-mail записан неверно и пропущен',
} as const

export interface Remarks {
  readonly refused: RefusedRow[]
  refuse(line: number, why: string, column?: string): void
  note(what: keyof typeof notes, line: number): void
  /** A sentence for each kind of note, with the lines. */
  sentences(): string[]
}

export function newRemarks(): Remarks {
  const refused: RefusedRow[] = []
  const said = new Set<string>()
  const lines = new Map<keyof typeof notes, Set<number>>()
  return {
    refused,
    refuse(line, why, column) {
      const key = `${line}|${column ?? ''}|${why}`
      if (said.has(key)) return // both parents of a row stumble over the same child
      said.add(key)
      refused.push({ line, why, ...(column !== undefined && { column }) })
    },
    note: (what, line) => void lines.set(what, (lines.get(what) ?? new Set()).add(line)),
    sentences: () => [...lines].map(([what, of]) => `${notes[what]}: ${listed([...of])}.`),
  }
}

/** `строки 5, 9, 12 и ещё 40`. */
function listed(lines: readonly number[]): string {
  const shown = lines.slice(0, 10).join(', ')
  const more = lines.length > 10 ? ` и ещё ${lines.length - 10}` : ''
  return `${lines.length === 1 ? 'строка' : 'строки'} ${shown}${more}`
}
