import { randomId, systemChance } from '../base/chance.js'
import { postmanOf } from '../compose-messages.js'
import { masked, readEmail, readPhone, type Contact } from '../confirm/contacts.js'
import { loadConfiguration } from '../settings/configuration.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { complain, say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'

interface Flags {
  readonly config: string
  readonly json?: true
}

export const testMessage: CommandMaker = (desk, finish) =>
  newCommand(desk, 'test-message', {
    about:
      'Sends one message to yourself, as the bridge sends codes and notices: by e-mail to an address, by SMS to a telephone number. ' +
      'Whether it arrives you see there.',
    examples: ['it@school.example', '+79001234567', 'it@school.example --config /etc/bridge/bridge.yaml'],
    exitCodes: '0 the mail server or the gateway took it, 1 it did not, 2 unusable input',
  })
    .argument('<address>', 'your own e-mail address or telephone number')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (address: string, flags: Flags) => {
      finish(await send(desk, address, flags))
    })

async function send(desk: Desk, address: string, { config, json }: Flags): Promise<ExitCode> {
  const contact = contactIn(address)
  const configuration = loadConfiguration(config, desk.env)
  const postman = postmanOf(configuration)
  if (!postman.ways.includes(contact.way))
    throw new UnusableInput(
      `The settings have no section ${contact.way === 'email' ? 'mail' : 'sms'}, so nothing can be sent that way.`,
    )
  const host = new URL(configuration.settings.publicUrl).host
  const why = await postman.send({
    ...contact,
    id: randomId(systemChance),
    subject: 'Проверка: сообщения уходят',
    text: `Проверка. Сайт ${host} умеет отправлять сообщения. Отвечать не нужно.`,
  })
  if (json) sayJson(desk, { taken: why === undefined, way: contact.way, ...(why !== undefined && { why }) })
  else if (why === undefined) say(desk, `Taken for ${masked(contact)}. Look whether it has arrived, also among spam.`)
  else complain(desk, `Not sent: ${why}. See docs/ru/soobshcheniya.md.`)
  return why === undefined ? 0 : 1
}

function contactIn(address: string): Contact {
  const email = readEmail(address)
  if (email !== undefined) return { way: 'email', to: email }
  const phone = readPhone(address)
  if (phone !== undefined) return { way: 'sms', to: phone }
  throw new UnusableInput('This is neither an e-mail address nor a telephone number like +79001234567.')
}
