import type { RefusalCode } from '../../base/refusals.js'
import type { EnglishText } from './text-en.js'

type CreateCode = Extract<RefusalCode, `create.${string}`>

export const createTextEn: Readonly<Record<CreateCode, EnglishText>> = {
  'create.not-offered': {
    heading: 'No new account can be made here',
    happened: 'This journal makes no accounts through us, or none of this role.',
    steps: [
      'If the school gave you a slip with a code, type the code.',
      'If not, call the school: it adds you to its list or prints a code.',
    ],
  },
  'create.limit': {
    heading: 'Too many tries',
    happened: 'We stop asking the journal for an account so often. Nothing new was made.',
    steps: ['Wait fifteen minutes and try again.', 'If it does not help, call the school.'],
  },
  'create.unanswered': {
    heading: 'The journal did not answer',
    happened:
      'We asked the journal for an account and do not know whether it made one. You may safely try again: there will be no second one.',
    steps: [
      'Wait a minute and sign in again: we ask the journal for the same account.',
      'If it does not help, call the school and tell it the request number.',
    ],
  },
  'create.exists': {
    heading: 'The journal has an account of yours',
    happened:
      'The journal says that it knows you, and has made no new account. Now the one that exists must be linked.',
    steps: [
      'If you have its login and password, or a slip with a code, use them.',
      'If not, call the school and tell it the request number: it adds your SNILS to its list.',
    ],
  },
  'create.declined': {
    heading: 'The journal has made no account',
    happened: 'The journal says that it cannot make an account for you. Nothing new was made.',
    steps: ['Call the school and tell it the request number: it finds out why, and adds you to its list itself.'],
  },
  'create.taken': {
    heading: 'The school has to decide',
    happened:
      'The journal named an account that is not yours by the list of the school. We have not opened it, and asked the school whose it is.',
    steps: ['Wait for the answer: your cabinet shows it.', 'Or call the school and tell it the request number.'],
  },
  'create.was-listed': {
    heading: 'The school took your account off its list',
    happened:
      'The school once had an account for you in this journal, and took it away. Only the school can make it anew.',
    steps: ['Call the school and tell it the request number.'],
  },
  'create.minor': {
    heading: 'Only grown-ups can have such an account made',
    happened: 'The account of a parent or teacher is for grown-ups, and somebody under 18 is signed in at Gosuslugi.',
    steps: [
      'If a parent needs the account, the parent has to sign in.',
      'If you are a pupil, ask the school for your login or for a slip with a code.',
    ],
  },
  'create.unknown': {
    heading: 'Gosuslugi did not tell your name or birth date',
    happened: 'Without them no account can be made: nobody can tell whether you are a grown-up or a pupil.',
    steps: [
      'Look whether both are filled in at Gosuslugi, and sign in again.',
      'If they are, call the school and tell it the request number.',
    ],
  },
}
