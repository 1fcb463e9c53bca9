/** Pages that ask for a code, with values that are awkward on purpose. */
import { Refusal } from '../../src/base/refusal.js'
import type { Asked } from '../../src/login/confirming.js'
import { confirmPage, type ConfirmPage } from '../../src/web/pages/confirm.js'
import type { SignedIn } from '../../src/web/pages/layout.js'

const DAY = 86_400_000

export function confirmSamples(signedIn: SignedIn, number: string): readonly (readonly [string, string])[] {
  const asked: Asked = {
    purpose: { what: 'link', about: 'a-1' },
    contacts: [
      { way: 'email', masked: 'ё***@ochen-dlinnoe-imya-pochtovogo-servera.svetlogorsk.example' },
      { way: 'sms', masked: '+7 *** ***-45-95' },
    ],
    rememberFor: 90 * DAY,
  }
  const sent = { way: 'email', at: 0 } as const
  const shown = (change: Partial<Asked>, more: Partial<ConfirmPage> = {}): string =>
    confirmPage({
      ...{ signedIn, token: 'T-0', support: { email: 'help@bridge.example' }, action: '/continue/L' },
      asked: { ...asked, ...change },
      ...more,
    })
  return [
    ['confirm', shown({})],
    ['confirm-not-sent', shown({ problem: new Refusal('confirm.not-sent') }, { number })],
    ['confirm-code', shown({ sent })],
    ['confirm-code-wrong', shown({ sent, problem: new Refusal('confirm.wrong') }, { number, english: true })],
    ['confirm-change', shown({ purpose: { what: 'end-others' }, sent: { way: 'sms', at: 0 } }, { back: { href: '/me', text: 'Ничего не менять, вернуться в кабинет' } })],
  ] // prettier-ignore
}
