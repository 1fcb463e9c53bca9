/** What stands, as pages tell it: banners about IdPs, and the lock that refused somebody. */
import type { Refusal } from '../base/refusal.js'
import { liftedByPerson } from '../watch/decide.js'
import type { ShownBanner } from './pages/banner.js'
import type { RefusalPage } from './pages/refusal.js'
import type { Web } from './setup.js'

/** @param idp only of this one, where the page is about it */
export function bannersOf({ ports }: Pick<Web, 'ports'>, idp?: string): readonly ShownBanner[] {
  return ports.standing.banners.flatMap(banner => {
    const known = ports.trust.find(banner.idp)
    return known && (idp ?? banner.idp) === banner.idp ? [{ title: known.title, trouble: banner.trouble }] : []
  })
}

/** Until when it stands, and where the person may lift it. */
export function lockOf({ ports }: Web, { code, facts }: Refusal): Pick<RefusalPage, 'until' | 'unlock'> {
  const { until, rule, elsewhere } = facts
  if (typeof until !== 'number') return {}
  const liftable = code === 'lock.person' && !elsewhere && ports.confirmTerms && liftedByPerson({ rule: String(rule) })
  return { until, ...(liftable && { unlock: '/me/unlock' }) }
}
