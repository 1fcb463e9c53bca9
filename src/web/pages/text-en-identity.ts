import type { RefusalCode } from '../../base/refusals.js'
import type { EnglishText } from './text-en.js'

type IdentityCode = Extract<RefusalCode, `${'identity' | 'journal'}.${string}`>

export const identityTextEn: Readonly<Record<IdentityCode, EnglishText>> = {
  'identity.no-snils': {
    heading: 'Gosuslugi does not know your SNILS',
    happened: 'The school knows you by your SNILS number, and Gosuslugi sent none: it seems not to be entered there.',
    steps: [
      'Open “Документы” (documents) at Gosuslugi and add your SNILS.',
      'Wait until Gosuslugi has checked it, then sign in here again.',
      'If you have no SNILS, call the school: there is another way.',
    ],
  },
  'identity.bad-snils': {
    heading: 'There is a mistake in the SNILS number',
    happened: 'The digits of the SNILS number that Gosuslugi sent do not agree. You cannot be found by it.',
    steps: [
      'Check the SNILS number at Gosuslugi under “Документы” (documents), and sign in again.',
      'If it is right there, call the school and tell it the request number.',
    ],
  },
  'identity.level': {
    heading: 'Your Gosuslugi account has to be confirmed first',
    happened:
      'The journal opens only for a confirmed account of Gosuslugi. ' +
      'If your data has just been checked, you have to sign in once more.',
    steps: [
      'Open the page of the check at Gosuslugi and follow its advice.',
      'When the check is over, come back here and sign in again.',
      'For a child under 14 a parent makes the account in his or her own cabinet at Gosuslugi.',
    ],
  },
  'identity.not-linked': {
    heading: 'No connection with the journal was found',
    happened:
      "You signed in at Gosuslugi, but in the school's list your SNILS belongs to no account of this journal. " +
      'Usually it was not entered yet, or with a mistake. You did nothing wrong.',
    steps: [
      'Call the school and tell it the request number. Do not read out the SNILS itself.',
      'Ask whether your SNILS is written down correctly there.',
      'When the school has answered, sign in again. There is nothing to register.',
    ],
  },
  'identity.ambiguous': {
    heading: 'The school has to correct its list',
    happened:
      "In the school's list your SNILS stands on two different people. " +
      "We did not guess, so as not to show you somebody else's data.",
    steps: ['Call the school and tell it the request number. Only the school can correct it.', 'Then sign in again.'],
  },
  'identity.other-name': {
    heading: "The name differs from the school's list",
    happened:
      "In the school's list your SNILS belongs to a person of another name. " +
      "We stopped, so as not to show you somebody else's data.",
    steps: [
      'If you have changed your name, tell the school.',
      'If somebody else of the family signed in at Gosuslugi, sign in as yourself.',
      'Otherwise call the school and tell it the request number.',
    ],
  },
  'identity.role': {
    heading: 'This journal is not open for you',
    happened: "You are in the school's list, but this journal is meant for others: for teachers only, for example.",
    steps: [
      'Check whether you opened the right journal.',
      'If you did, ask the school as what you are listed: parent, pupil or teacher.',
    ],
  },
  'journal.unknown': {
    heading: 'There is no such journal here',
    happened: 'The link leads to a journal that is not connected here.',
    steps: [
      'Find your school and journal on the main page.',
      "If the link stands on the school's site, tell the school that it has to be corrected.",
    ],
  },
  'journal.school': {
    heading: 'School and journal do not fit together',
    happened: 'The link names a school that we do not know, or one that uses another journal.',
    steps: [
      'Find your school on the main page and sign in from there.',
      "If the link stands on the school's site, tell the school that it has to be corrected.",
    ],
  },
  'journal.return-denied': {
    heading: 'We stopped on the way to a strange address',
    happened:
      "After signing in, the link wants to send you to an address that is not on this journal's list. " +
      'Swindlers sometimes do that, so we went no further.',
    steps: [
      'Sign in from the main page or from your own bookmarks: that is safe.',
      'If the link came in a letter or message, do not open it again.',
      'If it comes from the journal itself, tell those who support the journal.',
    ],
  },
  'journal.state-missing': {
    heading: 'The journal began the sign-in only halfway',
    happened: 'The journal sent you here without the mark by which it knows its page later. It would not let you in.',
    steps: [
      'Open the journal anew and press its own sign-in button.',
      'If that does not help, tell those who support the journal.',
    ],
  },
  'journal.wrong-signature': {
    heading: 'The journal did not confirm that it began this sign-in',
    happened: "The link that sent you here does not carry the journal's right signature. We do not know who made it.",
    steps: [
      'Open the journal anew and press its own sign-in button.',
      'If the link came in a letter or message, do not open it again.',
      'If that does not help, tell those who support the journal: the shared key must be compared.',
    ],
  },
  'journal.value-unfit': {
    heading: 'The journal cannot take this account',
    happened: "A field of the school's list holds a sign that this journal cannot read, so we sent nothing there.",
    steps: [
      'Open the journal anew and sign in again.',
      "If that does not help, tell the school the request number: its list or the journal's settings must be corrected.",
    ],
  },
}
