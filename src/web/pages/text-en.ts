import type { RefusalCode } from '../../base/refusals.js'
import type { RefusalText } from './refusal-text.js'
import { confirmTextEn } from './text-en-confirm.js'
import { consentTextEn } from './text-en-consent.js'
import { cabinetTextEn } from './text-en-cabinet.js'
import { codesTextEn } from './text-en-codes.js'
import { identityTextEn } from './text-en-identity.js'
import { lockTextEn } from './text-en-lock.js'
import { loginTextEn } from './text-en-login.js'
import { logoutTextEn } from './text-en-logout.js'
import { createTextEn } from './text-en-create.js'
import { proofTextEn } from './text-en-proof.js'
import { queueTextEn } from './text-en-queue.js'
import { redeemTextEn } from './text-en-redeem.js'
import { samlTextEn } from './text-en-saml.js'

/** The same story for people who read no Russian. Buttons, telephone and number stand on the page already. */
export type EnglishText = Pick<RefusalText, 'heading' | 'happened' | 'steps'>

/** A refusal without an English text does not compile. */
export const refusalTextEn: Readonly<Record<RefusalCode, EnglishText>> = {
  ...loginTextEn,
  ...logoutTextEn,
  ...samlTextEn,
  ...identityTextEn,
  ...confirmTextEn,
  ...consentTextEn,
  ...cabinetTextEn,
  ...redeemTextEn,
  ...queueTextEn,
  ...codesTextEn,
  ...lockTextEn,
  ...proofTextEn,
  ...createTextEn,
}

export const failureTextEn: EnglishText = {
  heading: 'Something broke on our side',
  happened: 'You did nothing wrong, and your data has not suffered.',
  steps: [
    'Wait a minute and try again from the main page.',
    'If it happens again, call the school and tell it the request number: it shows what happened.',
  ],
}

export const busyTextEn: EnglishText = {
  heading: 'Very many people are signing in',
  happened: 'We cannot let everybody in at once. That lasts some minutes in the morning; nothing is broken.',
  steps: ['Wait some seconds: the page comes again by itself. If it does not, reload it.'],
}

export const unavailableTextEn: EnglishText = {
  heading: 'Signing in does not work at the moment',
  happened:
    'We cannot let you in just now: we are at work, or a part of the system does not answer. Nothing in the journal is lost.',
  steps: ['Try again in a few minutes.', 'If it does not work within an hour, call the school and tell it the number.'],
}
