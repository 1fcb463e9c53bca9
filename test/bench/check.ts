/**
 * `npm run bench -- check`: what a journal's own proxy asks for every picture of a page, `GET /auth/JOURNAL/check`, from the
 * socket to the headers; for a person inside, and for nobody.
 */
import { Agent, request } from 'node:http'
import { startMeasured, type Measured } from './child.js'
import { median, print } from './measure.js'

const IN_PARALLEL = 16
const agent = new Agent({ keepAlive: true, maxSockets: IN_PARALLEL })

const ask = (url: string, cookie: string): Promise<number> =>
  new Promise((resolve, reject) => {
    request(url, { agent, headers: { Cookie: cookie } }, response => {
      response.resume().once('end', () => resolve(response.statusCode!))
    })
      .once('error', reject)
      .end()
  })

/** @returns CPU milliseconds of the server, and milliseconds of the clock, for one request */
async function measure(server: Measured, cookie: string, wanted: number, count: number) {
  let left = count
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const status = await ask(server.ready.url, cookie)
      if (status !== wanted) throw new Error(`answered ${status} instead of ${wanted}`)
    }
  }
  await server.begin()
  const started = performance.now()
  await Promise.all(Array.from({ length: IN_PARALLEL }, worker))
  const wall = performance.now() - started
  return { cpu: (await server.figures()).cpu / count, wall: wall / count }
}

export async function benchCheck(quick: boolean): Promise<void> {
  const [rounds, count] = quick ? [3, 1_000] : [9, 4_000]
  const server = await startMeasured('check-server.js')
  const cookie = server.ready.metadata
  print(`GET /auth/JOURNAL/check, ${IN_PARALLEL} in parallel, ${rounds} rounds of ${count}`)
  for (const [who, sent, wanted] of [
    ['somebody inside, 200', cookie, 200],
    ['nobody, 401', '', 401],
  ] as const) {
    await measure(server, sent, wanted, count) // while it is still being compiled
    const taken = []
    for (let round = 0; round < rounds; round++) taken.push(await measure(server, sent, wanted, count))
    const cpu = median(taken.map(each => each.cpu)).toFixed(2)
    const second = Math.round(1_000 / median(taken.map(each => each.wall)))
    print(`${who.padEnd(26)} ${cpu} ms CPU a request   ${second} requests a second`)
  }
  await server.stop()
  agent.destroy()
}
