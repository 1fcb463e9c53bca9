/**
 * How every refusal is earned, by name: from outside over real HTTP, or by a row of an attack table whose test asserts the code.
 * The type of the table makes whoever adds a code add an entry here.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemChance } from '../../src/base/chance.js'
import type { RefusalCode } from '../../src/base/refusals.js'
import { newCode } from '../../src/identity/codes.js'
import { PASSWORD_PROTECTED } from '../../src/words/saml-names.js'
import { Browser, Page } from '../support/browser.js'
import { bring, logoutOf, sessionOf, withId } from '../support/idp-logout.js'
import { ownAnswer, post, wordedAnswer } from '../support/own-answer.js'
import { signInAtIdp, walk } from '../support/sign-in.js'
import type { TestTown } from '../support/town.js'
import { strictTown } from './strict-town.js'

const MINUTE = 60_000
const FATHER = 'father@mail.example'

export type Earned =
  /** A row of src/mock-idp/faults, which test/attacks/response.test.ts holds to its code. */
  | { readonly row: string }
  /** A row of the logout table, which test/attacks/logout.test.ts holds to its code, over each binding. */
  | { readonly logout: string }
  /** A test that asserts the code, where it takes a town of its own. */
  | { readonly test: string }
  /** Earns the code by what anybody could do; gives the page that tells it. */
  | ((town: TestTown) => Promise<Page>)

const json = (): Browser => new Browser({ accept: 'application/json' })
const at = (town: TestTown, path: string): URL => new URL(path, town.town.bridge)
const get = (path: string) => (town: TestTown) => json().request('GET', at(town, path))

/** The same browser, as a program that wants JSON. */
function asking(browser: Browser): Browser {
  const same = json()
  for (const [host, jar] of browser.cookies) same.cookies.set(host, jar)
  return same
}

/** Signs in and is refused behind it. */
const person = (login: string) => async (town: TestTown) => {
  const browser = new Browser()
  const answer = await signInAtIdp(browser, await browser.get(at(town, '/login?journal=sgo')), login)
  return asking(browser).submit(answer)
}

async function answered(town: TestTown): Promise<{ browser: Browser; answer: Page }> {
  const browser = new Browser()
  return { browser, answer: await signInAtIdp(browser, await browser.get(at(town, '/login?journal=sgo')), FATHER) }
}

async function raw(town: TestTown, init: RequestInit): Promise<Page> {
  const to = at(town, '/saml/acs')
  const headers = { accept: 'application/json', ...(init.headers as Record<string, string> | undefined) }
  const response = await fetch(to, { method: 'POST', ...init, headers })
  return new Page(to, response.status, response.headers, await response.text())
}

const spoilt = (assertion: (xml: string) => string) => ({ name: 'x', title: 'x', assertion })

const form = { 'content-type': 'application/x-www-form-urlencoded' }

async function typedCode(town: TestTown, code: string, login = FATHER): Promise<Page> {
  const browser = new Browser()
  await walk(browser, at(town, '/me/code'), login)
  const form = await browser.get(at(town, '/me/code'))
  const body = new URLSearchParams({ ...form.form('/me/code').fields, code })
  return asking(browser).request('POST', at(town, '/me/code'), body, form.url)
}

export const earned: Record<RefusalCode, Earned> = {
  'request.malformed': get('/login?journal=sgo&journal=sgo'),
  'request.not-found': get('/nowhere'),
  'request.method': town => json().request('POST', at(town, '/login'), new URLSearchParams()),
  'request.limit': { test: 'test/flows/limits.test.ts' },
  'request.too-large': town => raw(town, { headers: form, body: `SAMLResponse=${'A'.repeat(2_000_000)}` }),
  'request.body': town => raw(town, { headers: { ...form, 'content-encoding': 'gzip' }, body: 'no gzip' }),
  'request.forged': async town => {
    const browser = new Browser()
    await walk(browser, at(town, '/login?journal=sgo'), FATHER)
    const body = new URLSearchParams({ token: 'x' })
    return asking(browser).request('POST', at(town, '/logout'), body, new URL(town.town.bridge))
  },

  'login.unknown': async town =>
    post(town, json(), { acs: at(town, '/saml/acs'), fields: { SAMLResponse: wordedAnswer(town, '_nobody') } }),
  'login.forgotten': async town => {
    const { browser, answer } = await answered(town)
    const jar = browser.cookies.get('localhost')!
    const own = jar.get(`vhod-login-lax-${answer.form().fields['RelayState']!}`)!
    jar.set('vhod-login-lax-forgotten-0123456789abcdefg', own)
    const fields = { SAMLResponse: wordedAnswer(town, '_nobody'), RelayState: 'forgotten-0123456789abcdefg' }
    return post(town, asking(browser), { acs: at(town, '/saml/acs'), fields })
  },
  'login.expired': async town => {
    const { answer } = await answered(town)
    town.clock.forward(16 * MINUTE)
    return json().submit(answer) // its own browser would begin anew without a page
  },
  'login.cookie-missing': async town => json().submit((await answered(town)).answer),
  'login.other-browser': async town => {
    const { answer } = await answered(town)
    const thief = json()
    await thief.request('GET', at(town, '/login?journal=sgo'))
    const jar = thief.cookies.get('localhost')!
    const own = [...jar].find(([name]) => name.startsWith('vhod-login-lax-'))!
    jar.set(`vhod-login-lax-${answer.form().fields['RelayState']!}`, own[1])
    return thief.submit(answer)
  },
  'login.finished': async town => {
    const { browser, answer } = await answered(town)
    await browser.submit(answer)
    return json().submit(answer)
  },
  'login.loop': async town => {
    const browser = new Browser()
    await walk(browser, at(town, '/login?journal=sgo'), FATHER)
    for (let round = 2; round <= 3; round++) await browser.request('GET', at(town, '/login?journal=sgo'))
    return asking(browser).request('GET', at(town, '/login?journal=sgo'))
  },
  'login.not-their-account': async town => {
    const mother = new Browser()
    const chooser = await walk(mother, at(town, '/login?journal=sgo'), 'mother@mail.example')
    const { action, fields } = chooser.form('/continue/')
    const body = new URLSearchParams({ token: fields['token']!, choice: 'somebody-else' })
    return asking(mother).request('POST', new URL(action, chooser.url), body, chooser.url)
  },
  'login.logged-out': async town => {
    const { browser: late, answer } = await answered(town)
    const first = new Browser()
    first.cookies.set('localhost', new Map([['mock_gov_idp', late.cookies.get('localhost')!.get('mock_gov_idp')!]]))
    await first.submit(await first.get(at(town, '/login?journal=sgo')))
    await bring(logoutOf(town, await sessionOf(town, first), 'soap'))
    return asking(late).submit(answer)
  },

  'idp.unknown': get('/login?journal=sgo&idp=urn:nobody'),
  'idp.not-for-journal': { test: 'test/flows/several-idps.test.ts' },
  'idp.declined': { row: 'error-responder' },
  'idp.authn-failed': { row: 'error-authn-failed' },
  'idp.request-denied': { row: 'error-status' },
  'idp.no-authn-context': { row: 'error-no-context' },
  'idp.no-passive': { row: 'error-no-passive' },
  'idp.unknown-principal': { row: 'error-unknown' },
  'idp.name-id-policy': { row: 'error-name-id' },
  'idp.request-unsupported': { row: 'error-unsupported' },
  'idp.requester': { row: 'error-requester' },
  'idp.metadata-expired': async () => {
    const here = await strictTown()
    const file = join(here.folder, 'idp.xml')
    const fresh = readFileSync(file, 'utf8')
    const end = new Date(here.clock.now() + MINUTE).toISOString()
    writeFileSync(file, fresh.replace(' entityID=', ` validUntil="${end}" entityID=`))
    await here.bridge.trust.tick()
    here.clock.forward(5 * MINUTE)
    const page = await json().request('GET', at(here, '/login?journal=sgo'))
    writeFileSync(file, fresh)
    await here.bridge.trust.tick()
    return page
  },

  'saml.too-large': { row: 'too-large' },
  'saml.not-base64': { row: 'not-base64' },
  'saml.not-utf8': { row: 'not-utf8' },
  'saml.declaration': { row: 'declared-utf-16' },
  'saml.doctype': { row: 'doctype' },
  'saml.processing-instruction': { row: 'processing-instruction' },
  'saml.too-complex': { row: 'many-elements' },
  'saml.not-xml': { row: 'cut-short' },
  'saml.duplicate-id': { row: 'xsw-7' },
  'saml.schema': { row: 'wrong-order' },
  'saml.not-response': { row: 'bare-assertion' },
  'saml.wrong-issuer': { row: 'wrong-issuer' },
  'saml.unsigned': { row: 'unsigned' },
  'saml.signature-form': { row: 'two-references' },
  'saml.wrapped': { row: 'assertion-renamed' },
  'saml.algorithm': { row: 'rsa-sha1' },
  'saml.weak-key': { row: 'ecdsa-by-rsa-key' },
  'saml.untrusted-key': { row: 'cloned-certificate' },
  'saml.altered': { row: 'name-id-altered' },
  'saml.decryption': { row: 'other-key' },
  'saml.assertion-count': { row: 'xsw-3' },
  'saml.version': { row: 'version-1-1' },
  'saml.destination': { row: 'other-destination' },
  'saml.recipient': { row: 'other-recipient' },
  'saml.in-response-to': { row: 'foreign-in-response-to' },
  'saml.subject-confirmation': { row: 'holder-of-key' },
  'saml.expired': { row: 'expired' },
  'saml.not-yet-valid': { row: 'not-yet-valid' },
  'saml.too-old': { row: 'issued-long-ago' },
  'saml.too-long': { row: 'valid-for-a-week' },
  'saml.audience': { row: 'wrong-audience' },
  'saml.condition': { row: 'unknown-condition' },
  'saml.no-authentication': { row: 'no-authentication' },
  'saml.session-over': { row: 'session-over' },
  'saml.not-reauthenticated': { row: 'not-reauthenticated' },
  'saml.authn-context': async () => {
    const [browser, here] = [json(), await strictTown()]
    const trick = spoilt(xml => xml.replace(PASSWORD_PROTECTED, 'urn:x:no-password'))
    return post(here, browser, await ownAnswer(here, browser, { trick }))
  },
  'saml.replayed': async () => {
    const here = await strictTown()
    const answer = { acs: at(here, '/saml/acs'), fields: { SAMLResponse: wordedAnswer(here, undefined) } }
    await post(here, new Browser(), answer)
    const other = json()
    return other.follow(await post(here, other, answer))
  },

  'identity.no-snils': person('no-snils@mail.example'),
  'identity.bad-snils': async town => {
    // of somebody who never came before: a link would let the father in
    const trick = spoilt(xml => xml.replace('900-000-002 83', '900-000-002 84').replace('1000900002', '1000900099'))
    const browser = json()
    return browser.follow(await post(town, browser, await ownAnswer(town, browser, { trick })))
  },
  'identity.level': person('unconfirmed@mail.example'),
  'identity.not-linked': person('nobody@mail.example'),
  'identity.ambiguous': person('shared-snils@mail.example'),
  'identity.other-name': person('wrong-number@mail.example'),
  'identity.role': async () => {
    const here = await strictTown()
    const browser = json()
    return browser.follow(await post(here, browser, await ownAnswer(here, browser, {}, 'journal=teachers')))
  },
  'identity.held': { test: 'test/flows/links.test.ts' },
  'identity.unlinked': { test: 'test/flows/links.test.ts' },
  'identity.snils-changed': { test: 'test/flows/links.test.ts' },
  'identity.pupil-account': { test: 'test/identity/match.test.ts' },
  'identity.not-employee': { test: 'test/identity/match.test.ts' },
  'identity.custody-over': { test: 'test/identity/match.test.ts' },

  'consent.parent-missing': { test: 'test/flows/consent-of-pupils.test.ts' },
  'consent.declined': { test: 'test/flows/consent.test.ts' },
  'cabinet.asked-often': { test: 'test/flows/child.test.ts' },

  'confirm.no-address': { test: 'test/flows/confirming.test.ts' },
  'confirm.not-sent': { test: 'test/flows/confirming.test.ts' },
  'confirm.mistyped': { test: 'test/flows/confirming.test.ts' },
  'confirm.wrong': { test: 'test/flows/confirming.test.ts' },
  'confirm.expired': { test: 'test/flows/confirming.test.ts' },
  'confirm.locked': { test: 'test/flows/confirming.test.ts' },
  'confirm.limit': { test: 'test/flows/confirming.test.ts' },

  'code.mistyped': town => typedCode(town, 'D7FW2-NQ9L2-'),
  'code.wrong': town => typedCode(town, newCode(systemChance), 'shared-snils@mail.example'),
  'code.expired': { test: 'test/flows/codes.test.ts' },
  'code.locked': { test: 'test/flows/codes.test.ts' },
  'code.used': { test: 'test/flows/codes.test.ts' },
  'code.limit': { test: 'test/flows/codes.test.ts' },
  'code.minor': { test: 'test/flows/codes.test.ts' },

  'lock.person': { test: 'test/flows/watch.test.ts' },
  'lock.network': { test: 'test/flows/watch.test.ts' },
  'lock.not-liftable': { test: 'test/flows/watch.test.ts' },

  'proof.not-offered': get('/me/old-login?journal=handle'),
  'proof.wrong': { test: 'test/flows/old-login.test.ts' },
  'proof.limit': { test: 'test/flows/old-login.test.ts' },
  'proof.unanswered': { test: 'test/flows/old-login.test.ts' },
  'proof.not-listed': { test: 'test/flows/old-login.test.ts' },
  'proof.over': { test: 'test/flows/old-login.test.ts' },
  'proof.other-name': { test: 'test/flows/old-login.test.ts' },
  'proof.minor': { test: 'test/flows/old-login.test.ts' },
  'create.not-offered': get('/me/create?journal=handle'),
  'create.limit': { test: 'test/flows/creating-attacks.test.ts' },
  'create.unanswered': { test: 'test/flows/creating.test.ts' },
  'create.exists': { test: 'test/flows/creating.test.ts' },
  'create.declined': { test: 'test/flows/creating.test.ts' },
  'create.taken': { test: 'test/flows/creating-attacks.test.ts' },
  'create.was-listed': { test: 'test/flows/creating-attacks.test.ts' },
  'create.minor': { test: 'test/flows/creating-attacks.test.ts' },
  'create.unknown': { test: 'test/flows/creating-attacks.test.ts' },

  'journal.unknown': get('/login?journal=nowhere'),
  'journal.school': get('/login?journal=sgo&school=nowhere'),
  'journal.return-denied': get('/login?journal=sgo&return=https://evil.example/'),
  'journal.state-missing': async () => json().request('GET', at(await strictTown(), '/login?journal=careful')),
  'journal.wrong-signature': get(`/discourse-connect/forum?sso=bm9uY2U9&sig=${'0'.repeat(64)}`),
  'journal.same-login': { test: 'test/flows/same-login.test.ts' },
  'journal.value-unfit': { test: 'test/journals/hmac-query.test.ts' },

  'redeem.client': { test: 'test/attacks/redeem.test.ts' },
  'redeem.handle': { test: 'test/attacks/redeem.test.ts' },
  'redeem.limit': { test: 'test/flows/redeem.test.ts' },

  'queue.not-admin': { test: 'test/flows/queue.test.ts' },
  'queue.not-yours': { test: 'test/flows/queue.test.ts' },
  'queue.own-request': { test: 'test/flows/queue.test.ts' },
  'queue.sign-in-again': { test: 'test/flows/queue.test.ts' },
  'queue.not-possible': { test: 'test/flows/queue.test.ts' },

  'cabinet.unknown': { test: 'test/flows/cabinet-attacks.test.ts' },
  'cabinet.too-late': { test: 'test/flows/cabinet-attacks.test.ts' },
  'session.none': async town => {
    const chooser = await walk(new Browser(), at(town, '/login?journal=sgo'), 'mother@mail.example')
    return json().request('GET', chooser.url)
  },
  'logout.replayed': async town => {
    const browser = new Browser()
    await walk(browser, at(town, '/login?journal=sgo'), FATHER)
    const session = await sessionOf(town, browser)
    const first = logoutOf(town, session, 'soap')
    await bring(first)
    return bring(logoutOf(town, session, 'soap', { fault: withId(first.id), sessionIndexes: [] }))
  },
  'logout.other-name': { logout: 'other-format' },
  'logout.unknown': get('/saml/slo?SAMLResponse=AAAA&RelayState=nobody'),
  'soap.envelope': { logout: 'no-envelope' },
  'soap.version': { logout: 'soap-12' },
  'soap.must-understand': { logout: 'must-understand' },
}
