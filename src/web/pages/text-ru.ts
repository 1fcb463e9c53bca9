import type { RefusalCode } from '../../base/refusals.js'
import type { RefusalText } from './refusal-text.js'
import { consentText } from './text-ru-consent.js'
import { cabinetText } from './text-ru-cabinet.js'
import { codesText } from './text-ru-codes.js'
import { identityText } from './text-ru-identity.js'
import { loginText } from './text-ru-login.js'
import { logoutText } from './text-ru-logout.js'
import { queueText } from './text-ru-queue.js'
import { redeemText } from './text-ru-redeem.js'
import { samlText } from './text-ru-saml.js'

/** A refusal without a page does not compile. */
export const refusalText: Readonly<Record<RefusalCode, RefusalText>> = {
  ...loginText,
  ...logoutText,
  ...samlText,
  ...identityText,
  ...consentText,
  ...cabinetText,
  ...redeemText,
  ...queueText,
  ...codesText,
}
