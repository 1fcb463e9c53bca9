/** `GET /session`: who is signed in, for scripts of the person's own pages and for tests. */
import { isoTime } from '../../base/clock.js'
import type { Session } from '../../sessions/sessions.js'
import { maskSnils } from '../../words/snils.js'
import type { Handler } from '../route.js'
import { openSession } from '../session.js'

export const getSession: Handler = (_web, request, response) => {
  const session = openSession(request)
  if (session) response.json(describe(session))
  else response.status(401).json({ signedIn: false })
}

function describe(session: Session) {
  const { person, received } = session
  const last = session.entered.at(-1)
  return {
    signedIn: true,
    idp: person.idp,
    person: {
      userId: person.userId,
      lastName: person.lastName,
      firstName: person.firstName,
      middleName: person.middleName,
      snilsMasked: person.snils && maskSnils(person.snils),
      email: person.email,
    },
    account: last ? { journal: last.journal, school: last.school, login: last.login, role: last.role } : null,
    idleEndsAt: isoTime(session.idleEndsAt),
    endsAt: isoTime(session.endsAt),
    ...(received && {
      assertion: {
        nameId: received.nameId?.value ?? null,
        attributes: Object.fromEntries(received.attributes.map(({ name, values }) => [name, values])),
      },
    }),
  }
}
