/** Why a step in the cabinet was not made (src/cabinet). */
export const cabinetRefusals = {
  'cabinet.unknown': {
    status: 404,
    fault: 'person',
    meaning: 'The link, session or consent is not one of the person who asks, or is ended already.',
  },
  'cabinet.too-late': {
    status: 409,
    fault: 'person',
    meaning: 'The link was ended more than thirty days ago, or not by the person: it cannot be taken up again.',
  },
  'cabinet.asked-often': {
    status: 429,
    fault: 'person',
    meaning: 'The person has asked schools for a child six times within a day.',
  },
} as const
