import type { RefusalCode } from '../../base/refusals.js'
import type { EnglishText } from './text-en.js'

type ConsentCode = Extract<RefusalCode, `consent.${string}`>

export const consentTextEn: Readonly<Record<ConsentCode, EnglishText>> = {
  'consent.parent-missing': {
    heading: 'A parent has to agree first',
    happened:
      'Below 18 the journal opens only when a parent or guardian has agreed that the child’s data may be processed. ' +
      'We have no such consent yet. You did nothing wrong.',
    steps: [
      'Ask a parent or guardian to sign in here with their own Госуслуги account, open the same journal, choose you and agree. It takes two minutes.',
      'Then sign in again. If the text was changed lately, the parent has to agree anew.',
      'The parent has agreed already? Call the school and tell it the request number: class, name and date of birth in its list need a look.',
    ],
  },
  'consent.declined': {
    heading: 'You did not agree',
    happened:
      'We passed nothing on to the journal, and will not. The school opens it through Госуслуги only with a consent.',
    steps: [
      'You changed your mind? The button below shows the text again.',
      'You do not want to agree? Ask the school how to learn marks and homework without the electronic journal.',
      'Done? On a shared computer sign out, so that the next person does not see your name.',
    ],
  },
}
