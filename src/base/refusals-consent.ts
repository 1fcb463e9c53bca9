/** A part of refusals.ts: nobody has said yes. */
export const consentRefusals = {
  'consent.parent-missing': {
    status: 403,
    fault: 'person',
    meaning: 'The pupil may enter only when a parent has agreed for this child to the text in force.',
  },
  'consent.declined': {
    status: 403,
    fault: 'person',
    meaning: 'The person did not agree to the processing of personal data; nothing was passed on.',
  },
} as const
