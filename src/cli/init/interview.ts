/** Asks what is not known yet; every answer is kept at once, so that whoever is interrupted goes on where they were. */
import { createInterface } from 'node:readline'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { say, UnusableInput, type Desk } from '../desk.js'
import { writeNew } from '../write-new.js'
import { questions, type Answers, type Question } from './questions.js'

export interface Interview {
  readonly folder: string
  /** What was given as options. */
  readonly given: Partial<Answers>
  /** Ask nothing. */
  readonly silent: boolean
}

const fileIn = (folder: string): string => join(folder, '.init-answers.json')

/** @throws UnusableInput when an option is wrong, something is missing and must not be asked, or nobody answers any more */
export async function interview(desk: Desk, { folder, given, silent }: Interview): Promise<Answers> {
  const known: Partial<Answers> = { ...(await kept(folder)), ...given }
  for (const { name, flag, wrong, example } of questions) {
    const text = known[name]
    const problem = text === undefined ? undefined : wrong(text)
    if (problem !== undefined) throw new UnusableInput(`${flag} ${text!}: ${problem}. Например: ${example}`)
  }
  if (silent) return withoutAsking(known)
  const reader = createInterface({ input: desk.stdin, crlfDelay: Infinity })
  try {
    return await ask(desk, folder, known, reader[Symbol.asyncIterator]())
  } finally {
    reader.close()
  }
}

async function ask(
  desk: Desk,
  folder: string,
  before: Partial<Answers>,
  lines: AsyncIterator<string>,
): Promise<Answers> {
  let known = before
  for (const [i, question] of questions.entries()) {
    if (known[question.name] !== undefined) continue
    const usual = question.usual?.(known)
    say(
      desk,
      '',
      `${i + 1}/${questions.length}  ${question.ask}`,
      `      например: ${question.example}${shownUsual(usual)}`,
    )
    known = { ...known, [question.name]: await answerTo(question, usual, lines, desk) }
    await keep(folder, known)
  }
  return known as Answers
}

const shownUsual = (usual: string | undefined): string =>
  usual === undefined || usual === '' ? '' : `; Enter — ${usual}`

async function answerTo(
  { wrong, example }: Question,
  usual: string | undefined,
  lines: AsyncIterator<string>,
  desk: Desk,
): Promise<string> {
  for (;;) {
    desk.stdout.write('> ')
    const found = await lines.next()
    if (found.done === true)
      throw new UnusableInput(
        'Ответов больше нет. Всё, что вы ответили, сохранено: запустите init ещё раз и продолжите.',
      )
    const text = found.value.trim() === '' && usual !== undefined ? usual : found.value.trim()
    const problem = wrong(text)
    if (problem === undefined) return text
    say(desk, `  ${problem}. Например: ${example}`)
  }
}

function withoutAsking(known: Partial<Answers>): Answers {
  let all = known
  for (const { name, usual } of questions) {
    const text = all[name] ?? usual?.(all)
    if (text !== undefined) all = { ...all, [name]: text }
  }
  const missing = questions.filter(({ name }) => all[name] === undefined)
  if (missing.length > 0)
    throw new UnusableInput(`Не хватает: ${missing.map(({ flag, example }) => `${flag} "${example}"`).join(', ')}.`)
  return all as Answers
}

async function kept(folder: string): Promise<Partial<Answers>> {
  const file = fileIn(folder)
  if (!existsSync(file)) return {}
  const found = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  const known = questions.flatMap(({ name }) => (typeof found[name] === 'string' ? [[name, found[name]] as const] : []))
  return Object.fromEntries(known)
}

async function keep(folder: string, known: Partial<Answers>): Promise<void> {
  await forgetAnswers(folder)
  await writeNew(fileIn(folder), `${JSON.stringify(known, undefined, 2)}\n`, 0o600)
}

/** They stand in bridge.yaml now. */
export const forgetAnswers = (folder: string): Promise<void> => rm(fileIn(folder), { force: true })
