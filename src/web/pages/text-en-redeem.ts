import type { RefusalCode } from '../../base/refusals.js'
import type { EnglishText } from './text-en.js'

type RedeemCode = Extract<RefusalCode, `redeem.${string}`>

const notGiven = (why: string): EnglishText => ({
  heading: 'The journal did not get your sign-in',
  happened: `The journal's server came for your data, but ${why}. The data have stayed here.`,
  steps: [
    'Open the journal and sign in again.',
    'If that does not help, tell the number to those who support the journal.',
  ],
})

export const redeemTextEn: Readonly<Record<RedeemCode, EnglishText>> = {
  'redeem.client': notGiven('it did not prove that it is the journal'),
  'redeem.handle': notGiven('its pass was used before or is too old'),
  'redeem.limit': notGiven('it had failed too often just before. In a minute it may try again'),
}
