import type { Audit, AuditEvent } from '../audit/audit.js'
import type { Confirmations, Devices } from '../login/confirm-ports.js'
import type { Creations } from '../login/creation-ports.js'
import type { Consents } from '../login/consent-ports.js'
import type { Logouts } from '../login/logout-ports.js'
import type { Codes, Links, Requests } from '../login/people-ports.js'
import type { Logins } from '../login/ports.js'

/** Ports through which events are written: alone, or in one transaction with what happened. */
interface Writers {
  readonly audit: Audit
  readonly logins: Logins
  readonly logouts: Logouts
  readonly links: Links
  readonly requests: Requests
  readonly consents: Consents
  readonly codes: Codes
  readonly creations: Creations
  readonly confirmations: Confirmations
  readonly devices: Devices
}

/** The same ports; what they have written is told to `happened`, and only once it is written. */
export function counting<P extends Writers>(ports: P, happened: (event: AuditEvent) => void): P {
  const { audit, logins, logouts, consents } = ports
  const ended = async (end: Logouts['end'], [key, now, tellUntil, write]: Parameters<Logouts['end']>) => {
    let events: readonly AuditEvent[] = []
    const done = await end(key, now, tellUntil, trace => {
      const written = write(trace)
      ;({ events } = written)
      return written
    })
    if (done) events.forEach(event => happened(event))
    return done
  }
  return {
    ...ports,
    ...aboutPeople(ports, happened),
    codes: aboutCodes(ports.codes, happened),
    creations: aboutCreations(ports.creations, happened),
    ...aboutConfirming(ports, happened),
    audit: {
      ...audit,
      async record(event) {
        await audit.record(event)
        happened(event)
      },
    },
    logins: {
      ...logins,
      async start(login, event) {
        await logins.start(login, event)
        if (event) happened(event)
      },
      async claim(claim) {
        const claimed = await logins.claim(claim)
        if (claimed === 'claimed') claim.events.forEach(event => happened(event))
        return claimed
      },
      async enter(entering) {
        const entered = await logins.enter(entering)
        if (entered === 'entered') happened(entering.event)
        return entered
      },
    },
    consents: countingConsents(consents, happened),
    logouts: {
      ...logouts,
      end: (...ending) => ended((...asked) => logouts.end(...asked), ending),
      endWhole: (...ending) => ended((...asked) => logouts.endWhole(...asked), ending),
      async obey(order, now, tellUntil, write) {
        let events: readonly AuditEvent[] = []
        const obeyed = await logouts.obey(order, now, tellUntil, found => {
          const written = write(found)
          ;({ events } = written)
          return written
        })
        if (obeyed === 'obeyed') events.forEach(event => happened(event))
        return obeyed
      },
    },
  }
}

function aboutPeople({ links, requests }: Writers, happened: (event: AuditEvent) => void) {
  /** Tells of the event when the port answers that it did what was asked. */
  const after = async <R>(event: AuditEvent, done: R, asked: Promise<R>): Promise<R> => {
    const answer = await asked
    if (answer === done) happened(event)
    return answer
  }
  return {
    links: {
      ...links,
      make: (link, event, message) => after(event, 'made', links.make(link, event, message)),
      end: (person, id, at, event, message) => after(event, true, links.end(person, id, at, event, message)),
      resume: (person, id, now, event) => after(event, 'resumed', links.resume(person, id, now, event)),
    } satisfies Links,
    requests: {
      ...requests,
      async file(filed, event) {
        const numbers = await requests.file(filed, event)
        happened(event)
        return numbers
      },
      decide: (id, decided, event) => after(event, 'decided', requests.decide(id, decided, event)),
      takeBack: (id, now, event) => after(event, 'taken-back', requests.takeBack(id, now, event)),
    } satisfies Requests,
  }
}

const countingConsents = (consents: Consents, happened: (event: AuditEvent) => void): Consents => ({
  ...consents,
  async give(giving) {
    const given = await consents.give(giving)
    if (given) happened(giving.event)
    return given
  },
  async withdraw(ids, withdrawal) {
    const ended = await consents.withdraw(ids, withdrawal)
    if (ended.length > 0) happened(withdrawal.event)
    return ended
  },
})

/** Schools make and revoke them by commands, which nobody counts. */
const aboutCodes = (codes: Codes, happened: (event: AuditEvent) => void): Codes => ({
  ...codes,
  async look(brought, event) {
    const looked = await codes.look(brought, event)
    if (looked.at === 'found') happened(event(looked.accountId))
    return looked
  },
  async use(brought, link, event, message) {
    const used = await codes.use(brought, link, event, message)
    if (used.at === 'made') happened(event)
    return used
  },
})

const aboutCreations = (creations: Creations, happened: (event: AuditEvent) => void): Creations => ({
  ...creations,
  async begin(creation, event) {
    const begun = await creations.begin(creation, event)
    if (begun.at === 'begun') happened(event)
    return begun
  },
  async finish(made, judge) {
    const finished = await creations.finish(made, judge)
    if (finished.at === 'made') happened(made.event)
    return finished
  },
  async drop(id, event) {
    await creations.drop(id, event)
    happened(event)
  },
})

const aboutConfirming = ({ confirmations, devices }: Writers, happened: (event: AuditEvent) => void) => ({
  confirmations: {
    ...confirmations,
    async start(confirmation, event) {
      await confirmations.start(confirmation, event)
      happened(event)
    },
    async answer(answer, event) {
      const answered = await confirmations.answer(answer, event)
      if (answered === 'confirmed') happened(event)
      return answered
    },
  } satisfies Confirmations,
  devices: {
    ...devices,
    async forget(person, id, event) {
      const forgotten = await devices.forget(person, id, event)
      if (forgotten) happened(event)
      return forgotten
    },
  } satisfies Devices,
})
