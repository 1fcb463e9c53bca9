/**
 * CAS: the browser arrives at the journal with a ticket, the journal's server asks us whose it is, and gets name and
 * attributes on the connection between the two servers. Whatever speaks CAS 1, 2 or 3 needs no code: Moodle, Drupal,
 * mod_auth_cas, php-cas. Decides nothing about logins (login/cas.ts) and knows no HTTP (web/routes/cas.ts).
 */
import { z } from 'zod'
import { randomXmlId } from '../../base/chance.js'
import { isoTime } from '../../base/clock.js'
import { Refusal } from '../../base/refusal.js'
import type { Journal } from '../../words/journal.js'
import { withQuery } from '../address.js'
import { byLoginAlone } from '../by-login-alone.js'
import type { Connector, Door, DoorTools, Entry, Leaving, ServerCall } from '../connector.js'
import { checkReturnAddress } from '../return-address.js'
import { checkTemplates, fillAll, readTemplate, readTemplates, templateSetting } from '../template.js'
import { logoutRequest } from './logout-request.js'
import { AUTHENTICATION_DATE, IS_FROM_NEW_LOGIN, LONG_TERM, wrongNames } from './names.js'
import { newTicket, type Kept } from './ticket.js'

/** Milliseconds; the protocol recommends no more than five minutes (3.1.1). */
export const TICKET_LIFETIME = 60_000

const attributeName = z.string().regex(/^[\p{L}\p{N}._:/ -]{1,64}$/u, '1 to 64 letters, digits, spaces, . _ : / or -')

const schema = z.strictObject({
  home: z.string().meta({
    description:
      'The service that a person enters who comes from our own start page; must be on the list `returnTo`, as every service.',
    example: 'https://moodle.school.example/login/index.php',
  }),
  user: templateSetting.default('{login}').meta({
    description: 'What the journal gets as the name of the user (`cas:user`).',
    example: '{login}',
  }),
  attributes: z
    .record(attributeName, templateSetting)
    .refine(names => wrongNames(Object.keys(names)) === undefined, {
      error: ({ input }) => wrongNames(Object.keys(input as object)) ?? 'has wrong names',
    })
    .optional()
    .meta({
      description:
        'Attributes of CAS 3 by template; without it, all of `release` by their own names. Signs that XML has no place for become `_`.',
      example: { sn: '{lastName}', givenName: '{firstName}' },
    }),
  singleLogout: z.enum(['confirmed', 'redirected', 'none']).default('confirmed').meta({
    description:
      'Tell the journal when the session ends: POST of a `logoutRequest` to the service of each entry. `confirmed`: it must answer 2xx. `redirected`: a redirect will do, since mod_auth_cas gives no other answer. `none`: it understands no such message, and the farewell page says that the journal is still open.',
    example: 'confirmed',
  }),
})
type Block = z.output<typeof schema>

export const cas: Connector<Block> = {
  kind: 'cas',
  schema,

  open(block, tools): Door {
    const { journal } = tools
    const { singleLogout } = block
    const { user, attributes } = readPerson(block, journal)
    const home = readHome(block.home, journal)
    return {
      serves: 'cas',
      ...byLoginAlone([user], journal),
      origins: [home.origin, ...new Set(journal.returnTo.map(line => new URL(line).origin))],
      handOff(entry) {
        const service = checkService(entry.returnTo ?? home, journal).href
        const ticket = newTicket(tools.chance)
        const name = user.fill(entry)
        if (name === undefined || name === '') throw new RangeError('nothing is known that `user` names')
        const content: Kept = {
          service,
          user: name,
          attributes: { ...fillAll(attributes, entry), ...aboutLogin(entry) },
          fresh: entry.fresh,
        }
        return {
          handOff: { how: 'redirect', to: withQuery(service, [['ticket', ticket]]) },
          deposit: { handle: ticket, content, expiresAt: tools.clock.now() + TICKET_LIFETIME },
          mark: JSON.stringify([ticket, service]),
        }
      },
      ...(singleLogout !== 'none' && {
        leave: leaving => tellService(leaving, { home, redirectWillDo: singleLogout === 'redirected' }, tools),
      }),
    }
  },
}

/** @throws RangeError naming the template that names what the journal may not get */
function readPerson(block: Block, journal: Journal) {
  const user = readTemplate(block.user)
  const attributes = readTemplates(
    block.attributes ?? Object.fromEntries(journal.release.map(name => [name, `{${name}}`])),
  )
  checkTemplates('connector', { user }, journal, 'body')
  checkTemplates('attributes', attributes, journal, 'body')
  return { user, attributes }
}

/** @throws RangeError */
function readHome(text: string, journal: Journal): URL {
  if (journal.requireState) throw new RangeError('requireState: CAS has no state that could come back; remove it')
  try {
    return checkService(checkReturnAddress(text, journal), journal)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new RangeError('home: must be an address that the list `returnTo` of this journal allows', { cause: error })
  }
}

/** Which of two tickets counts would be for the journal's programs to guess. */
function checkService(service: URL, journal: Journal): URL {
  if (service.searchParams.has('ticket'))
    throw new Refusal('journal.return-denied', { journal: journal.id, why: 'ticket' })
  return service
}

const aboutLogin = ({ authenticatedAt, fresh }: Entry) => ({
  [AUTHENTICATION_DATE]: isoTime(authenticatedAt),
  [IS_FROM_NEW_LOGIN]: String(fresh),
  [LONG_TERM]: 'false',
})

/** A service that the list of today does not name hears nothing: then the home does, which may share its sessions. */
function tellService(
  { mark, sid }: Leaving,
  { home, redirectWillDo }: Pick<ServerCall, 'redirectWillDo'> & { readonly home: URL },
  { journal, clock, chance }: DoorTools,
): ServerCall {
  const [ticket = sid, service = home.href] = JSON.parse(mark ?? '[]') as [string?, string?]
  return {
    to: isListed(service, journal) ? new URL(service) : home,
    fields: { logoutRequest: logoutRequest(randomXmlId(chance), clock.now(), ticket) },
    ...(redirectWillDo !== undefined && { redirectWillDo }),
  }
}

/** Whether a service, or the address of a link back, lies inside of the journal. */
export function isListed(address: string, journal: Pick<Journal, 'id' | 'returnTo'>): boolean {
  try {
    checkReturnAddress(address, journal)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
