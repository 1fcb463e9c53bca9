import type { RefusalCode } from '../../base/refusals.js'
import type { EnglishText } from './text-en.js'

type QueueCode = Extract<RefusalCode, `queue.${string}`>

export const queueTextEn: Readonly<Record<QueueCode, EnglishText>> = {
  'queue.not-admin': {
    heading: 'This page is for administrators of schools',
    happened: 'Here a school decides whose account it is. In the lists of the schools you are no administrator.',
    steps: [
      'Parents, pupils and teachers do not need this page: open your journal from the main page.',
      'Administrators: put yourself into the school’s list with that role and your SNILS.',
    ],
  },
  'queue.not-yours': {
    heading: 'Your school has no such question',
    happened: 'There is no question under this link, or another school decides it.',
    steps: ['Open the list of your school’s questions and look for the number.'],
  },
  'queue.own-request': {
    heading: 'This question is about yourself',
    happened: 'Nobody decides about themselves. Nothing has changed.',
    steps: ['Ask another administrator of the school, or whoever runs the sign-in.'],
  },
  'queue.sign-in-again': {
    heading: 'Sign in again',
    happened: 'Decisions are made right after signing in; you signed in more than 15 minutes ago. Nothing was written.',
    steps: ['Go back to the list of questions: it has a button to sign in again. Then decide anew.'],
  },
  'queue.not-possible': {
    heading: 'This cannot be decided so any more',
    happened: 'Meanwhile the question was decided, the account left the list, or it became somebody else’s.',
    steps: ['Open the question again: the page shows how things stand now.'],
  },
}
