/** Milliseconds since 1970-01-01T00:00:00Z. Every time inside the bridge is one of these. */
export type Instant = number

/** Injected wherever time matters, so that tests move it instead of waiting. */
export interface Clock {
  now(): Instant
}

export const systemClock: Clock = { now: () => Date.now() }

/** `2026-11-24T08:00:00.000Z`, the form SAML wants (saml-core 1.3.3: UTC, no time zone offset). */
export const isoTime = (at: Instant): string => new Date(at).toISOString()
