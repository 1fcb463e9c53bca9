import type { Courier } from '../login/logout-ports.js'
import type { Postman } from '../login/message-ports.js'
import type { Gateways } from '../words/gateways.js'
import type { Way } from '../words/way.js'
import { mailer } from './mail.js'
import { sendSms } from './sms.js'

/** Messages that leave at the same time; further ones are told to come back, so that a dead server gathers no crowd. */
const AT_ONCE = 20

export function createPostman({ smtp, sms }: Gateways, courier: Courier): Postman {
  const mail = smtp && mailer(smtp)
  const known: Readonly<Record<Way, boolean>> = { email: smtp !== undefined, sms: sms !== undefined }
  let underWay = 0
  return {
    ways: (['email', 'sms'] as const).filter(way => known[way]),
    async send(message) {
      if (underWay >= AT_ONCE) return 'too many messages are leaving at this moment'
      underWay += 1
      try {
        if (message.way === 'email') return mail ? await mail.send(message) : 'no mail server is set up'
        return sms ? await sendSms(courier, sms, message) : 'no SMS gateway is set up'
      } finally {
        underWay -= 1
      }
    },
  }
}
