/** What to do next about each refusal: for whoever looks after the bridge at a school. `explain` and docs/refusals.md tell it. */
import type { RefusalCode } from './refusals.js'

const AGAIN = 'Nothing needs mending here: let the person begin anew at the page of the school or of the journal.'
const COOKIES =
  'Let the person begin anew in one browser, not in a private window, with cookies allowed for this site and for the IdP.'
const TO_THE_IDP = 'Send the letter that `explain` writes to the IdP; nothing can be mended here.'
const CLOCKS =
  'Compare the clocks: `explain` shows how far that of the IdP is from ours, `doctor` looks at ours. If ours is right, send the letter that `explain` writes to the IdP.'
const KEYS =
  'Fetch the current metadata of the IdP (`idp-metadata refresh`, or a new file) and compare the keys with its people by telephone. ' +
  'If the keys are the same, send the letter that `explain` writes.'
const LOOK_AT_IT =
  'If it happens once, somebody played with it. If it happens to many, send the letter that `explain` writes: a proxy or gateway at the IdP changes what it signed.'
const LIST =
  'Ask the person for the СНИЛС (its end stands on their page), look it up in the list of the school, correct the list, and import it again (`import-roster`); then the person tries again.'
const JOURNALS_CALL =
  "Compare id, secret or key in the journal's server with the settings; `check-journal` and docs/integrators say how its call must look."
const SOAP =
  'If your IdP ends sessions by SOAP, send it the letter that `explain` writes. If not, a stranger tried, and nothing happened.'

const NEW_CODE = 'Make another code for the person: `make-codes --login LOGIN --again`.'

export const remedies: Readonly<Record<RefusalCode, string>> = {
  'request.malformed':
    'Correct the link or button that leads here: docs/routes.md says what the address takes. `explain` names the parameter.',
  'request.not-found':
    'Correct the link or bookmark: sign-in begins at the main page, at /s/SCHOOL, or at the journal.',
  'request.method':
    'Correct the link or form that leads here: docs/routes.md names the methods. A bookmark of it is worth nothing.',
  'request.too-large': 'No honest browser sends so much. If an IdP does, ask it to send fewer attributes.',
  'request.body': 'No honest browser sends that. If a proxy of yours changes bodies, let it pass them as they are.',
  'request.limit':
    'Nothing, if one person or a script did it: it ends within a minute. If a whole school stands behind one address, raise `limits`; if all people come from the address of your proxy, name the proxy in `listen.trustProxy`.',
  'request.forged':
    'Let the person load the page again and press the button there. If it happens to many, the proxy hides Origin, Host or cookies: see `doctor`.',

  'login.unknown': AGAIN,
  'login.forgotten': `${AGAIN} If it happens to many, see why the server of \`storage.shortLived\` was restarted or replaced.`,
  'login.expired': 'Let the person begin anew, and sign in at the IdP within a quarter of an hour.',
  'login.cookie-missing': COOKIES,
  'login.other-browser': COOKIES,
  'login.finished': `${AGAIN} Whoever did not go back or forward in the browser should sign out on shared computers.`,
  'login.loop':
    "Have the journal's developers see that its session cookie is set and comes back, and that its clock is right; the row `through` says whether the IdP was asked.",
  'login.not-their-account':
    'Let the person load the page again and choose there. The list of the school says which accounts are theirs.',
  'login.logged-out':
    'Let the person sign in again. The IdP had ended the session, mostly since the person signed out elsewhere.',

  'lock.person':
    'See `anomalies list` for why, ask the person whether it was they, and let them in by `anomalies unlock`; else it ends by itself.',
  'lock.network':
    'See `anomalies list` for why. If the network is a school, name it in anomalies.schoolNetworks and let it in by `anomalies unlock`.',
  'lock.not-liftable':
    'Nothing, if the journal opens. If not, `anomalies list` shows what stands, and `anomalies unlock` ends it.',

  'idp.unknown': 'Correct `idp=` in the link, or add the IdP to identityProviders in the settings.',
  'idp.not-for-journal': 'Correct the link to the journal, or journals[].identityProvider in the settings.',
  'idp.metadata-expired':
    'Fetch fresh metadata: `idp-metadata refresh`, or a new file of the IdP; `doctor` says what hinders it.',
  'idp.declined': 'Let the person try again later. If it goes on, send the letter that `explain` writes to the IdP.',
  'idp.authn-failed': 'Let the person try again, or restore access at the IdP.',
  'idp.request-denied':
    'Let the person try again and agree. If all are turned away, ask the IdP whether our service is still admitted.',
  'idp.no-authn-context':
    'Let the person confirm the account at the IdP, or sign in by the means that the settings ask for (identityProviders[].authnContext).',
  'idp.no-passive': TO_THE_IDP,
  'idp.unknown-principal':
    'Let the person see whether the account at the IdP still exists, and sign in with the right one.',
  'idp.name-id-policy': 'Set identityProviders[].nameIdPolicy to none, or ask the IdP which kind of NameID it gives.',
  'idp.request-unsupported':
    'Ask the IdP which requests it takes; identityProviders[].requestSignature and authnContext change ours.',
  'idp.requester':
    'Send our metadata to the IdP again (`sp-metadata`) and ask whether our entityID and keys are registered there.',

  'saml.too-large': 'Send the letter that `explain` writes to the IdP: it should send fewer attributes.',
  'saml.not-base64': LOOK_AT_IT,
  'saml.not-utf8': LOOK_AT_IT,
  'saml.declaration': TO_THE_IDP,
  'saml.doctype': LOOK_AT_IT,
  'saml.processing-instruction': LOOK_AT_IT,
  'saml.too-complex': LOOK_AT_IT,
  'saml.not-xml': LOOK_AT_IT,
  'saml.duplicate-id': LOOK_AT_IT,
  'saml.schema': `${TO_THE_IDP} Line and element of the answer stand at the failed check.`,
  'saml.not-response': TO_THE_IDP,
  'saml.wrong-issuer':
    'Compare entityID in the metadata that are installed with "found" at the failed check. If the IdP has a new one, install its new metadata; else send the letter that `explain` writes.',
  'saml.unsigned':
    'Send the letter that `explain` writes to the IdP: it must sign its answers. If it signs assertions only, identityProviders[].responseSignature: optional takes that.',
  'saml.signature-form': TO_THE_IDP,
  'saml.wrapped': LOOK_AT_IT,
  'saml.algorithm':
    'Send the letter that `explain` writes to the IdP: it should sign and encrypt by one of the algorithms that our metadata list.',
  'saml.weak-key': `${KEYS} A key of less than 2048 bits must be changed there.`,
  'saml.untrusted-key': KEYS,
  'saml.altered': LOOK_AT_IT,
  'saml.decryption':
    'Send our current metadata to the IdP (`sp-metadata`): it may encrypt for an old key. If `list-certs` shows that we changed keys, put the old one back under decryption.',
  'saml.assertion-count': TO_THE_IDP,
  'saml.version': TO_THE_IDP,
  'saml.destination':
    'Compare publicUrl in the settings with "found" at the failed check. If ours is right, send our metadata and the letter that `explain` writes to the IdP.',
  'saml.recipient':
    'Compare publicUrl in the settings with "found" at the failed check. If ours is right, send our metadata and the letter that `explain` writes to the IdP.',
  'saml.in-response-to': LOOK_AT_IT,
  'saml.subject-confirmation': TO_THE_IDP,
  'saml.expired': CLOCKS,
  'saml.not-yet-valid': CLOCKS,
  'saml.too-old': CLOCKS,
  'saml.too-long': TO_THE_IDP,
  'saml.audience':
    'Compare serviceProvider.entityId in the settings with "found" at the failed check. If ours is right, send our metadata and the letter that `explain` writes to the IdP.',
  'saml.condition': TO_THE_IDP,
  'saml.no-authentication': TO_THE_IDP,
  'saml.authn-context':
    'Send the letter that `explain` writes to the IdP, or change identityProviders[].authnContext in the settings.',
  'saml.session-over': `${CLOCKS} A session that has ended there must not be vouched for.`,
  'saml.not-reauthenticated': TO_THE_IDP,
  'saml.replayed':
    AGAIN +
    ' If it happens to many, somebody sends answers of others once more: look at the addresses that `explain` shows.',

  'identity.no-snils':
    'Let the person enter the СНИЛС at the IdP. If nobody has one, ask the IdP to send us that attribute.',
  'identity.bad-snils':
    'Let the person see which СНИЛС the IdP has. If it is right there, send the letter that `explain` writes to the IdP.',
  'identity.level':
    'Let the person confirm the account at the IdP (for Госуслуги: at a centre of service or through a bank).',
  'identity.not-linked': LIST,
  'identity.ambiguous': `${LIST} Two people of the list cannot have one СНИЛС.`,
  'identity.other-name': `${LIST} Name or birth date there are not those of the IdP: perhaps the СНИЛС stands in the wrong row.`,
  'identity.held': 'Decide the question in the queue of requests: whose account is it? The other person loses it.',
  'identity.unlinked':
    'Let the person bring the link back in the cabinet. If the school ended it, decide the question in the queue of requests.',
  'identity.snils-changed':
    'Compare the new СНИЛС with a document, and confirm it in the queue of requests; correct the list as well.',
  'identity.pupil-account': `${LIST} The account of a pupil was given to a grown-up: make one for the parent.`,
  'identity.not-employee':
    'Let the person sign in as an employee; if the IdP offers no such role, add the person to the employees of the school there. schools[].ogrn must be the one of that organisation.',
  'identity.custody-over': `${LIST} The dates of the child say from when until when this parent acts for it.`,
  'identity.role':
    'Open the journal by the link of the right role, or add the role to journals[].roles in the settings.',

  'consent.parent-missing':
    "Let a parent sign in, open the same journal, choose the child and agree. If one did: number, or name and class, of the child must be the same in the parent's row and the pupil's row of the list, and the date of birth must be right.",
  'consent.declined': 'Nothing needs mending here: the person said no. Whoever wants in after all sees the text again.',

  'journal.unknown':
    'Correct the link: docs/routes.md says how it is built; the ids are those of `journals` in the settings.',
  'journal.school': "Correct the school's code in the link, or add the school to journals[].schools in the settings.",
  'journal.return-denied':
    "Correct the return address in the journal, or add it to journals[].returnTo in the settings, if it is the journal's own.",
  'journal.state-missing': 'Let sign-in begin at the journal, whose link carries `state`; no other link can work here.',
  'journal.wrong-signature':
    'Compare the secret in the journal with the one of the settings, letter by letter and without spaces at its ends.',
  'journal.value-unfit':
    "Change the value that `explain` names, in the list of the school or in the journal's link: the journal could read it in two ways.",
  'journal.same-login':
    'Let the connector say which school is meant: `{school}` or `{account}` in its templates (CAS: `user: "{school}-{login}"`) and on the list `release`, or a journal of its own for each school. If both rows are one person, give both the same СНИЛС.',

  'redeem.client': JOURNALS_CALL,
  'redeem.handle':
    "Have the journal's server fetch at once, and once: the handle is gone after the first call. The row `why` says more.",
  'redeem.limit': `${JOURNALS_CALL} After a minute it may call again.`,

  'queue.not-admin': `${LIST} The queue of a school opens to whom the list names as its administrator.`,
  'queue.not-yours': 'Open the list of questions again; `requests` shows which school a question was put to.',
  'queue.own-request': 'Let another administrator decide it, or decide it by `decide-request`.',
  'queue.sign-in-again': 'Nothing needs mending: let the administrator sign in afresh and decide then.',
  'queue.not-possible':
    'Open the question again and look at what it says today; the row `why` says what changed. Import a list that names the account, if that is missing.',

  'cabinet.unknown':
    'Nothing needs mending: a page of the cabinet was old, or somebody tried ids of others. If it happens often from one address, look at `explain`.',
  'cabinet.too-late':
    'If the account is still theirs, let the school decide so: the person tries to enter the journal and tells it the request number.',
  'confirm.no-address':
    'Let the person add and confirm an e-mail address or telephone at the IdP and sign in again. Where most have none, ask the IdP to send personEMail and personMobilePhone, or leave the section `confirmation` empty.',
  'confirm.not-sent':
    '`explain` says what the mail server or gateway answered, `doctor` looks at both, `test-message` sends you one. Docs: docs/ru/soobshcheniya.md.',
  'confirm.mistyped': 'Let the person type all six digits of the message.',
  'confirm.wrong':
    'Let the person look for the latest message. If it happens often, somebody guesses: `explain` shows who and from where.',
  'confirm.expired': 'Let the person ask for a new code and answer in the same browser.',
  'confirm.locked':
    'Let the person ask for a new code. Ask whether it was they who typed: if not, somebody knows their password at the IdP.',
  'confirm.limit':
    'Let the person wait an hour and look among spam. If it goes on, see by `explain` from where it comes.',

  'cabinet.asked-often':
    'Look at what the person asked already (`requests --show-person`), and call them: one answer settles it.',
  'code.mistyped': 'Let the person compare the code with the slip, sign by sign.',
  'code.wrong':
    'Let the person look at the slip again. If it is right, make another code (`make-codes --login LOGIN --again`). If it happens often, somebody guesses: `explain` shows who and from where.',
  'code.expired': NEW_CODE,
  'code.locked': `${NEW_CODE} Ask who has seen the slip.`,
  'code.used':
    'Ask whether the person or somebody of the family used it. If nobody did, the slip was stolen: the school decides whose the account is, in the queue of requests.',
  'code.limit': 'Let the person wait a minute. If it goes on, make another code and see by `explain` who guesses.',
  'code.minor':
    'Ask the parent to sign in and type the code. If slips were mixed up, take the code back and make another.',
  'proof.not-offered': 'Correct the link that leads there, or give the journal an `oldLogin` in the settings.',
  'proof.wrong':
    'Let the person try again with the password of the journal, or reset it in the journal, or print a code (`make-codes`).',
  'proof.limit':
    'Let the person wait an hour, or print a code (`make-codes`). If it happens often, somebody guesses: `explain` shows who and from where, and `whose` what they came up against.',
  'proof.unanswered':
    '`status` is what the journal answered, 0 when nothing came in eight seconds. Compare `oldLogin` of the settings with docs/integrators/old-login.md and try `check-journal`.',
  'proof.not-listed': LIST,
  'proof.over': 'Let the person type login and password again, and answer within ten minutes.',
  'proof.other-name':
    'Passwords are shared in families, so it was not enough. Correct name or birth date in the list if they are wrong, or print a code (`make-codes`) for whoever the account is really for.',
  'create.not-offered':
    'Correct the link that leads there, or give the journal a `createAccounts` in the settings that names the role.',
  'create.limit':
    'Let the person wait, or add them to the list. If it happens often, `explain` shows who asks and from where.',
  'create.unanswered':
    '`status` is what the journal answered, 0 when nothing came in ten seconds. Compare `createAccounts` of the settings with docs/integrators/new-account.md and try `check-journal`. Nothing is doubled when the person tries again.',
  'create.exists':
    'Add the account that the journal has to the list of the school, with the СНИЛС, or print a code (`make-codes`), or let the person prove its login.',
  'create.declined': 'Ask those who run the journal why it makes no account for this person, or add one to the list.',
  'create.taken':
    'The journal answered a login that stands in the list for somebody else. Decide the question in the queue, and tell those who run the journal: it must make an account, not find one.',
  'create.was-listed': 'If the person belongs to the school again, add them to its list; else nothing has to be done.',
  'create.minor': 'Let a grown-up of the family sign in. Accounts of pupils come from the list.',
  'create.unknown':
    'Let the person look whether name and birth date are filled in at Госуслуги; if the IdP sends none to anybody, it must be asked for them, and people have to be added to the list.',
  'proof.minor': 'Ask the grown-up to sign in and prove it, or give the pupil a code of their own.',

  'session.none': COOKIES,
  'logout.replayed': TO_THE_IDP,
  'logout.other-name': TO_THE_IDP,
  'soap.envelope': SOAP,
  'soap.version': SOAP,
  'soap.must-understand': SOAP,
  'logout.unknown':
    'Nothing needs mending here: the logout was finished before, or belongs to another browser. The main page shows who is signed in.',
}
