/** Why a second confirmation was not made. */
export const confirmRefusals = {
  'confirm.no-address': {
    status: 403,
    fault: 'person',
    meaning: 'Neither an e-mail address nor a telephone number to which the bridge can send came in the assertion.',
  },
  'confirm.not-sent': {
    status: 502,
    fault: 'operator',
    meaning: 'The mail server or the SMS gateway did not take the message with the code; no try was counted.',
  },
  'confirm.mistyped': { status: 400, fault: 'person', meaning: 'A code has six digits; nothing was looked up.' },
  'confirm.wrong': {
    status: 403,
    fault: 'person',
    meaning: 'That is not the code that was sent for this purpose in this session.',
  },
  'confirm.expired': {
    status: 403,
    fault: 'person',
    meaning: 'No code is waiting for an answer here: it is too old, or none was sent for this purpose in this session.',
  },
  'confirm.locked': {
    status: 403,
    fault: 'person',
    meaning: 'Five wrong answers came to this code; it is worth nothing any more.',
  },
  'confirm.limit': {
    status: 429,
    fault: 'person',
    meaning: 'Too many codes were asked for, or too many wrong ones given, by this person or from this address.',
  },
} as const
