import type { output, ZodType } from 'zod'

/** Complains of one setting; where nothing is wrong with it, nothing happens. */
export type Wrong = (setting: string, message: string | undefined) => void

/** The block of a connector, with what only a look at several of its settings can tell. */
export const wholeBlock = <Schema extends ZodType>(
  fields: Schema,
  look: (block: output<Schema>, wrong: Wrong) => void,
): Schema =>
  fields.check(({ value, issues }) => {
    look(value, (setting, message) => {
      if (message !== undefined) issues.push({ code: 'custom', path: [setting], message, input: value })
    })
  })
