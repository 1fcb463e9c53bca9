/** `npm start -- --config bridge.yaml`: the bridge alone, for real. */
import { parseArgs } from 'node:util'
import { pino, type Logger } from 'pino'
import { isSentence } from './base/sentences.js'
import { compose } from './compose.js'
import { whenServersAnswer } from './patience.js'
import { warmUp } from './saml/gate.js'
import { listenProblem, serve, type Listening } from './serve.js'
import { loadConfiguration, type Configuration } from './settings/configuration.js'
import { formatProblems, SettingsError } from './settings/problems.js'

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** Milliseconds for the last line of the log: an exit before it is written tries for ever where nobody reads it any more. */
const LAST_LINE = 500
const exitSoon = (): NodeJS.Timeout => setTimeout(() => process.exit(0), LAST_LINE)

/** @throws RangeError when an option is none of ours */
function configFile(): string {
  try {
    return parseArgs({ options: { config: { type: 'string', default: 'bridge.yaml' } } }).values.config
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new RangeError(
      'The only option is --config FILE, bridge.yaml without it. Usage: npm start -- --config bridge.yaml',
    )
  }
}

/** @throws whatever keeps it from serving; nothing is left open then */
async function start(configuration: Configuration, log: Logger): Promise<Listening> {
  const bridge = await compose(configuration, log)
  warmUp()
  const { listen } = configuration.settings
  return serve(bridge, listen).catch(async (error: unknown) => {
    await bridge.store.close()
    const sentence = listenProblem(error, listen)
    throw sentence === undefined ? error : new RangeError(sentence)
  })
}

try {
  const configuration = loadConfiguration(configFile(), process.env)
  const { listen, publicUrl } = configuration.settings
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime })
  for (const { file, line, path, message } of configuration.warnings)
    log.warn({ file, line, ...(path !== '' && { setting: path }) }, message)
  // while it waits for its servers nothing is under way; the first process of a container ends by no signal that it does not hear
  let stop = (): void => void exitSoon()
  for (const signal of SIGNALS)
    process.once(signal, () => {
      // whoever asks twice does not want to wait, and nothing that was acknowledged can be lost by it
      for (const again of SIGNALS) process.once(again, () => process.exit(1))
      log.info({ signal }, 'stopping')
      stop()
    })
  const server = await whenServersAnswer(() => start(configuration, log), log)
  stop = () =>
    void server.close(listen.drain).then(() => {
      log.info('stopped')
      // a database that says nothing holds its connections, and the process by them
      exitSoon().unref()
    })
  const { metricsPort } = server
  log.info({ publicUrl, host: listen.host, port: server.port, ...(metricsPort && { metricsPort }) }, 'ready')
} catch (error) {
  if (!(error instanceof Error) || !isSentence(error)) throw error
  process.stderr.write(`${error instanceof SettingsError ? formatProblems(error) : error.message}\n`)
  process.exitCode = 2
}
