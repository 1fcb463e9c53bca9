/** What the watch has found and nobody has looked at, and what stands because of it. */
import type { Instant } from '../../base/clock.js'
import type { Configuration } from '../../settings/configuration.js'
import type { Watching } from '../../watch/ports.js'
import { watchTermsOf } from '../../compose-watch.js'
import { counted } from '../printable.js'
import { green, verbatim, yellow, type Remark, type Said } from './patient.js'

export async function watchRemarks(
  watching: Pick<Watching, 'open' | 'locks' | 'banners'>,
  configuration: Configuration,
  now: Instant,
): Promise<readonly Remark[]> {
  const open = await watching.open()
  const [locks, banners] = [await watching.locks(now), await watching.banners(now)]
  const found = [...open].map(([rule, count]) => `${rule} ${count}`)
  return [
    found.length === 0
      ? green('watch', { en: 'nothing unusual is open', ru: 'ничего необычного' })
      : yellow('watch', unusual(found.join(', ')), verbatim('npx --no-install bridge anomalies list')),
    ...locked(locks.length),
    ...banners.map(({ idp, trouble }) => {
      const what = {
        en: `the pages say that ${idp} is in trouble (${trouble})`,
        ru: `на страницах объявлено, что у ${idp} неполадки (${trouble})`,
      }
      return yellow('watch', what, verbatim('npx --no-install bridge banner show'))
    }),
    ...told(configuration),
  ]
}

const unusual = (found: string): Said => ({
  en: `unusual and not acknowledged: ${found}`,
  ru: `замечено необычное, и никто на это не ответил: ${found}`,
})

function locked(count: number): readonly Remark[] {
  if (count === 0) return []
  return [
    yellow(
      'watch',
      { en: counted(count, 'lock stands', 'locks stand'), ru: `действуют запреты: ${count}` },
      {
        en: 'npx --no-install bridge anomalies list shows them; unlock lets in again',
        ru: 'npx --no-install bridge anomalies list покажет их; anomalies unlock снова впустит',
      },
    ),
  ]
}

function told(configuration: Configuration): readonly Remark[] {
  const { email, webhook } = watchTermsOf(configuration).notify
  if (email.length > 0 || webhook) return []
  return [
    yellow(
      'watch',
      { en: 'nobody would be told of anything unusual', ru: 'если случится необычное, об этом никто не узнает' },
      {
        en: 'write the section mail, or anomalies.notify.webhook: docs/ru/nablyudenie.md',
        ru: 'заполните раздел mail или anomalies.notify.webhook: docs/ru/nablyudenie.md',
      },
    ),
  ]
}
