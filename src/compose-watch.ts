/** From settings to the watch. */
import type { Clock } from './base/clock.js'
import { Standing } from './login/standing.js'
import type { Ports } from './login/ports.js'
import type { Configuration } from './settings/configuration.js'
import type { AlertPorts } from './watch/alerts.js'
import type { Alerts, Watching } from './watch/ports.js'
import { inNetworks, placesOf } from './watch/places.js'
import type { WatchPorts } from './watch/round.js'
import type { Surroundings } from './watch/rules.js'
import type { TellPorts } from './watch/tell.js'
import type { WatchTerms } from './watch/terms.js'

interface Memory {
  readonly watching: Watching
  readonly alerts: Alerts
}

/** What the errands of the watch need, besides what the corridor has. */
export type Watch = WatchPorts & TellPorts & AlertPorts

export function watchTermsOf({ settings, gateways, webhookKey }: Configuration): WatchTerms {
  const { notify, banner, lockFor, repeatAfter, schoolNetworks, places, rules } = settings.anomalies
  const { technical } = settings.serviceProvider.contacts
  const { webhook } = notify
  return {
    ...{ rules, lockFor, repeatAfter, schoolNetworks, places },
    ...(banner.show && { banner: { networks: banner.networks, within: banner.within } }),
    notify: {
      email: gateways.smtp ? [...new Set(notify.email ?? [technical])] : [],
      ...(webhook && webhookKey && { webhook: { url: webhook.url, key: webhookKey } }),
    },
  }
}

const surroundings = ({ schoolNetworks, places }: WatchTerms): Surroundings => ({
  isSchool: inNetworks(schoolNetworks),
  placeOf: placesOf(places),
})

export const standingOf = ({ watching }: Pick<Memory, 'watching'>, clock: Clock): Standing =>
  new Standing(clock, watching)

export function watchOf(configuration: Configuration, ports: Ports, store: Memory): Watch {
  const watchTerms = watchTermsOf(configuration)
  const { watching, alerts } = store
  return { ...ports, watching, alerts, watchTerms, around: surroundings(watchTerms) }
}
