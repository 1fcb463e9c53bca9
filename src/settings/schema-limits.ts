/** How often one network or one person may ask. */
import * as z from 'zod'
import { section, setting } from './walk.js'

const perMinute = (usual: number, about: string) =>
  setting(z.int().min(10).max(1_000_000).prefault(usual), {
    about,
    allowed: 'a whole number from 10 to 1000000',
    example: usual,
  })

export const limitsSection = section(
  'Requests a minute of one network (an IPv4 address, or the /64 of IPv6); whoever asks more waits (429). A whole school may stand behind one address.',
  {
    starts: perMinute(600, 'Logins begun.'),
    answers: perMinute(600, "Answers and logout messages of an IdP that come through people's browsers."),
    pages: perMinute(1_800, 'All other pages.'),
    calls: perMinute(6_000, "Calls of a journal's server: handles and CAS tickets."),
    person: perMinute(180, 'All requests of one signed-in person, from whatever network.'),
  },
)
