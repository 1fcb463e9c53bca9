import type { RefusalCode } from '../../base/refusals.js'
import type { EnglishText } from './text-en.js'

type SamlCode = Extract<RefusalCode, `saml.${string}`>
type Advice = Omit<EnglishText, 'happened'>

const unreadable: Advice = {
  heading: 'The answer of Gosuslugi could not be read',
  steps: [
    'Sign in again: most often that is enough.',
    'If it happens again, try another browser or device.',
    'If that fails, too, tell the support the request number. It is not for you to mend.',
  ],
}

const unproven: Advice = {
  heading: 'The answer of Gosuslugi could not be verified',
  steps: [
    "Sign in again from the main page or from your school's page.",
    'If it happens again, tell the support the request number. Your data is safe, and it is not for you to mend.',
  ],
}

const elsewhere: Advice = {
  heading: 'This answer is not meant for us',
  steps: [
    "Sign in again from the main page or from your school's page.",
    'If a link in a letter or message brought you here, do not open it again.',
    'If it happens again, tell the support the request number.',
  ],
}

const untimely: Advice = {
  heading: 'The answer of Gosuslugi is no longer valid',
  steps: [
    'Sign in again and do not leave the page for long.',
    'Do not use the Back button: it brings an old answer.',
    'If it happens again, tell the support the request number: a clock of the server may be wrong.',
  ],
}

const say = (advice: Advice, happened: string): EnglishText => ({ ...advice, happened })

export const samlTextEn: Readonly<Record<SamlCode, EnglishText>> = {
  'saml.too-large': say(unreadable, 'The answer was far larger than answers of Gosuslugi are. We did not read it.'),
  'saml.not-base64': say(unreadable, 'The answer was damaged on its way: signs were lost or added.'),
  'saml.not-utf8': say(unreadable, 'The letters of the answer are written in a way that cannot be read.'),
  'saml.declaration': say(unreadable, 'The first line of the answer names a form of writing that is not taken here.'),
  'saml.doctype': say(unreadable, 'The answer holds an insertion that honest answers never have. We did not read it.'),
  'saml.processing-instruction': say(
    unreadable,
    'The answer holds a foreign command. We did not follow it and read no further.',
  ),
  'saml.too-complex': say(unreadable, 'The answer is too complicated to be honest. We stopped halfway.'),
  'saml.not-xml': say(unreadable, 'The answer is incomplete or misspelt.'),
  'saml.duplicate-id': say(unproven, 'Two parts of the answer have one name, and nobody can tell which to believe.'),
  'saml.schema': say(unreadable, 'The answer does not follow the rules: its parts stand in the wrong places.'),
  'saml.not-response': say(unreadable, 'Another message came in place of the answer.'),
  'saml.wrong-issuer': say(unproven, 'The answer came from another service than the one we sent you to.'),
  'saml.unsigned': say(unproven, 'The answer bears no signature. Without one we do not know who wrote it.'),
  'saml.signature-form': say(unproven, 'The signature is not placed as it should be.'),
  'saml.wrapped': say(unproven, 'The signature belongs to other data than what was shown to us.'),
  'saml.algorithm': say(unproven, 'The answer is signed or encrypted in a way that the school does not trust.'),
  'saml.weak-key': say(unproven, 'The key that signs the answers is too weak.'),
  'saml.untrusted-key': say(unproven, 'The signature was made with a key that we do not know.'),
  'saml.altered': say(unproven, 'The data was changed after it was signed.'),
  'saml.decryption': say(unproven, 'The answer is encrypted, and it could not be opened.'),
  'saml.assertion-count': say(unproven, 'The data about you came not once, as it should, or not at all.'),
  'saml.version': say(unreadable, 'The answer follows rules that are too old or too new.'),
  'saml.destination': say(elsewhere, 'The envelope of the answer bears another address than ours.'),
  'saml.recipient': say(elsewhere, 'The data about you is addressed to another address than ours.'),
  'saml.in-response-to': say(elsewhere, 'It answers another sign-in than the one you began.'),
  'saml.subject-confirmation': say(unproven, 'The answer does not say that it was for you to bring it.'),
  'saml.expired': say(untimely, 'An answer of Gosuslugi is good for a few minutes only, and they have passed.'),
  'saml.not-yet-valid': say(
    { ...untimely, heading: 'The answer of Gosuslugi is not valid yet' },
    'The time of the answer has not come: our clock and the clock of Gosuslugi differ.',
  ),
  'saml.too-old': say(untimely, 'The answer was written too long ago: the browser probably took it from the history.'),
  'saml.too-long': say(
    unproven,
    'The answer promises to be valid for more than a day. We do not believe such answers.',
  ),
  'saml.audience': say(elsewhere, 'The sign-in at Gosuslugi was made for another site.'),
  'saml.condition': say(
    unproven,
    'The answer holds a condition that we do not understand. Ignoring it would be careless.',
  ),
  'saml.no-authentication': say(unproven, 'The answer does not say that you signed in at Gosuslugi.'),
  'saml.authn-context': {
    heading: 'The school asks for another way of signing in',
    happened: 'You signed in at Gosuslugi, but not in the way that the school asks for.',
    steps: [
      'Sign in again and choose a safer way on the page of Gosuslugi: with a confirmation code, for example.',
      'If there is nothing to choose, tell the support the request number.',
    ],
  },
  'saml.session-over': say(untimely, 'Your session at Gosuslugi itself has ended already.'),
  'saml.not-reauthenticated': {
    heading: 'Enter your Gosuslugi password again',
    happened:
      'We asked Gosuslugi to ask for the password again, and it let you pass with an earlier sign-in. ' +
      'Somebody else could have come in that way.',
    steps: [
      'Sign in again and enter the password when Gosuslugi asks for it.',
      'If it does not ask, sign out at the site of Gosuslugi and repeat.',
    ],
  },
  'saml.replayed': {
    heading: 'This answer has been used already',
    happened: 'Every answer of Gosuslugi works once, and this one came before: the page was reloaded, for example.',
    steps: ['If the journal is open in another tab, go back to it.', 'If not, sign in again.'],
  },
}
