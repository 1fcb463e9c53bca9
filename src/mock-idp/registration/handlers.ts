/** HTTP of registration and of a lost password. */
import { Router } from 'express'
import { remember, type Account } from '../accounts/account.js'
import { starredEmail, starredPhone } from '../accounts/inbox.js'
import { takePassword } from '../cabinet/security.js'
import type { Handler, Request, Response } from '../http.js'
import { endSessionsOf, type Idp } from '../idp.js'
import { problemPage } from '../layout.js'
import { doorOf } from '../sign-in.js'
import { deviceName, deviceOf, field } from '../visits.js'
import { WrongInput } from '../wrong-input.js'
import { Errands, type Errand, type Recipient } from './errands.js'
import { suggestedSnils } from './invented.js'
import { donePage, errandPage, recoveryPage, registrationPage, type CodeForm } from './pages.js'
import { draftOf, register, type Draft, type Form } from './register.js'

const formIn = (request: Request): Form => {
  const [lastName, firstName, middleName, gender, birthDate, phone, snils, password] =
    ['lastName', 'firstName', 'middleName', 'gender', 'birthDate', 'phone', 'snils', 'password'].map(name => field(request, name)) as [string, string, string, string, string, string, string, string] // prettier-ignore
  const trimmed = { lastName: lastName.trim(), firstName: firstName.trim(), middleName: middleName.trim() }
  return { ...trimmed, gender, birthDate, phone: phone.trim(), snils: snils.trim(), password }
}

/** A code that is right does the deed; a wrong one shows its page again. */
function codeRoutes<T>(
  errands: Errands<T>,
  form: CodeForm,
  deed: (errand: Errand<T>, request: Request) => string | Promise<string>,
): Router {
  const router = Router()
  const withErrand =
    (then: (errand: Errand<T>, request: Request) => string | Promise<string>): Handler =>
    async (request, response) => {
      const errand = errands.find(String(request.params.id))
      if (!errand) {
        response.status(404).send(problemPage('Время вышло', 'Начните сначала: код ждали слишком долго.'))
        return
      }
      await answered(response, () => then(errand, request), wrong => errandPage(errand, form, wrong))
    }
  router.get('/:id', withErrand(errand => errandPage(errand, form)))
  router.post('/:id', withErrand(deed))
  router.post(
    '/:id/again',
    withErrand(errand => {
      errands.send(errand)
      return errandPage(errand, form)
    }),
  )
  return router
} // prettier-ignore

async function answered(
  response: Response,
  page: () => string | Promise<string>,
  wrongPage: (wrong: string) => string,
): Promise<void> {
  try {
    response.send(await page())
  } catch (error) {
    if (!(error instanceof WrongInput)) throw error
    response.status(403).send(wrongPage(error.message))
  }
}

export function registration(idp: Idp): Router {
  const errands = new Errands<Draft>(idp)
  const codeForm: CodeForm = { title: 'Подтвердить телефон', action: '/idp/registration', button: 'Подтвердить' }
  const router = Router()
  const suggested = (): string => suggestedSnils(idp.accounts.persons)
  router.get('/', (_request, response) => void response.send(registrationPage(suggested())))
  router.post('/', async (request: Request, response: Response) => {
    const form = formIn(request)
    try {
      const draft = await draftOf(idp, form)
      const to: Recipient = { by: 'СМС', to: starredPhone(draft.person.phone ?? '') }
      response.redirect(303, `/idp/registration/${errands.begin(draft, deviceOf(idp, request, response), to).id}`)
    } catch (error) {
      if (!(error instanceof WrongInput)) throw error
      response.status(403).send(registrationPage(suggested(), form, error.message))
    }
  })
  router.use(
    codeRoutes(errands, codeForm, (errand, request) => {
      errands.check(errand, field(request, 'code'))
      errands.end(errand)
      const { person } = register(idp, errand.about, deviceName(request))
      const level = person.level === 20 ? 'стандартная' : 'упрощённая'
      return donePage('Учётная запись создана', `Она ${level}. Войдите с телефоном ${person.phone} и своим паролем.`)
    }),
  )
  return router
}

function recipientOf(account: Account | undefined): Recipient | undefined {
  const { phone, email } = account?.person ?? {}
  if (phone !== undefined) return { by: 'СМС', to: starredPhone(phone) }
  return email === undefined ? undefined : { by: 'Письмо', to: starredEmail(email) }
}

export function recovery(idp: Idp): Router {
  const errands = new Errands<Account | undefined>(idp)
  const codeForm: CodeForm = { title: 'Новый пароль', action: '/idp/recovery', button: 'Сменить пароль', newPassword: true }
  const router = Router()
  router.get('/', (_request, response) => void response.send(recoveryPage()))
  router.post('/', (request: Request, response: Response) => {
    const account = idp.accounts.find(field(request, 'login'))
    const errand = errands.begin(account, deviceOf(idp, request, response), recipientOf(account))
    response.redirect(303, `/idp/recovery/${errand.id}`)
  })
  router.use(
    codeRoutes(errands, codeForm, async (errand, request) => {
      const account = errand.about
      errands.check(errand, field(request, 'code'))
      if (!account) throw new Error('a code was right that was never sent')
      await takePassword(idp, account, field(request, 'password'))
      errands.end(errand)
      idp.locks.open(doorOf(account, ''))
      endSessionsOf(idp, account)
      remember(account, idp.clock.now(), 'Пароль восстановлен, все входы закончены', deviceName(request))
      return donePage('Пароль изменён', 'Вход снова открыт. Войдите с новым паролем.')
    }),
  )
  return router
} // prettier-ignore
