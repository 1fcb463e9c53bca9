/** What somebody is refused while a lock stands. */
export const lockRefusals = {
  'lock.person': {
    status: 403,
    fault: 'school',
    meaning:
      'No journal opens under this person for a while: the watch saw something unusual, or an operator said so. The person is signed in all the same.',
  },
  'lock.network': {
    status: 403,
    fault: 'operator',
    meaning: 'No login begins and no journal opens from this network for a while.',
  },
  'lock.not-liftable': {
    status: 409,
    fault: 'person',
    meaning: 'There is no lock that this person could lift: it is over, or only the school lifts it.',
  },
} as const
