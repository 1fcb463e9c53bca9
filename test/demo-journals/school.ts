/** A school for tests: demo journals on a free port, and a bridge of which only the keys exist. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, SignJWT } from 'jose'
import { systemChance } from '../../src/base/chance.js'
import { startDemoJournals } from '../../src/demo-journals/app.js'

export const SHARED = 'k5n2v8Qx0rLwYb7TzJ3hGd9sUe4aPm6C'
export const BRIDGE = 'https://vhod.school.example'
const ROSTER = `\ufeffРоль;Логин;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Класс;Код ребёнка;ФИО ребёнка;Класс ребёнка
родитель;p-1;Ёжикова;<b>Мария</b>;Игоревна;01.02.1985;;;c-1;Ёжиков Пётр;5А
родитель;p-1;Ёжикова;<b>Мария</b>;Игоревна;01.02.1985;;;c-2;"Ёжикова ""Анна""";10Б
ученик;u-1;Ёжиков;Пётр;;01.02.2014;;5А;;;
учитель;t-1;Книгина;Ольга;;;;;;;
администратор;a-1;Ключникова;Нина;;;;;;;
родитель;p-2;Петрова;Анна;;;;;c-3;Петров Иван;5А
учитель;t-2;Чернов;Павел;;;;;;;
классный руководитель;k-1;Морозов;Сергей;Иванович;;;5А;;;
`
const ROSTER_2 = `Роль;Логин;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Класс;Код ребёнка;ФИО ребёнка;Класс ребёнка
учитель;t-1;Дальняя;Вера;;;;;;;
родитель;p-8;Дальний;Олег;;;;;c-1;Дальний Лев;5А
администратор;a-8;Дальняя;Инна;;;;;;;
`

export interface Order {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly alg?: 'HS256' | 'ES256'
  readonly key?: KeyObject | Uint8Array
}

export async function openSchool() {
  let now = Date.parse('2026-11-24T08:00:00Z')
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  let asked = 0
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 't1', alg: 'ES256', use: 'sig' }
  const keyServer = createServer((_, response) => {
    asked++
    response.end(JSON.stringify({ keys: [jwk] }))
  })
  await new Promise<void>(resolve => keyServer.listen(0, '127.0.0.1', resolve))
  const journals = await startDemoJournals({
    ...{ host: '127.0.0.1', port: 0, bridgeUrl: BRIDGE },
    bridgeInternalUrl: `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}`,
    journals: [
      { id: 'sgo', title: 'Сетевой журнал', alg: 'HS256', key: SHARED, audience: 'sgo' },
      { id: 'eljur', title: 'ЭлЖурнал', alg: 'ES256', audience: 'eljur', requireState: true },
    ],
    rosters: [
      { school: 'school-1', title: 'Школа № 1', csv: ROSTER },
      { school: 'school-2', title: 'Лицей № 2', csv: ROSTER_2 },
    ],
    ...{ clock: { now: () => now }, chance: systemChance },
  })

  /** A token as the bridge would make it, spoilt as ordered. */
  const token = (order: Order = {}): Promise<string> => {
    const { alg = 'HS256' } = order
    const seconds = Math.floor(now / 1000)
    const claims = {
      ...{
        iss: BRIDGE,
        aud: alg === 'HS256' ? 'sgo' : 'eljur',
        iat: seconds,
        exp: seconds + 60,
        jti: crypto.randomUUID(),
      },
      ...{ sub: 'x', account: 'a-1', login: 'p-1', role: 'parent', school: 'school-1', child: 'c-2' },
      ...order.claims,
    }
    const header = { alg, typ: 'JWT', ...(alg === 'ES256' && { kid: 't1' }), ...order.header }
    return new SignJWT(claims)
      .setProtectedHeader(header)
      .sign(order.key ?? (alg === 'HS256' ? Buffer.from(SHARED) : pair.privateKey))
  }
  /** One request, no redirect followed; `cookies` is the whole jar. */
  const get = async (
    path: string,
    cookies: Map<string, string> = new Map(),
    method = 'GET',
    more: { readonly body?: URLSearchParams; readonly origin?: string } = {},
  ) => {
    const answer = await fetch(new URL(path, journals.origin), {
      ...{ method, redirect: 'manual', ...(more.body && { body: more.body }) },
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(more.origin !== undefined && { origin: more.origin }),
      },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      if (value === '') cookies.delete(name!)
      else cookies.set(name!, value!)
    }
    return {
      status: answer.status,
      to: answer.headers.get('location'),
      text: await answer.text(),
      headers: answer.headers,
    }
  }
  return {
    ...{ origin: journals.origin, token, get },
    later: (ms: number) => (now += ms),
    asked: () => asked,
    stopKeys: () => new Promise(resolve => keyServer.close(resolve).closeAllConnections()),
    close: async () => {
      keyServer.closeAllConnections()
      keyServer.close()
      await journals.close()
    },
  }
}
export type School = Awaited<ReturnType<typeof openSchool>>
