import type { RefusalCode } from '../../base/refusals.js'
import type { EnglishText } from './text-en.js'

type LoginCode = Extract<RefusalCode, `${'request' | 'login' | 'idp' | 'session'}.${string}`>

export const loginTextEn: Readonly<Record<LoginCode, EnglishText>> = {
  'request.malformed': {
    heading: 'There is a mistake in the link',
    happened: 'The link that brought you here is incomplete or damaged, so we cannot tell what to open.',
    steps: [
      "Begin on the main page or on your school's page.",
      'If you copied the link, make sure that you copied all of it.',
      "If it stands on the school's site or in the journal, tell the school that it does not work.",
    ],
  },
  'request.not-found': {
    heading: 'There is no such page',
    happened: 'Nothing was found at this address. It may be misspelt, or the page has moved.',
    steps: ['Check the address.', 'Begin on the main page: it will take you from there.'],
  },
  'request.method': {
    heading: 'This page cannot be opened on its own',
    happened: 'This address works only in the middle of signing in, not from bookmarks or from the history.',
    steps: ['Begin on the main page.', "If a bookmark led here, delete it and bookmark your school's page instead."],
  },
  'request.limit': {
    heading: 'Too many requests at once',
    happened: 'Far more requests than signing in needs came from your network, or in your name, within a minute.',
    steps: [
      'Wait a minute, then reload this page.',
      'Close other tabs that stand at the sign-in: they may have reloaded by themselves.',
      'If it happens to everybody at school, tell the school.',
    ],
  },
  'request.too-large': {
    heading: 'Too much data',
    happened: 'The browser sent far more data than signing in needs. We did not take it.',
    steps: ['Sign in again.', 'If that does not help, try another browser or device.'],
  },
  'request.body': {
    heading: 'The data could not be read',
    happened: 'The browser sent data in a form that we could not make out. Nothing was lost or changed.',
    steps: ['Sign in again.', 'If that does not help, update the browser or try another one.'],
  },
  'request.forged': {
    heading: 'This page is out of date',
    happened:
      'The button stood on a page that is no longer valid: for example, somebody else has signed in in another tab. ' +
      'To be safe, we did nothing.',
    steps: ['Close old tabs with this site.', 'Begin again and press the button once more.'],
  },
  'login.unknown': {
    heading: 'We could not find where your sign-in began',
    happened:
      'An answer came from Gosuslugi, but we know of no sign-in that it belongs to. ' +
      'This happens when a page of Gosuslugi is opened from bookmarks or from the history.',
    steps: ['Sign in again.', "Bookmark your school's page, not the page of Gosuslugi."],
  },
  'login.forgotten': {
    heading: 'The sign-in that you began was not kept',
    happened:
      'You began to sign in here, but the server does not remember it any more: most likely it was restarted. ' +
      'Nobody else can sign in with it.',
    steps: ['Sign in again. One click is usually enough.'],
  },
  'login.expired': {
    heading: 'The time for signing in is over',
    happened: 'Signing in began too long ago and closed by itself. This protects you from strangers at the screen.',
    steps: ['Sign in again. It usually takes about a minute.'],
  },
  'login.cookie-missing': {
    heading: 'The browser did not remember the beginning',
    happened:
      'Before you go to Gosuslugi we leave a mark (a cookie) in the browser to know you on the way back. ' +
      'It is not there: it is blocked or deleted, or you began in another window.',
    steps: [
      'Sign in again: usually that is enough.',
      'If it does not help, allow cookies for this site and leave private browsing.',
      'If the page was opened inside a messenger or another app, open it in an ordinary browser.',
    ],
  },
  'login.other-browser': {
    heading: 'Signing in began in another browser',
    happened:
      'You began in one browser, and the answer of Gosuslugi came in another. We stopped, so that nobody signs in as you.',
    steps: [
      'Begin again and stay in one browser to the end.',
      'If it was not you who began, or if somebody sent you a link to it, just close the page.',
    ],
  },
  'login.finished': {
    heading: 'This sign-in is finished already',
    happened: 'Somebody entered the journal with it before: most likely you, a little earlier. It works only once.',
    steps: ['If the journal is open in another tab, go back to it.', 'If not, sign in again.'],
  },
  'login.logged-out': {
    heading: 'You were signed out at Gosuslugi',
    happened: 'While the browser was on its way here, Gosuslugi ended this sign-in. So we did not open it.',
    steps: ['Sign in again. If it was not you who signed out, change your password at Gosuslugi.'],
  },
  'login.not-their-account': {
    heading: 'This account is not yours to open',
    happened: "In the school's list the chosen account is not connected with you. The page may have been out of date.",
    steps: ['Sign in again and choose an account from the list.', 'If yours is not listed, call the school.'],
  },
  'idp.unknown': {
    heading: 'This way of signing in is not available',
    happened: 'The link asks to sign in through a service that is not connected here.',
    steps: [
      'Open the main page and sign in through Gosuslugi from there.',
      "If the link stands on the school's site, tell them that it has to be corrected.",
    ],
  },
  'idp.not-for-journal': {
    heading: 'This journal is entered another way',
    happened: 'This journal does not take people who signed in through the system that you used.',
    steps: [
      'Sign in again: we will show through which system this journal is entered.',
      'If a link of the journal or of the school brought you here, tell the school that it leads to the wrong place.',
    ],
  },
  'idp.metadata-expired': {
    heading: 'Signing in through Gosuslugi does not work right now',
    happened:
      'What we know Gosuslugi by has run out, and there is nothing fresh yet. So that nobody can come in under ' +
      "somebody else's name, the door is shut. Your account is all right.",
    steps: ['Try again in an hour.', 'If it goes on, tell support the request number. You need not mend anything.'],
  },
  'login.loop': {
    heading: 'The journal sends you round in a circle',
    happened:
      'We let you into the journal several times in a row, and each time it asked you to sign in again. It seems that the journal does not remember you. We stopped, so that the page does not reload for ever.',
    steps: [
      'Allow cookies for the site of the journal and leave private mode, then press the button to try again.',
      'If that does not help, open the journal in another browser.',
      'If it is the same there, the journal itself is broken: tell its support.',
    ],
  },
  'idp.declined': {
    heading: 'Gosuslugi has trouble',
    happened: 'Gosuslugi sent you back and says that it could not finish the sign-in. It does not say why.',
    steps: ['Try again in a few minutes.', 'If it fails several times in a row, try again in half an hour.'],
  },
  'idp.authn-failed': {
    heading: 'Gosuslugi did not recognise you',
    happened: 'Gosuslugi could not make sure that it is you: the password, the code or another means did not fit.',
    steps: [
      'Sign in again, and check the password and the keyboard layout.',
      'If the code of the text message does not fit, check which telephone number Gosuslugi has.',
      'If the password is forgotten, recover it at Gosuslugi and come back.',
    ],
  },
  'idp.request-denied': {
    heading: 'The sign-in at Gosuslugi was cancelled',
    happened:
      'It was cancelled, or passing on the data to the school was not allowed. Without your consent we get nothing.',
    steps: [
      'If you changed your mind, sign in again and go through every step at Gosuslugi.',
      'If you cancelled nothing, try again in half an hour.',
    ],
  },
  'idp.no-authn-context': {
    heading: 'A stronger sign-in is needed',
    happened: 'The school asks Gosuslugi for a stronger proof than your account can give at the moment.',
    steps: [
      'Check in your account at Gosuslugi that it is confirmed and that signing in with a code is on.',
      'Then sign in again.',
    ],
  },
  'idp.no-passive': {
    heading: 'Gosuslugi did not ask for the password',
    happened: 'Gosuslugi should have shown its sign-in page, but sent you back without it.',
    steps: ['Sign in again.', 'If that does not help, sign in at the site of Gosuslugi first and come back.'],
  },
  'idp.unknown-principal': {
    heading: 'Gosuslugi did not find your account',
    happened: 'Gosuslugi says that it does not know who is signing in. The account may have been deleted or replaced.',
    steps: [
      'Check that you can sign in at the site of Gosuslugi itself.',
      'If you have no account yet, register there and sign in again.',
    ],
  },
  'idp.name-id-policy': {
    heading: 'The school and Gosuslugi do not agree',
    happened:
      'The school asks Gosuslugi to name you in a way that it cannot. This is a mistake in the settings, not yours.',
    steps: ['Report it to the contacts below with the request number: only they can mend it.'],
  },
  'idp.request-unsupported': {
    heading: 'Gosuslugi did not understand the school',
    happened:
      'The school asked Gosuslugi in a way that it no longer answers. This is a mistake in the settings, not yours.',
    steps: ['Report it to the contacts below with the request number: only they can mend it.'],
  },
  'idp.requester': {
    heading: 'Gosuslugi did not accept the request',
    happened: 'Gosuslugi finds the request of the school at fault: for example, the school is not connected to it yet.',
    steps: [
      'Report it to the contacts below with the request number: only they can mend it.',
      'You may try again, but the answer will most likely be the same.',
    ],
  },
  'session.none': {
    heading: 'You are not signed in yet',
    happened: 'This page opens only after signing in. When nothing is pressed for a while, you are signed out.',
    steps: ['Sign in again: nothing that you saw in the journal is lost.'],
  },
}
