import type { Audit, AuditEvent } from '../audit/audit.js'
import type { Logouts } from '../login/logout-ports.js'
import type { Logins } from '../login/ports.js'

/** Ports through which events are written: alone, or in one transaction with what happened. */
interface Writers {
  readonly audit: Audit
  readonly logins: Logins
  readonly logouts: Logouts
}

/** The same ports; what they have written is told to `happened`, and only once it is written. */
export function counting<P extends Writers>(ports: P, happened: (event: AuditEvent) => void): P {
  const { audit, logins, logouts } = ports
  return {
    ...ports,
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
        if (entered) happened(entering.event)
        return entered
      },
    },
    logouts: {
      ...logouts,
      async end(key, now, tellUntil, write) {
        let events: readonly AuditEvent[] = []
        const ended = await logouts.end(key, now, tellUntil, trace => {
          const written = write(trace)
          ;({ events } = written)
          return written
        })
        if (ended) events.forEach(event => happened(event))
        return ended
      },
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
