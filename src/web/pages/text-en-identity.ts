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
      'A password of the journal binds no account of the school’s administrator: that takes the СНИЛС in the list, or a code.',
    ],
  },
  'identity.held': {
    heading: 'This account of the journal is taken',
    happened:
      'Somebody else already uses your account in the journal. We did not guess whose it is: the school was asked, and it ' +
      'will decide.',
    steps: [
      'Write down the request number: the school sees your question under it.',
      'Call the school and tell it the number. One call is usually enough.',
      'When the school has answered, sign in again.',
    ],
  },
  'identity.unlinked': {
    heading: 'This account of the journal was unlinked',
    happened: 'You used to enter the journal, and then the link was removed. It does not come back by itself.',
    steps: [
      'If you removed it yourself, bring it back in your cabinet within 30 days.',
      'If you did not, call the school and tell it the request number.',
    ],
  },
  'identity.snils-changed': {
    heading: 'Your SNILS number has changed',
    happened:
      'We know you, but Gosuslugi sent another SNILS than before. The school was asked: it will confirm that it is you, and ' +
      'the way will be open.',
    steps: [
      'Call the school, tell it the request number and that your SNILS has changed.',
      'When the school has confirmed it, sign in again.',
      'If you did not change it, check it at Gosuslugi under “Документы” (documents).',
    ],
  },
  'identity.pupil-account': {
    heading: 'This is the account of a pupil',
    happened:
      "In the school's list a pupil's account stands under your name, and a grown-up signed in. Usually the SNILS of a " +
      'parent was entered for the child by mistake.',
    steps: [
      "Ask the school for a parent's account: it shows the child's marks.",
      'Tell it the request number, so that it finds the line to correct.',
      'The child enters its own account with its own account at Gosuslugi.',
    ],
  },
  'identity.not-employee': {
    heading: 'Sign in as an employee of the school',
    happened:
      'The account of a teacher opens only for who signs in at Gosuslugi on behalf of this school. You signed in as a ' +
      'private person, or for another organisation.',
    steps: [
      'Sign in again, and choose the role of an employee of the school when Gosuslugi asks.',
      'If there is no such role, ask the school to add you to its employees at Gosuslugi.',
    ],
  },
  'identity.custody-over': {
    heading: "The child's data are closed for you at present",
    happened: "The school's list says from when until when you act for the child. Today is not among these days.",
    steps: [
      'If the time was extended, bring the paper to the school: it will correct the date.',
      'Then sign in again.',
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
  'journal.same-login': {
    heading: 'The journal cannot tell you from somebody else',
    happened:
      'The list of another school gives the same login to somebody else, and this journal knows people by the login alone. We did not send you there.',
    steps: ['Call the school and tell it the request number: only it can mend this.'],
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
