/**
 * Every reason for which the bridge says no. The Russian and English pages, docs/refusals.md and the attack table
 * hang on these codes: a code without a page does not compile, one that nothing earns fails a test.
 */
import { cabinetRefusals } from './refusals-cabinet.js'
import { codeRefusals } from './refusals-codes.js'
import { confirmRefusals } from './refusals-confirm.js'
import { consentRefusals } from './refusals-consent.js'
import { createRefusals } from './refusals-create.js'
import { idpRefusals } from './refusals-idp.js'
import { lockRefusals } from './refusals-lock.js'
import { proofRefusals } from './refusals-proof.js'
import { queueRefusals } from './refusals-queue.js'

/** Who has to act before the same request could succeed. */
export type Fault = 'person' | 'idp' | 'journal' | 'operator' | 'school'

interface Row {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 502 | 503
  readonly fault: Fault
  /** One English sentence for the operator, without the word "please". */
  readonly meaning: string
}

export const refusals = {
  'request.malformed': {
    status: 400,
    fault: 'journal',
    meaning: 'A parameter is missing, repeated, too long or of the wrong form.',
  },
  'request.not-found': { status: 404, fault: 'person', meaning: 'There is no page at this address.' },
  'request.method': { status: 405, fault: 'person', meaning: 'This address does not answer to this HTTP method.' },
  'request.too-large': {
    status: 413,
    fault: 'person',
    meaning: 'The body of the request is larger than anything honest.',
  },
  'request.body': {
    status: 400,
    fault: 'person',
    meaning: 'The body of the request cannot be read: wrong encoding, type or form.',
  },
  'request.limit': {
    status: 429,
    fault: 'person',
    meaning: 'More requests came from this network, or of this person, than `limits` of the settings allows.',
  },
  'request.forged': {
    status: 403,
    fault: 'person',
    meaning: 'The form did not come from our page of this session (token or Origin).',
  },

  'login.unknown': { status: 400, fault: 'person', meaning: 'The answer matches no login we started.' },
  'login.forgotten': {
    status: 400,
    fault: 'operator',
    meaning: 'The browser began this login, and nothing is remembered of it: short-lived records were lost.',
  },
  'login.expired': { status: 400, fault: 'person', meaning: 'The login was started too long ago.' },
  'login.cookie-missing': {
    status: 400,
    fault: 'person',
    meaning: 'The browser brought no cookie of the login it answers.',
  },
  'login.other-browser': {
    status: 403,
    fault: 'person',
    meaning: 'The answer came in another browser than the one that asked.',
  },
  'login.finished': {
    status: 403,
    fault: 'person',
    meaning: 'This login was finished before, by a session that this browser does not own.',
  },
  'login.loop': {
    status: 429,
    fault: 'journal',
    meaning:
      'The journal sent the same browser back again and again within a minute: its own session does not stick, or its clock is wrong.',
  },
  'login.not-their-account': {
    status: 403,
    fault: 'person',
    meaning: 'The chosen account is not one this person may use.',
  },

  ...idpRefusals,

  'identity.no-snils': { status: 403, fault: 'person', meaning: 'The assertion carries no СНИЛС.' },
  'identity.bad-snils': {
    status: 403,
    fault: 'idp',
    meaning: 'The assertion carries a СНИЛС whose check number is wrong, or several.',
  },
  'identity.level': {
    status: 403,
    fault: 'person',
    meaning: 'The account at the IdP is below the level that the school asks for.',
  },
  'identity.not-linked': { status: 403, fault: 'school', meaning: 'No account of this journal belongs to this СНИЛС.' },
  'identity.ambiguous': {
    status: 403,
    fault: 'school',
    meaning: "The same СНИЛС stands on two different people in the school's list.",
  },
  'identity.other-name': {
    status: 403,
    fault: 'school',
    meaning: "The school's list has another person under this СНИЛС.",
  },
  'identity.role': {
    status: 403,
    fault: 'school',
    meaning: 'The person has accounts, but none in a role that this journal admits.',
  },
  'identity.held': {
    status: 403,
    fault: 'school',
    meaning: 'The account belongs to somebody else already; the school was asked.',
  },
  'identity.unlinked': {
    status: 403,
    fault: 'person',
    meaning: 'The person, or the school, took this account off the person; it is not linked again by itself.',
  },
  'identity.snils-changed': {
    status: 403,
    fault: 'school',
    meaning: "The person is known by the IdP's number and comes with another СНИЛС; the school was asked.",
  },
  'identity.pupil-account': {
    status: 403,
    fault: 'school',
    meaning: 'A grown-up would enter the account of a pupil.',
  },
  'identity.not-employee': {
    status: 403,
    fault: 'person',
    meaning: 'The account is one of staff, and the person did not sign in as an employee of this school.',
  },
  'identity.custody-over': {
    status: 403,
    fault: 'school',
    meaning: "The school's list lets this parent act for no child today: the dates are over, or have not come.",
  },

  ...confirmRefusals,
  ...consentRefusals,
  ...cabinetRefusals,
  ...codeRefusals,
  ...lockRefusals,
  ...proofRefusals,
  ...createRefusals,
  'journal.unknown': { status: 404, fault: 'journal', meaning: 'No journal of this id is configured.' },
  'journal.school': {
    status: 400,
    fault: 'journal',
    meaning: 'The school code is unknown or does not use this journal.',
  },
  'journal.return-denied': {
    status: 400,
    fault: 'journal',
    meaning: "The return address is not on the journal's list.",
  },
  'journal.state-missing': {
    status: 400,
    fault: 'journal',
    meaning: 'This journal demands `state`, and the request carries none.',
  },
  'journal.wrong-signature': {
    status: 403,
    fault: 'journal',
    meaning: 'The question with which this journal begins a login is not signed with its key.',
  },
  'journal.value-unfit': {
    status: 409,
    fault: 'school',
    meaning: 'A value of the account, or `state`, holds what the protocol of this journal cannot carry.',
  },
  'journal.same-login': {
    status: 409,
    fault: 'operator',
    meaning:
      'The journal knows accounts by their login alone, and the lists of two schools give this login to different people.',
  },

  'redeem.client': {
    status: 401,
    fault: 'journal',
    meaning: 'The server that fetches a hand-off did not prove to be the one of a journal.',
  },
  'redeem.handle': {
    status: 400,
    fault: 'journal',
    meaning: 'The handle is unknown, used, older than 60 seconds, of another journal, or its person has signed out.',
  },
  'redeem.limit': {
    status: 429,
    fault: 'journal',
    meaning: 'Too many calls failed to prove who they are, from this address or in the name of this journal.',
  },

  ...queueRefusals,

  'session.none': { status: 401, fault: 'person', meaning: 'The browser has no open session.' },
  'login.logged-out': {
    status: 403,
    fault: 'person',
    meaning: 'The identity provider ended this session before its answer came here (saml-core 3.7.3.1).',
  },
  'logout.replayed': { status: 403, fault: 'idp', meaning: 'Another LogoutRequest of this ID was obeyed before.' },
  'logout.other-name': {
    status: 403,
    fault: 'idp',
    meaning:
      'The NameID has the right value with another Format or qualifier than the assertion had (saml-core 3.3.4).',
  },
  'soap.envelope': {
    status: 400,
    fault: 'idp',
    meaning: 'The body of the request is no SOAP 1.1 envelope around one message.',
  },
  'soap.version': { status: 400, fault: 'idp', meaning: 'The envelope is of another version than SOAP 1.1.' },
  'soap.must-understand': {
    status: 400,
    fault: 'idp',
    meaning: 'A SOAP header block that must be understood is none that we understand.',
  },
  'logout.unknown': {
    status: 400,
    fault: 'person',
    meaning: 'The logout answer matches no logout that this browser started.',
  },
} as const satisfies Record<string, Row>

export type RefusalCode = keyof typeof refusals
