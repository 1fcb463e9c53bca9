/** Starts the demo journals alone: `node dist/src/demo-journals/main.js --bridge http://localhost:8080 --sgo-key-file FILE`. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { systemChance } from '../base/chance.js'
import { systemClock } from '../base/clock.js'
import { startDemoJournals } from './app.js'
import type { DemoJournal, DemoRoster } from './options.js'

const USAGE = `Usage: node dist/src/demo-journals/main.js --sgo-key-file FILE [options]

  --bridge URL          the bridge as browsers see it, http://localhost:8080
  --bridge-internal URL where this program finds its public keys, when that is another address
  --host NAME           localhost
  --port NUMBER         8082
  --sgo-key-file FILE   key that the HS256 journal shares with the bridge, one line of text
  --roster CODE=FILE    the school's list as the journal's own base of people; may be repeated
  --require-state       refuse logins that did not start at the journal
  --help`

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: {
      bridge: { type: 'string', default: 'http://localhost:8080' },
      'bridge-internal': { type: 'string' },
      host: { type: 'string', default: 'localhost' },
      port: { type: 'string', default: '8082' },
      'sgo-key-file': { type: 'string' },
      roster: { type: 'string', multiple: true, default: [] },
      'require-state': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const keyFile = values['sgo-key-file']
  if (keyFile === undefined) throw new RangeError('--sgo-key-file is missing')
  const internal = values['bridge-internal']
  const journals = await startDemoJournals({
    ...{ host: values.host, port: readPort(values.port), bridgeUrl: values.bridge },
    ...(internal !== undefined && { bridgeInternalUrl: internal }),
    journals: defaultJournals(readFileSync(keyFile, 'utf8').trimEnd(), values['require-state']),
    rosters: values.roster.map(readRoster),
    ...{ clock: systemClock, chance: systemChance },
  })
  console.log(`Demo journals: ${journals.origin}/sgo/ and ${journals.origin}/eljur/`)
  return 0
}

function defaultJournals(key: string, requireState: boolean): readonly DemoJournal[] {
  return [
    { id: 'sgo', title: 'Сетевой журнал', alg: 'HS256', key, audience: 'sgo', requireState },
    { id: 'eljur', title: 'ЭлЖурнал', alg: 'ES256', audience: 'eljur', requireState },
  ]
}

function readPort(text: string): number {
  const port = Number(text)
  if (!/^[0-9]{1,5}$/.test(text) || port > 65_535) throw new RangeError(`--port ${text}: a number from 0 to 65535`)
  return port
}

function readRoster(text: string): DemoRoster {
  const [, school, file] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (!school || !file) throw new RangeError(`--roster ${text}: must look like school-1=roster.csv`)
  return { school, title: school, csv: readFileSync(file, 'utf8') }
}

try {
  process.exitCode = await run()
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`)
  process.exitCode = 2
}
