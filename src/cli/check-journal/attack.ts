/** What every attack is made of. */
import type { HandOff } from '../../journals/connector.js'
import { deliver, shownAnswer, type Scene } from './scene.js'

/** What came of it. */
export interface Came {
  readonly open: boolean
  readonly came: string
}

export interface Attack {
  /** Stands in docs/integrators/check-journal.md. */
  readonly id: string
  /** In words: what is sent is never printed. */
  readonly sent: string
  readonly expected: string
  /** What the journal's people have to do when the door is open. */
  readonly fix: string
  /** It can be tried although nobody comes in honestly: the journal's server asks a bridge that knows nothing of us. */
  readonly blind?: true
  /** @returns undefined when it does not apply to this journal */
  readonly run: (scene: Scene) => Promise<Came | undefined>
}

export type Words = Pick<Attack, 'id' | 'sent' | 'fix' | 'blind'>

/**
 * Something dishonest in place of a hand-off, each try in a browser of its own where a login has begun: nobody must be in
 * afterwards.
 *
 * @param make given the state of that browser; undefined: there is nothing to try
 */
export const intruding = (
  words: Words,
  make: (scene: Scene, state: string | undefined) => readonly HandOff[] | undefined,
): Attack => ({
  ...words,
  expected: 'not let in',
  async run(scene) {
    const tries = make(scene, undefined)?.length ?? 0
    if (tries === 0) return undefined
    let came = ''
    for (let i = 0; i < tries; i++) {
      const { browser, state } = await scene.begin()
      const delivered = await deliver(browser, make(scene, state)![i]!)
      const open = await scene.isIn(browser)
      came = `${shownAnswer(delivered)}, ${open ? 'and is in' : 'not let in'}`
      if (open) return { open, came }
    }
    return { open: false, came }
  },
})
