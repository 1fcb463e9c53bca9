/** What the commands of the school's queue share. */
import { systemChance } from '../base/chance.js'
import { parseRequestNumber, type RequestNumber } from '../base/request-number.js'
import { openJournals, openStoreOf } from '../compose.js'
import type { EndedSession } from '../login/end-sessions.js'
import type { Actor, QueuePorts } from '../queue/question.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { UnusableInput, type Desk } from './desk.js'
import { operatorOf } from './operator.js'
import { oneLine } from './printable.js'

export interface QueueDesk {
  readonly ports: QueuePorts
  readonly configuration: Configuration
  readonly actor: Actor
}

/** Opens the memory for the work and closes it afterwards. */
export async function atQueue<T>(desk: Desk, config: string, work: (at: QueueDesk) => Promise<T>): Promise<T> {
  const configuration = loadConfiguration(config, desk.env)
  const store = await openStoreOf(configuration)
  const nature = { clock: desk.clock, chance: systemChance }
  const ports = { ...store, ...nature, journals: openJournals(configuration, nature) }
  return work({ ports, configuration, actor: operator(desk) }).finally(() => store.close())
}

function operator(desk: Desk): Actor {
  const by = operatorOf(desk)
  return { by, event: {}, facts: { by } }
}

/** Each once. @throws UnusableInput naming the first that is none */
export function readNumbers(texts: readonly string[]): readonly RequestNumber[] {
  const numbers = texts.map(text => {
    const number = parseRequestNumber(text)
    if (number !== undefined) return number
    throw new UnusableInput(`${oneLine(text)} — не номер обращения. Номер выглядит так: D7FW-2NQ9.`)
  })
  return [...new Set(numbers)]
}

/** Of whoever lost the account: what the bridge has ended, and what only the school can end. */
export function signedOut(ended: readonly EndedSession[]): readonly string[] {
  if (ended.length === 0) return []
  const journals = ended.flatMap(each => each.journals).filter(({ over }) => !over)
  const names = (told: boolean) =>
    [...new Set(journals.filter(({ willBeTold }) => willBeTold === told).map(({ id }) => id))].join(', ')
  return [
    `  закончено входов: ${ended.length}`,
    ...(names(true) === '' ? [] : [`  работающий мост сообщит об этом журналам в течение минуты: ${names(true)}`]),
    ...(names(false) === '' ? [] : [`  закончите вход в самом журнале, сообщений он не принимает: ${names(false)}`]),
  ]
}
