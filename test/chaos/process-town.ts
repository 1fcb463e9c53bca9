/** The demo's town with its bridge in a process of its own, nothing in front of it. */
import { startTestTown, type TestTown, type TestTownOptions } from '../support/town.js'
import { BridgeProcess } from './bridge-process.js'

export interface ProcessTown {
  readonly bridge: string
  readonly journals: string
  readonly town: TestTown
  readonly node: BridgeProcess
  close(): Promise<void>
}

/** In the log of nobody. */
const PERSONAL = /Соколов|@mail\.example|900-?000-?0\d\d/

/** The bridge of the test's own process gives its place to one beside it. */
export async function startProcessTown(options: TestTownOptions = {}): Promise<ProcessTown> {
  const town = await startTestTown(options)
  const { bridge, journals, listen } = town.town
  await town.server.close()
  const node = new BridgeProcess('the bridge', listen.port, town.prepared.configFile, PERSONAL)
  await node.start()
  return {
    ...{ bridge, journals, town, node },
    async close() {
      await node.close()
      await town.close()
    },
  }
}
