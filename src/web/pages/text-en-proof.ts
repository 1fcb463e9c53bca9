import type { RefusalCode } from '../../base/refusals.js'
import type { EnglishText } from './text-en.js'

type ProofCode = Extract<RefusalCode, `proof.${string}`>

export const proofTextEn: Readonly<Record<ProofCode, EnglishText>> = {
  'proof.not-offered': {
    heading: 'This journal checks no old logins',
    happened: 'Not every journal can say whether a login and a password are right. This one does not do so for us.',
    steps: [
      'If the school gave you a slip with a code, type the code.',
      'If not, call the school: it adds your SNILS to its list or prints a code.',
    ],
  },
  'proof.wrong': {
    heading: 'Login or password is not right',
    happened: 'The journal says that it has no such login and password.',
    steps: [
      'Look at the layout of your keyboard and at the school. The password is that of the journal, not of Gosuslugi.',
      'If you forgot it, ask the school for a new one, or for a slip with a code.',
    ],
  },
  'proof.limit': {
    heading: 'Too many tries',
    happened: 'So that the journal does not lock your account, we stop asking it. There are three tries an hour.',
    steps: ['Wait an hour and try again.', 'Or ask the school for a slip with a code: it needs no password.'],
  },
  'proof.unanswered': {
    heading: 'The journal did not answer',
    happened: 'We asked the journal whether the password is right and got no answer. It may well be right.',
    steps: ['Try again in a few minutes.', 'If it does not help, call the school and tell it the request number.'],
  },
  'proof.not-listed': {
    heading: 'The list of the school does not name this account',
    happened: 'Login and password are right, but the list that the school gave us has no such account.',
    steps: [
      'If you chose a school, look whether it is the right one.',
      'If it is, call it and tell it the request number: the list has to be renewed.',
    ],
  },
  'proof.over': {
    heading: 'The time to answer is over',
    happened: 'More than ten minutes went by before you said that the account is yours. Nothing was linked.',
    steps: ['Go back to the journal and type login and password again.'],
  },
  'proof.other-name': {
    heading: 'This account was given to somebody else',
    happened:
      'Login and password are right, but the list of the school has another first name or birth date for this account than Gosuslugi for you. Each parent has an account of their own.',
    steps: [
      'If it belongs to somebody of your family, they have to sign in and prove it.',
      'If it is yours, call the school and tell it the request number: the list is wrong.',
      'If you have none, ask the school for a slip with a code.',
    ],
  },
  'proof.minor': {
    heading: 'This account is for a grown-up',
    happened: 'Login and password open the account of a grown-up, and somebody under 18 is signed in at Gosuslugi.',
    steps: [
      'The grown-up has to sign in and prove it.',
      'If you have a pupil’s account, ask the school for its login or for a code.',
    ],
  },
}
