/** `/me/create`: the journal makes an account for a person whom no list names, and who agreed to exactly what it hears. */
import type { Request, Response } from 'express'
import {
  createAccount,
  creationPlace,
  offersFor,
  releasedFor,
  type CreationPlace,
  type CreationStep,
  type Offer,
} from '../../login/creating.js'
import { Refusal } from '../../base/refusal.js'
import type { Session } from '../../sessions/sessions.js'
import type { School } from '../../words/school.js'
import { confirmForm } from '../confirm-form.js'
import { checkForm, checkOrigin, formToken } from '../csrf.js'
import { contentPolicy, seeOther } from '../headers.js'
import { journalAddress, onwardOf } from '../onward.js'
import { boundPage } from '../pages/code.js'
import {
  AGREE_FIELD,
  AGREED,
  AS_FIELD,
  chooseNewPage,
  CREATE,
  createPage,
  OF_FIELD,
  SHOWN_FIELD,
  type CreatePage,
} from '../pages/create.js'
import { formValue, queryValue } from '../params.js'
import type { Handler } from '../route.js'
import { schoolChoice, type SchoolChoice } from '../school-choice.js'
import { openSession } from '../session.js'
import type { Web } from '../setup.js'
import { showRefusal } from '../show.js'
import { sendConfirm } from '../show-confirm.js'
import { cabinetLogin, idpOrigins, journalFields, signedInAs } from '../signed-in.js'
import { prefersEnglish, visitor } from '../visitor.js'

interface At {
  readonly web: Web
  readonly request: Request
  readonly response: Response
  readonly session: Session
  readonly place: CreationPlace
}

export const getCreate: Handler = async (web, request, response) => {
  const place = placeOf(web, request)
  const session = openSession(request)
  if (!session) return seeOther(response, cabinetLogin({ about: 'create' }, false, place.target))
  const at = { web, request, response, session, place }
  const offers = await offersOr(at, choiceOf(at, queryValue).schools)
  if (!offers) return
  const offer = wantedOf(at, offers, queryValue) ?? (offers.length === 1 ? offers[0] : undefined)
  if (offer) showForm(at, offer)
  else showChoice(at, offers)
}

export const postCreate: Handler = async (web, request, response) => {
  checkOrigin(web, request)
  const place = placeOf(web, request)
  const session = openSession(request)
  if (!session) return seeOther(response, cabinetLogin({ about: 'create' }, false, place.target))
  checkForm(web, request, session.key)
  const at = { web, request, response, session, place }
  const offers = await offersOr(at, choiceOf(at, formValue).schools)
  if (!offers) return
  const offer = wantedOf(at, offers, formValue)
  if (!offer) return showChoice(at, offers)
  const why = unanswered(at, offer)
  if (why) {
    response.status(400)
    return showForm(at, offer, why)
  }
  const form = confirmForm(web, request, response)
  const step = await createAccount(web.ports, visitor(web, request), session, place, offer, form?.given)
  if (step.at === 'created') form?.device?.keep()
  showStep(at, offer, step)
}

/** @throws Refusal `create.not-offered`, `journal.*` */
function placeOf(web: Web, request: Request): CreationPlace {
  const target = onwardOf(web, request)
  if (!target) throw new Refusal('request.malformed', { parameter: 'journal', why: 'missing' })
  return creationPlace(web.ports, target)
}

/** The school that was chosen; before that, those that stand on the page. */
function choiceOf({ request, place }: At, read: typeof queryValue): SchoolChoice<School> {
  const code = read(request, OF_FIELD, 64)
  const chosen = place.schools.filter(school => school.code === code)
  return chosen.length > 0 ? { schools: chosen } : schoolChoice(request, place.schools)
}

/** @returns none while the person looks for the school; undefined when the answer is given already */
async function offersOr(at: At, schools: readonly School[]): Promise<readonly Offer[] | undefined> {
  const { web, request, response, session, place } = at
  if (schools.length === 0 && place.schools.length > 0) return []
  const offered = await offersFor(web.ports, visitor(web, request), session, place, schools)
  if (offered.at === 'offered') return offered.offers
  if (offered.at === 'refused') showRefusal(web, request, response, offered)
  else leadIn(at)
  return undefined
}

function wantedOf(at: At, offers: readonly Offer[], read: typeof queryValue): Offer | undefined {
  const [school, role] = [read(at.request, OF_FIELD, 64), read(at.request, AS_FIELD, 20)]
  return offers.find(offer => offer.school.code === school && offer.role === role)
}

/** The names of what would be sent: whoever was shown less is asked again. */
const shownNames = ({ web, session, place }: At, offer: Offer): string =>
  Object.keys(releasedFor(web.ports, session, place, offer).given).join(' ')

function unanswered(at: At, offer: Offer): CreatePage['why'] {
  if (formValue(at.request, SHOWN_FIELD, 500) !== shownNames(at, offer)) return 'changed'
  return formValue(at.request, AGREE_FIELD, 10) === AGREED ? undefined : 'unticked'
}

function showStep(at: At, offer: Offer, step: CreationStep): void {
  const { web, request, response, session, place } = at
  switch (step.at) {
    case 'refused':
      return showRefusal(web, request, response, step)
    case 'has-account':
      return leadIn(at)
    case 'confirm': {
      const fields = { ...journalFields(place.target), ...offerFields(at, offer), [AGREE_FIELD]: AGREED }
      const back = { href: '/me', text: 'Ничего не создавать' }
      return sendConfirm(web, request, response, session, step.asked, { action: CREATE, fields, back })
    }
    case 'created':
      contentPolicy(response, idpOrigins(web))
      response.send(
        boundPage({
          ...framed(at),
          by: 'created',
          loginUrl: journalAddress(place.journal, goingTo(at, step.school.code)),
        }),
      )
  }
}

const offerFields = (at: At, offer: Offer) => ({
  [OF_FIELD]: offer.school.code,
  [AS_FIELD]: offer.role,
  [SHOWN_FIELD]: shownNames(at, offer),
})

/** A parent may have accounts in other schools: on to the new one. */
const goingTo = ({ place }: At, school: string) => ({ ...place.target, school })

/** There is an account already: the login leads in, or says what is in the way. */
function leadIn({ response, place }: At): void {
  seeOther(response, journalAddress(place.journal, place.target) ?? '/me')
}

function showForm(at: At, offer: Offer, why?: CreatePage['why']): void {
  const { web, response, session, place } = at
  const { given } = releasedFor(web.ports, session, place, offer)
  contentPolicy(response, idpOrigins(web))
  response.send(createPage({ ...framed(at), ...offer, released: given, shown: shownNames(at, offer), why }))
}

function showChoice(at: At, offers: readonly Offer[]): void {
  contentPolicy(at.response, idpOrigins(at.web))
  const { search } = schoolChoice(at.request, at.place.schools)
  at.response.send(chooseNewPage({ ...framed(at), offers, search }))
}

const framed = ({ web, request, session, place }: At) => ({
  signedIn: signedInAs(web, session, place.target),
  token: formToken(web, session.key),
  journal: place.journal.title,
  onward: journalFields(place.target),
  support: web.support,
  english: prefersEnglish(request),
})
