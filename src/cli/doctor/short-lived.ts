/** The server of short-lived records, when the settings name one. */
import { isThisMachine } from '../../base/database-address.js'
import { readShortLivedAddress } from '../../base/short-lived-address.js'
import type { openStoreOf } from '../../compose.js'
import type { Configuration } from '../../settings/configuration.js'
import { green, quoted, red, yellow, type Remark } from './patient.js'

/** Milliseconds. Nothing is reckoned by the server's clock, but people compare the logs. */
const MOST_DRIFT = 60_000

type Store = Pick<Awaited<ReturnType<typeof openStoreOf>>, 'shortLived'>

/** It keeps what it was asked to keep, as far as can be seen from here. */
export async function shortLived(store: Store, configuration: Configuration): Promise<readonly Remark[]> {
  const server = store.shortLived
  if (!server) return []
  try {
    await server.meet()
    await server.check()
    const { version, policy } = server.facts()
    return [
      green('redis', {
        en: `Redis ${version ?? 'of unknown version'} takes a write, under keys that begin with ${server.prefix}; when it is started anew everybody signs in again`,
        ru: `Redis ${version ?? 'неизвестной версии'} принимает запись, под ключами, которые начинаются с ${server.prefix}; после его перезапуска все входят заново`,
      }),
      ...(policy === undefined ? [silent] : []),
      ...inOpen(configuration),
      ...apart(await server.drift()),
    ]
  } catch (error) {
    if (!(error instanceof Error) || !['StoreError', 'StoreUnavailable'].includes(error.name)) throw error
    const [what = '', ...fix] = error.message.split(/(?<=\.) /)
    const [en, mend] = [what.replace(/\.$/, ''), fix.join(' ').replace(/\.$/, '')]
    return [
      red(
        'redis',
        { en, ru: `с сервером Redis не вышло; причина ${quoted(en)}` },
        mend === '' ? WHAT_IT_MUST_BE : { en: mend, ru: `${WHAT_IT_MUST_BE.ru}; совет ${quoted(mend)}` },
      ),
    ]
  }
}

const WHAT_IT_MUST_BE = {
  en: 'docs/redis.md says what the server must be',
  ru: 'каким должен быть этот сервер, сказано в docs/ru/redis.md',
}

const silent = yellow(
  'redis',
  {
    en: 'the server keeps its maxmemory-policy to itself',
    ru: 'сервер Redis не говорит, какая у него maxmemory-policy',
  },
  {
    en: 'ask whoever runs it for noeviction: with any other, an answer of the IdP may work twice',
    ru: 'попросите того, кто за ним смотрит, поставить noeviction: с любой другой один ответ IdP может сработать дважды',
  },
)

function inOpen({ settings, secrets }: Configuration): readonly Remark[] {
  const address = readShortLivedAddress(settings.storage.shortLived ?? '')
  if (!address || isThisMachine(address.host) || secrets.shortLived.password !== undefined) return []
  const what = {
    en: 'the server lets in whoever reaches it',
    ru: 'сервер Redis впускает каждого, кто до него доберётся',
  }
  const fix = {
    en: 'give it a user with a password, and name that in storage.redis.password',
    ru: 'заведите на нём пользователя с паролем и укажите пароль в storage.redis.password',
  }
  return [yellow('redis', what, fix)]
}

function apart(drift: number): readonly Remark[] {
  if (Math.abs(drift) <= MOST_DRIFT) return []
  const seconds = Math.round(Math.abs(drift) / 1000)
  const what = {
    en: `its clock is ${seconds} s ${drift > 0 ? 'ahead of' : 'behind'} ours`,
    ru: `часы сервера Redis ${drift > 0 ? 'спешат относительно наших' : 'отстают от наших'} на ${seconds} с`,
  }
  const fix = {
    en: 'let chrony or ntpd set the clocks of both machines',
    ru: 'пусть часы обеих машин ставит chrony или ntpd',
  }
  return [yellow('redis', what, fix)]
}
