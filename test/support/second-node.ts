/** Another process of the same bridge: same settings, keys and database, a memory of its own. */
import { pino } from 'pino'
import { systemChance } from '../../src/base/chance.js'
import { compose } from '../../src/compose.js'
import { serve } from '../../src/serve.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import type { TestTown } from './town.js'

export interface Node {
  /** The same address, as a balancer would lead to it on this node. Cookies ignore ports. */
  at(url: string | URL): URL
  /** @param drain milliseconds in which it is not ready and still serves */
  close(drain?: number): Promise<void>
}

export async function startSecondNode({ prepared, clock }: TestTown): Promise<Node> {
  const configuration = loadConfiguration(prepared.configFile, {})
  const bridge = await compose(configuration, pino({ level: 'silent' }), { clock, chance: systemChance })
  const server = await serve(bridge, { host: 'localhost', port: 0 }, undefined, [])
  return {
    at(url) {
      const here = new URL(url)
      here.port = String(server.port)
      return here
    },
    close: drain => server.close(drain),
  }
}
