import type { RefusalCode } from '../../base/refusals.js'
import type { EnglishText } from './text-en.js'

type LogoutCode = Extract<RefusalCode, `${'logout' | 'soap'}.${string}`>

const notDone = (why: string): EnglishText => ({
  heading: 'You were not signed out',
  happened: `Gosuslugi asked us to sign you out, but ${why}. Nothing has changed here.`,
  steps: [
    'Open the main page and sign out there.',
    'On a shared computer close all windows of the browser.',
    'If it happens again, tell the support the number on this page.',
  ],
})

export const logoutTextEn: Readonly<Record<LogoutCode, EnglishText>> = {
  'logout.unknown': {
    heading: 'This sign-out is finished already',
    happened: 'A confirmation of a sign-out came that this browser does not expect. Most likely you signed out before.',
    steps: [
      'On a shared computer close all windows of the browser.',
      'If in doubt, open the main page: it shows whether you are signed out.',
    ],
  },
  'logout.replayed': {
    heading: 'You were not signed out',
    happened: 'A request to sign you out came under the number of another one before it. It changed nothing here.',
    steps: ['If in doubt, open the main page: it shows whether you are signed out.'],
  },
  'logout.other-name': notDone('it names you in another way than the sign-in did'),
  'soap.envelope': notDone('the message is not made as we expect'),
  'soap.version': notDone('the message follows another version of the rules'),
  'soap.must-understand': notDone('it demands something that we cannot do'),
}
