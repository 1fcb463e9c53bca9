import type { RefusalCode } from '../../base/refusals.js'
import type { RefusalText } from './refusal-text.js'
import { confirmText } from './text-ru-confirm.js'
import { consentText } from './text-ru-consent.js'
import { cabinetText } from './text-ru-cabinet.js'
import { codesText } from './text-ru-codes.js'
import { identityText } from './text-ru-identity.js'
import { lockText } from './text-ru-lock.js'
import { loginText } from './text-ru-login.js'
import { logoutText } from './text-ru-logout.js'
import { createText } from './text-ru-create.js'
import { proofText } from './text-ru-proof.js'
import { queueText } from './text-ru-queue.js'
import { redeemText } from './text-ru-redeem.js'
import { samlText } from './text-ru-saml.js'

/** A refusal without a page does not compile. */
export const refusalText: Readonly<Record<RefusalCode, RefusalText>> = {
  ...loginText,
  ...logoutText,
  ...samlText,
  ...identityText,
  ...confirmText,
  ...consentText,
  ...cabinetText,
  ...redeemText,
  ...queueText,
  ...codesText,
  ...lockText,
  ...proofText,
  ...createText,
}
