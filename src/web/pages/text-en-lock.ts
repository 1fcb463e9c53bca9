import type { lockRefusals } from '../../base/refusals-lock.js'
import type { EnglishText } from './text-en.js'

export const lockTextEn: Readonly<Record<keyof typeof lockRefusals, EnglishText>> = {
  'lock.person': {
    heading: 'The journal is closed to you for a while',
    happened:
      'We saw something unusual under your name and closed the journal, so that no stranger sees your data. It is not your fault, and nothing is lost.',
    steps: [
      'Wait: at the time given above it opens by itself.',
      'If you cannot wait, call the school and name the request number: its administrator can open it at once.',
      'If it was not you who signed in, change your password at Gosuslugi and end the other sessions in your cabinet.',
    ],
  },
  'lock.network': {
    heading: 'Nobody signs in from this network for a while',
    happened:
      'Somebody in the network you are in tried to sign in very often, so we closed it for a while. It may have nothing to do with you.',
    steps: [
      'Try from another network: mobile data instead of Wi-Fi.',
      'Wait: at the time given above it opens by itself.',
      'If it is the network of the school or of your home, call and name the request number.',
    ],
  },
  'lock.not-liftable': {
    heading: 'There is nothing to lift',
    happened: 'The journal is open to you already, or only the school can open it before its time.',
    steps: ['Try to open the journal.', 'If that does not work, call the school and name the request number.'],
  },
}
