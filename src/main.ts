/** `npm start -- --config bridge.yaml`: the bridge alone, for real. */
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { compose } from './compose.js'
import { warmUp } from './saml/gate.js'
import { listenProblem, serve } from './serve.js'
import { loadConfiguration } from './settings/configuration.js'
import { formatProblems, SettingsError } from './settings/problems.js'

/** Everything that the operator can mend is said in sentences; a stack is for bugs. */
const isForOperator = (error: unknown): error is Error =>
  error instanceof Error &&
  ['SettingsError', 'StoreError', 'StoreUnavailable', 'MetadataError', 'RangeError'].includes(error.name)

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

try {
  const configuration = loadConfiguration(configFile(), process.env)
  const { listen, publicUrl } = configuration.settings
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime })
  for (const { file, line, path, message } of configuration.warnings)
    log.warn({ file, line, ...(path !== '' && { setting: path }) }, message)
  const bridge = await compose(configuration, log)
  warmUp()
  const server = await serve(bridge, listen).catch(async (error: unknown) => {
    await bridge.store.close()
    const sentence = listenProblem(error, listen)
    throw sentence === undefined ? error : new RangeError(sentence)
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      // whoever asks twice does not want to wait, and nothing that was acknowledged can be lost by it
      for (const again of ['SIGTERM', 'SIGINT'] as const) process.once(again, () => process.exit(1))
      log.info({ signal }, 'stopping')
      void server.close(listen.drain).then(() => log.info('stopped'))
    })
  const { metricsPort } = server
  log.info({ publicUrl, host: listen.host, port: server.port, ...(metricsPort && { metricsPort }) }, 'ready')
} catch (error) {
  if (!isForOperator(error)) throw error
  process.stderr.write(`${error instanceof SettingsError ? formatProblems(error) : error.message}\n`)
  process.exitCode = 2
}
