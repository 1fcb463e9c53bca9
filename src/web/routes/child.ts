/** `/me/child`: the ways to a child whom no list shows, and the question to the school. */
import type { Request, Response } from 'express'
import { dayOf } from '../../identity/age.js'
import { readAskedChild, type Field } from '../../identity/asked-child.js'
import { askForChild, placesToAsk, type ParentsPlace } from '../../login/ask-for-child.js'
import type { Session } from '../../sessions/sessions.js'
import type { JournalTarget } from '../../words/target.js'
import { checkForm, checkOrigin, formToken } from '../csrf.js'
import { contentPolicy, seeOther } from '../headers.js'
import { onwardOf } from '../onward.js'
import { AGREE_FIELD, AGREED, askedPage, childPage, PLACE_FIELD, type ChildPage } from '../pages/child.js'
import { formValue } from '../params.js'
import type { Handler } from '../route.js'
import { schoolChoice } from '../school-choice.js'
import { openSession } from '../session.js'
import type { Web } from '../setup.js'
import { showRefusal } from '../show.js'
import { cabinetLogin, idpOrigins, journalFields, signedInAs } from '../signed-in.js'
import { prefersEnglish, visitor } from '../visitor.js'

interface At {
  readonly web: Web
  readonly request: Request
  readonly response: Response
  readonly session: Session
  readonly onward: JournalTarget | undefined
}

export const getChild: Handler = (web, request, response) => {
  const onward = onwardOf(web, request)
  const session = openSession(request)
  if (session) showForm({ web, request, response, session, onward })
  else seeOther(response, cabinetLogin({ about: 'child' }, false, onward))
}

export const postChild: Handler = async (web, request, response) => {
  checkOrigin(web, request)
  const onward = onwardOf(web, request)
  const session = openSession(request)
  if (!session) return seeOther(response, cabinetLogin({ about: 'child' }, false, onward))
  checkForm(web, request, session.key)
  await ask({ web, request, response, session, onward })
}

const fields = ['lastName', 'firstName', 'className', 'birthDate'] as const satisfies readonly Field[]

async function ask(at: At): Promise<void> {
  const { web, request, response, session } = at
  const typed = Object.fromEntries(fields.map(name => [name, formValue(request, name, 200) ?? ''])) as Typed
  const place = formValue(request, PLACE_FIELD, 100)
  const meant = placesToAsk(web.ports, session).find(each => valueOf(each) === place)
  const child = readAskedChild(typed, dayOf(web.ports.clock.now()))
  const agreed = formValue(request, AGREE_FIELD, 10) === AGREED
  if (!meant || typeof child === 'string' || !agreed) {
    response.status(400)
    const wrong = !meant ? PLACE_FIELD : typeof child === 'string' ? child : AGREE_FIELD
    return showForm(at, { typed: { ...typed, place }, wrong })
  }
  const step = await askForChild(web.ports, visitor(web, request), session, meant, child)
  if (step.at === 'refused') return showRefusal(web, request, response, step)
  contentPolicy(response, idpOrigins(web))
  const { number, journal, school } = step
  response.send(askedPage({ ...framed(at), number, journal: journal.title, school: school.title }))
}

type Typed = Record<Field, string>

const valueOf = ({ journal, school }: ParentsPlace): string => `${school.code} ${journal.id}`

function showForm(at: At, again: Pick<ChildPage, 'typed' | 'wrong'> = {}): void {
  const { web, response, session, onward } = at
  const all = placesToAsk(web.ports, session)
  const { schools, search } = schoolChoice(at.request, [...new Set(all.map(({ school }) => school))], onward?.school)
  const places = all.filter(({ school }) => schools.includes(school))
  const wanted = places.find(({ journal, school }) => journal.id === onward?.journal && school.code === onward.school)
  contentPolicy(response, idpOrigins(web))
  response.send(
    childPage({
      ...framed(at),
      search,
      places: places.map(place => ({
        value: valueOf(place),
        school: place.school.title,
        journal: place.journal.title,
      })),
      oldLogins: oldLogins(web, onward),
      ...(wanted && { typed: { place: valueOf(wanted) } }),
      ...again,
    }),
  )
}

/** Of the journal that the person wanted, else of each. */
const oldLogins = ({ ports }: Web, onward: JournalTarget | undefined): ChildPage['oldLogins'] =>
  [...ports.journals.values()]
    .filter(({ journal, oldLogin }) => oldLogin && (onward === undefined || onward.journal === journal.id))
    .map(({ journal }) => ({
      title: journal.title,
      onward: journalFields(onward ?? { kind: 'journal', journal: journal.id }),
    }))

const framed = ({ web, request, session, onward }: At) => ({
  signedIn: signedInAs(web, session, onward ?? { kind: 'cabinet' }),
  token: formToken(web, session.key),
  onward: onward ? journalFields(onward) : {},
  support: web.support,
  english: prefersEnglish(request),
})
