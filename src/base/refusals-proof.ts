/** Proof by the login and password of a journal. What was typed is kept nowhere; only that somebody tried. */
export const proofRefusals = {
  'proof.not-offered': {
    status: 404,
    fault: 'journal',
    meaning: 'This journal checks no logins and passwords for the bridge (`oldLogin` of its settings).',
  },
  'proof.wrong': {
    status: 403,
    fault: 'person',
    meaning: 'The journal says that this login and password do not belong together.',
  },
  'proof.limit': {
    status: 429,
    fault: 'person',
    meaning:
      'Too many logins were tried by this person, from this address or for this account; the journal was not asked, so that it locks nobody out.',
  },
  'proof.unanswered': {
    status: 502,
    fault: 'journal',
    meaning: 'The journal did not say whether login and password are right, or not in the form that was agreed.',
  },
  'proof.not-listed': {
    status: 403,
    fault: 'school',
    meaning: 'Login and password are right, and the list of the school names no account of this login.',
  },
  'proof.over': {
    status: 403,
    fault: 'person',
    meaning: 'The proof is older than ten minutes, or of another session.',
  },
  'proof.other-name': {
    status: 403,
    fault: 'school',
    meaning:
      'Login and password are right, and the list gives the account to somebody of another first name or birth date.',
  },
  'proof.minor': {
    status: 403,
    fault: 'school',
    meaning: 'Somebody under 18 proved the login of an account that is no pupil’s.',
  },
} as const
