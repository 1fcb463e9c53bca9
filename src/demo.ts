/** `npm run demo`: a login on your own machine in one command. */
import { pino } from 'pino'
import { nature } from './compose.js'
import { demoConsent } from './demo/consent.js'
import { prepareDemo } from './demo/prepare.js'
import { startTown } from './demo/town.js'
import { journalsOf, type Town } from './demo/settings.js'
import { projectFile } from './base/project-file.js'
import { idpMetadata, path } from './mock-idp/metadata.js'
import { defaultPeople } from './mock-idp/people.js'
import { listenProblem } from './serve.js'

const town: Town = {
  bridge: 'http://localhost:8080',
  idp: 'http://localhost:8081',
  journals: 'http://localhost:8082',
  listen: { host: 'localhost', port: 8080 },
  more: { consent: demoConsent },
}

const say = (text: string) => process.stdout.write(`${text}\n`)

const log = pino({ level: process.env['DEMO_LOG'] ?? 'warn', base: null })

try {
  say('Готовлю ключи и сертификаты…')
  const prepared = await prepareDemo(projectFile('data/demo'), town, nature.clock.now(), certificate =>
    idpMetadata(town.idp + path.metadata, town.idp, [{ privateKeyPem: '', certificatePem: certificate }]),
  )
  const running = await startTown({ town, prepared, log, nature })
  say(welcome())
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void running.close())
} catch (error) {
  const problem = [8080, 8081, 8082].map(port => taken(error, port)).find(sentence => sentence !== undefined)
  if (problem === undefined) throw error
  process.stderr.write(`${problem}\n`)
  process.exitCode = 2
}

function taken(error: unknown, port: number): string | undefined {
  const at = error instanceof Error ? (error as NodeJS.ErrnoException & { port?: number }).port : undefined
  return at === port && listenProblem(error, { host: 'localhost', port })
    ? `Порт ${port} занят другой программой. Остановите её и запустите demo ещё раз.`
    : undefined
}

function link(address: string, what: string): string {
  return `  ${address.padEnd(33)} ${what}`
}

function welcome(): string {
  const { all, password } = defaultPeople()
  const people = all.map(({ phone, email, snils, about }) => `  ${(phone ?? email ?? snils ?? '').padEnd(20)} ${about}`)
  return [
    '',
    'Мост работает. Начните здесь:',
    link(`${town.bridge}/`, 'стартовая страница моста'),
    ...journalsOf(town).map(({ id, title, connector }) =>
      link(`${town.journals}/${id}/`, `${title} (${connector.kind})`),
    ),
    link(`${town.bridge}/self-test`, 'самопроверка для школьного администратора'),
    link(`${town.idp}/`, 'учебный поставщик (не Госуслуги): каталог услуг'),
    '',
    `Люди (логин и кто это), у всех пароль ${password}:`,
    ...people,
    '',
    'Остановить: Ctrl+C. Данные и ключи лежат в data/demo.',
  ].join('\n')
}
