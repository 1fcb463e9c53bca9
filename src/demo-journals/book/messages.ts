/** Letters between a family and a teacher. One thread for each account, child and subject; nothing is thrown away. */
import type { Instant } from '../../base/clock.js'

export interface Letter {
  readonly at: Instant
  readonly from: string
  readonly text: string
  /** By the teacher's side. */
  readonly fromSchool: boolean
}

export interface Thread {
  readonly id: string
  readonly school: string
  /** Of the parent or the pupil. */
  readonly login: string
  readonly child: string
  readonly childName: string
  readonly subject: string
  /** Login of the teacher; undefined where the school's list has none. */
  readonly teacher: string | undefined
  /** The oldest first. */
  readonly letters: readonly Letter[]
}

type Ends = Omit<Thread, 'id' | 'letters'>

const MOST_LETTERS = 200
const MOST_THREADS = 5_000

export class Messages {
  readonly #threads = new Map<string, Thread>()

  write(ends: Ends, letter: Letter): Thread {
    const id = [ends.school, ends.login, ends.child, ends.subject].join('|')
    const letters = [...(this.#threads.get(id)?.letters ?? []), letter].slice(-MOST_LETTERS)
    const thread = { ...ends, id, letters }
    this.#threads.delete(id)
    this.#threads.set(id, thread)
    const [oldest] = this.#threads.keys()
    if (this.#threads.size > MOST_THREADS && oldest !== undefined) this.#threads.delete(oldest)
    return thread
  }

  find(id: string): Thread | undefined {
    return this.#threads.get(id)
  }

  /** The newest first. */
  ofFamily(school: string, login: string, child: string): readonly Thread[] {
    return this.#where(one => one.school === school && one.login === login && one.child === child)
  }

  ofTeacher(school: string, teacher: string): readonly Thread[] {
    return this.#where(one => one.school === school && one.teacher === teacher)
  }

  #where(is: (thread: Thread) => boolean): readonly Thread[] {
    return [...this.#threads.values()].filter(is).reverse()
  }
}
