/** Codes that the school printed. Only who holds a real one is told what became of it. */
export const codeRefusals = {
  'code.mistyped': {
    status: 400,
    fault: 'person',
    meaning: 'The check sign of the code does not fit: it was mistyped, and nothing was looked up.',
  },
  'code.wrong': { status: 403, fault: 'person', meaning: 'No school has given such a code.' },
  'code.expired': {
    status: 403,
    fault: 'school',
    meaning: 'The code is too old, or the school took it back or made another, or its list names the account no more.',
  },
  'code.locked': {
    status: 403,
    fault: 'school',
    meaning: 'The account behind the code was shown five times, and nobody took it.',
  },
  'code.used': { status: 403, fault: 'person', meaning: 'Somebody has used the code before.' },
  'code.limit': {
    status: 429,
    fault: 'person',
    meaning: 'Too many wrong codes came from this person or this address.',
  },
  'code.minor': {
    status: 403,
    fault: 'school',
    meaning: 'Somebody under 18 brought the code of an account that is no pupil’s.',
  },
} as const
