/** How long what about people is kept. */
import { duration, durationAllowed } from './values.js'
import { section, setting } from './walk.js'

const kept = (least: string, most: string, usual: string, about: string) =>
  setting(duration(least, most).prefault(usual), { about, allowed: durationAllowed(least, most), example: usual })

export const retentionSection = section(
  'How long what about people is kept; the bridge deletes it by itself. Whatever lives shorter (logins, sessions, tokens) goes when its time is over.',
  {
    loginAudit: kept('30d', '1096d', '365d', 'Events of ordinary logins, entries and logouts.'),
    securityAudit: kept(
      '365d',
      '3660d',
      '1096d',
      'All other events: refusals, consents, destructions, decisions, imports, metadata.',
    ),
    unlinked: kept(
      '30d',
      '180d',
      '30d',
      'Questions to schools about people without an account, after they were asked or decided.',
    ),
    consents: kept(
      '365d',
      '3660d',
      '1096d',
      "Records of consents, after they ended or their account left the school's list.",
    ),
  },
)
