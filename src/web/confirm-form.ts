/** What the form of the page that asks for a code brought. */
import type { Request, Response } from 'express'
import type { ConfirmGiven } from '../login/confirming.js'
import { freshDevice, type FreshDevice } from './devices.js'
import { CONFIRM_FIELD, REMEMBER_FIELD, WAY_FIELD } from './pages/confirm.js'
import { formValue } from './params.js'
import type { Web } from './setup.js'

export interface ConfirmForm {
  readonly given: ConfirmGiven
  /** To be kept once the code was right. */
  readonly device?: FreshDevice
}

/** @returns undefined when the form is another one */
export function confirmForm(web: Web, request: Request, response: Response): ConfirmForm | undefined {
  const way = formValue(request, WAY_FIELD, 10)
  if (way !== undefined) return { given: { kind: 'confirm-send', way } }
  const body: unknown = request.body
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, CONFIRM_FIELD)) return undefined
  const code = formValue(request, CONFIRM_FIELD, 20) ?? ''
  if (formValue(request, REMEMBER_FIELD, 10) === undefined) return { given: { kind: 'confirm-code', code } }
  const device = freshDevice(web, request, response)
  return { given: { kind: 'confirm-code', code, remember: device.key }, device }
}
