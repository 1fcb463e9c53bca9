/** Mail server and SMS gateway: whether codes and notices would leave. Sends nothing. */
import { mailerOf } from '../../compose-messages.js'
import { ask, NoAnswer } from '../network.js'
import { green, quoted, red, yellow, type Patient, type Remark } from './patient.js'

export async function messages(patient: Patient): Promise<readonly Remark[]> {
  return (await Promise.all([mail(patient), sms(patient)])).flat()
}

/** A real conversation: greeting, encryption, sign-in (EHLO, STARTTLS, AUTH). */
async function mail({ configuration }: Patient): Promise<readonly Remark[]> {
  const { smtp } = configuration.gateways
  if (!smtp) return []
  const [where, why] = [`${smtp.host}:${smtp.port}`, await mailerOf(configuration)?.verify()]
  if (why === undefined)
    return [
      green('mail', {
        en: `the mail server ${where} greets us${smtp.signIn ? ' and takes the password' : ''}`,
        ru: `почтовый сервер ${where} здоровается${smtp.signIn ? ' и принимает пароль' : ''}`,
      }),
    ]
  const what = {
    en: `the mail server ${where}: ${why}`,
    ru: `с почтовым сервером ${where} не вышло; причина ${quoted(why)}`,
  }
  return [red('mail', what, COMPARE_MAIL)]
}

const COMPARE_MAIL = {
  en: 'compare host, port, security and signIn of the section mail with what your mail service says; then send yourself one: npx --no-install bridge test-message',
  ru: 'сравните host, port, security и signIn раздела mail с тем, что пишет ваша почтовая служба; потом пошлите письмо себе: npx --no-install bridge test-message',
}

/** The address is asked for nothing: a POST could be a message that costs money. */
async function sms({ configuration, network }: Patient): Promise<readonly Remark[]> {
  const { sms: gateway } = configuration.gateways
  if (!gateway) return []
  const { origin, host } = new URL(gateway.url)
  try {
    const { tls } = await ask(network, new URL(origin), { method: 'HEAD' })
    if (tls?.fault !== undefined)
      return [
        red(
          'sms',
          {
            en: `${host} shows a certificate that the bridge does not trust (${tls.fault})`,
            ru: `${host} показывает сертификат, которому мост не доверяет (${tls.fault})`,
          },
          { en: 'correct sms.url, or tell your gateway', ru: 'исправьте sms.url или сообщите вашему шлюзу SMS' },
        ),
      ]
    const answers = {
      en: `the SMS gateway ${host} answers; whether it takes messages shows npx --no-install bridge test-message`,
      ru: `шлюз SMS ${host} отвечает; принимает ли он сообщения, покажет npx --no-install bridge test-message`,
    }
    return [green('sms', answers)]
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    const what = { en: `the SMS gateway ${host} ${error.message}`, ru: `шлюз SMS ${host} ${error.inRussian}` }
    return [yellow('sms', what, CORRECT_SMS)]
  }
}

const CORRECT_SMS = {
  en: 'correct sms.url, or let this machine out through the firewall',
  ru: 'исправьте sms.url или выпустите эту машину через межсетевой экран',
}
