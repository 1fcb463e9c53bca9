import type { RefusalCode } from '../../base/refusals.js'
import type { EnglishText } from './text-en.js'

type CodesCode = Extract<RefusalCode, `code.${string}`>

export const codesTextEn: Readonly<Record<CodesCode, EnglishText>> = {
  'code.mistyped': {
    heading: 'The code is mistyped',
    happened: 'There can be no such code: one of its signs is probably wrong. This was not counted.',
    steps: ['Compare it with the slip, sign by sign. There are ten of them.'],
  },
  'code.wrong': {
    heading: 'There is no such code',
    happened: 'It is typed without a mistake, but the school has not given it.',
    steps: [
      'Look whether you have the right slip, and whether it is for this site.',
      'If so, ask the school for a new code and tell it the request number.',
    ],
  },
  'code.expired': {
    heading: 'The code is no longer valid',
    happened: 'A code is valid for 14 days, and they are over. Or the school has given another in its place.',
    steps: [
      'If you have a newer slip, type its code.',
      'If not, ask the school for one and tell it the request number.',
    ],
  },
  'code.locked': {
    heading: 'The code is locked',
    happened: 'Whose account it is was looked at too often, and nobody took it. We locked the code to keep it safe.',
    steps: ['Ask the school for a new code and tell it the request number.', 'Show the new slip to nobody.'],
  },
  'code.used': {
    heading: 'The code was used before',
    happened: 'Somebody has taken the account by this code. It works once.',
    steps: [
      'If it was you, all is well: sign in to the journal as usual.',
      'If it was somebody else of your family, ask the school for an account of your own.',
      'If you do not know who it was, call the school at once and tell it the request number.',
    ],
  },
  'code.limit': {
    heading: 'Too many wrong codes',
    happened: 'Several codes that do not exist came from you or from your network. We take a break.',
    steps: [
      'Wait a minute and type the code again, sign by sign.',
      'If that happens again, ask the school for a new code.',
    ],
  },
  'code.minor': {
    heading: 'This code is for a grown-up',
    happened: 'The code was given to a grown-up, and somebody under 18 is signed in at Gosuslugi.',
    steps: ['A parent has to sign in and type it.', 'If the school mixed up the slips, ask it for your own.'],
  },
}
