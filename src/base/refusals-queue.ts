/** What an administrator of a school is refused in the school's queue. */
export const queueRefusals = {
  'queue.not-admin': {
    status: 403,
    fault: 'school',
    meaning: 'The person has no account of an administrator in the list of any school.',
  },
  'queue.not-yours': {
    status: 404,
    fault: 'person',
    meaning: 'The schools of this administrator have no such question.',
  },
  'queue.own-request': {
    status: 403,
    fault: 'person',
    meaning: 'Nobody decides a question about themselves or about an account that they have.',
  },
  'queue.sign-in-again': {
    status: 403,
    fault: 'person',
    meaning: 'A decision needs a sign-in that is not older than 15 minutes.',
  },
  'queue.not-possible': {
    status: 409,
    fault: 'person',
    meaning: "The question was decided meanwhile, the account is not in the list, or it became somebody else's.",
  },
} as const
