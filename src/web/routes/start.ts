/** The start page, and the bookmark of one school. */
import type { Request } from 'express'
import { Refusal } from '../../base/refusal.js'
import { findSchool } from '../../login/target.js'
import { servesSchool, type Journal } from '../../words/journal.js'
import type { School } from '../../words/school.js'
import { bannersOf } from '../banner.js'
import { formToken } from '../csrf.js'
import { contentPolicy } from '../headers.js'
import { landingPage, schoolPage } from '../pages/landing.js'
import { signedInPage } from '../pages/session-pages.js'
import { queryValue } from '../params.js'
import type { SchoolDoors } from '../pages/school-list.js'
import type { Handler } from '../route.js'
import { openSession } from '../session.js'
import type { Web } from '../setup.js'
import { idpOrigins, signedInAs } from '../signed-in.js'

export const getStart: Handler = (web, request, response) => {
  const session = openSession(request)
  if (!session) {
    const query = queryValue(request, 'q', 100)
    const schools = allSchools(web)
    response.send(
      landingPage({
        ...{ schools, query, addresses: addresses(web), selfTest: selfTest(web), support: web.support },
        banners: bannersOf(web),
      }),
    )
    return
  }
  contentPolicy(response, idpOrigins(web))
  const journals = [...web.ports.journals.values()]
    .filter(({ journal }) => !journal.requireState)
    .map(({ journal }) => ({ title: journal.title, loginUrl: loginUrl(journal) }))
  const signedIn = signedInAs(web, session)
  response.send(
    signedInPage({
      signedIn,
      token: formToken(web, session.key),
      journals,
      ends: { idleMinutes: Math.round(web.ports.limits.idle / 60_000), at: session.endsAt },
      selfTest: selfTest(web),
      support: web.support,
      banners: bannersOf(web),
    }),
  )
}

export const getSchool: Handler = (web, request, response) => {
  const school = findSchool(web.ports, schoolOf(request))
  if (!school) throw new Refusal('journal.school')
  const session = openSession(request)
  if (session) contentPolicy(response, idpOrigins(web))
  response.send(
    schoolPage({
      ...(session && { signedIn: signedInAs(web, session) }),
      school: { ...withDoors(web, school), support: school.support },
      addresses: addresses(web),
      selfTest: selfTest(web),
      support: web.support,
      banners: bannersOf(web),
    }),
  )
}

const schoolOf = (request: Request): string => {
  const { school } = request.params
  return typeof school === 'string' ? school.slice(0, 64) : ''
}

const known = new WeakMap<Web['ports']['schools'], readonly SchoolDoors[]>()

/** The settings do not change while the bridge runs; a region has ten thousand schools. */
function allSchools(web: Web): readonly SchoolDoors[] {
  const { schools } = web.ports
  const all = known.get(schools) ?? [...schools.values()].map(school => withDoors(web, school))
  known.set(schools, all)
  return all
}

/** A journal that demands `state` cannot be entered from here: the login must begin at the journal. */
const withDoors = (web: Web, school: School) => ({
  code: school.code,
  title: school.title,
  journals: [...web.ports.journals.values()]
    .filter(({ journal }) => servesSchool(journal, school.code) && !journal.requireState)
    .map(({ journal }) => ({ id: journal.id, title: journal.title, loginUrl: loginUrl(journal, school) })),
})

const loginUrl = (journal: Journal, school?: School): string =>
  `/login?${new URLSearchParams({ journal: journal.id, ...(school && { school: school.code }) }).toString()}`

const addresses = (web: Web) => ({
  ours: new URL(web.ports.publicUrl).host,
  next: [
    ...new Set(web.ports.trust.idps.flatMap(idp => idp.singleSignOn.map(({ location }) => new URL(location).host))),
  ],
})

const selfTest = (web: Web): string | undefined => (web.ports.selfTest ? '/self-test' : undefined)
