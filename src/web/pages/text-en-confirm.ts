import type { RefusalCode } from '../../base/refusals.js'
import type { EnglishText } from './text-en.js'

type ConfirmCode = Extract<RefusalCode, `confirm.${string}`>

export const confirmTextEn: Readonly<Record<ConfirmCode, EnglishText>> = {
  'confirm.no-address': {
    heading: 'There is nowhere to send the code',
    happened:
      'The school wants this sign-in to be confirmed by a code. We send it only to an e-mail address or telephone that is confirmed at Gosuslugi, and it told us of none.',
    steps: [
      'Add and confirm one in your profile at Gosuslugi, then sign in again.',
      'If it is there, call the school and tell it the request number.',
    ],
  },
  'confirm.not-sent': {
    heading: 'The code was not sent',
    happened: 'Mail or SMS do not take messages just now. You did nothing wrong, and no try was counted.',
    steps: [
      'Wait a minute and ask for the code again, or choose the other way.',
      'If it does not work for half an hour, call the school and tell it the request number.',
    ],
  },
  'confirm.mistyped': {
    heading: 'A code has six digits',
    happened: 'Some are missing, or there are other signs among them. No try was counted.',
    steps: ['Type all six digits of the message.'],
  },
  'confirm.wrong': {
    heading: 'The code does not fit',
    happened: 'It is not the one that we sent.',
    steps: ['Compare the digits. Of several messages, the last one counts.'],
  },
  'confirm.expired': {
    heading: 'The code is no longer valid',
    happened: 'Its time is over, or it was asked for in another browser.',
    steps: ['Ask for a new one.'],
  },
  'confirm.locked': {
    heading: 'Too many wrong answers',
    happened: 'The code was typed wrong five times, and we cancelled it.',
    steps: ['Ask for a new one.', 'If it was not you, change your password at Gosuslugi and call the school.'],
  },
  'confirm.limit': {
    heading: 'Too often',
    happened: 'Too many codes were asked for or typed wrong. We take a break.',
    steps: [
      'You may ask for a new one after a minute; if there were many, after an hour.',
      'The message may lie among spam. If not, call the school and tell it the request number.',
    ],
  },
}
