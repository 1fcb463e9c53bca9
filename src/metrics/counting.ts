import type { Audit, AuditEvent } from '../audit/audit.js'
import type { Logins } from '../login/ports.js'

/** Ports through which events are written: alone, or in one transaction with what happened. */
interface Writers {
  readonly audit: Audit
  readonly logins: Logins
}

/** The same ports; what they have written is told to `happened`, and only once it is written. */
export function counting<P extends Writers>(ports: P, happened: (event: AuditEvent) => void): P {
  const { audit, logins } = ports
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
        if (claimed === 'claimed') happened(claim.event)
        return claimed
      },
    },
  }
}
