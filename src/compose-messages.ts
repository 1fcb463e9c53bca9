/** From settings to whoever carries messages to people. */
import { systemCourier } from './courier/courier.js'
import type { ConfirmTerms } from './confirm/terms.js'
import { mailer, type Mailer } from './courier/mail.js'
import { createPostman } from './courier/postman.js'
import type { Postman } from './login/message-ports.js'
import type { Ports } from './login/ports.js'
import type { Configuration } from './settings/configuration.js'

export const postmanOf = ({ gateways }: Pick<Configuration, 'gateways'>): Postman =>
  createPostman(gateways, systemCourier)

/** To ask the mail server whether it would take a message. */
export const mailerOf = ({ gateways }: Pick<Configuration, 'gateways'>): Mailer | undefined =>
  gateways.smtp && mailer(gateways.smtp)

/** What the corridor needs of all this. */
export function messagePorts(configuration: Configuration): Pick<Ports, 'postman' | 'confirmTerms' | 'noticesOffered'> {
  const confirmTerms = confirmTermsOf(configuration)
  const { notices: noticesOffered } = configuration.settings
  return { postman: postmanOf(configuration), noticesOffered, ...(confirmTerms && { confirmTerms }) }
}

/** Without a way to people nobody is asked; the settings have been held to that. */
function confirmTermsOf({
  settings,
  gateways,
}: Pick<Configuration, 'settings' | 'gateways'>): ConfirmTerms | undefined {
  if (!gateways.smtp && !gateways.sms) return undefined
  const { ask, roles, codeLives, rememberDevice } = settings.confirmation
  return {
    ...{ ask, codeLives },
    schools: new Map(settings.schools.flatMap(({ code, confirm }) => (confirm ? [[code, confirm] as const] : []))),
    ...(roles && { roles }),
    ...(rememberDevice !== 'never' && { rememberFor: rememberDevice }),
  }
}
