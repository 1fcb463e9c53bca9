/** Accounts that a journal makes at a first login. */
export const createRefusals = {
  'create.not-offered': {
    status: 404,
    fault: 'journal',
    meaning: 'This journal makes no such accounts for the bridge (`createAccounts` of its settings).',
  },
  'create.limit': {
    status: 429,
    fault: 'person',
    meaning: 'Too many accounts were asked for by this person or from this address; the journal was not asked.',
  },
  'create.unanswered': {
    status: 502,
    fault: 'journal',
    meaning:
      'The journal did not say what became of the account, or not in the form that was agreed. Whoever asks again asks for the same account.',
  },
  'create.exists': {
    status: 403,
    fault: 'school',
    meaning: 'The journal says that it has an account of this person, which the list of the school does not name.',
  },
  'create.declined': {
    status: 403,
    fault: 'journal',
    meaning: 'The journal makes no account for this person.',
  },
  'create.taken': {
    status: 403,
    fault: 'school',
    meaning: 'The journal answered with a login that the bridge knows as somebody else’s, or as nobody’s for certain.',
  },
  'create.was-listed': {
    status: 403,
    fault: 'school',
    meaning: 'The list of the school named an account of this СНИЛС, and names it no more.',
  },
  'create.minor': {
    status: 403,
    fault: 'person',
    meaning: 'Somebody under 18 asks for an account that is no pupil’s.',
  },
  'create.unknown': {
    status: 403,
    fault: 'person',
    meaning: 'The identity provider did not tell the name or the birth date, without which no account is made.',
  },
} as const
