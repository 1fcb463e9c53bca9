/**
 * Metrics: figures for whoever watches the bridge, in the text format of Prometheus.
 * Does not touch: people. Every label value comes from a closed list (codes of our own table, IdPs and journals of the
 * settings, paths of our own routes), so that a stranger can neither write into them nor make their number grow.
 * Called by: compose, which decorates the ports; serve, which listens.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { AuditEvent } from '../audit/audit.js'
import { refusals, type RefusalCode } from '../base/refusals.js'

/** A figure that is looked up at the moment somebody asks for it. */
export interface Source {
  readonly name: string
  /** One sentence; printed beside the figure. */
  readonly help: string
  readonly labels: readonly string[]
  readonly read: () => Iterable<Sample> | Promise<Iterable<Sample>>
}

export interface Sample {
  /** Values in the order of `labels`. */
  readonly of: readonly string[]
  readonly value: number
}

/** What may stand in a label; anything else is counted as `other`. */
export interface Known {
  readonly idp: (entityId: string) => boolean
  readonly journal: (id: string) => boolean
}

export interface HttpAnswer {
  /** As the route is written, `/continue/:login`: never what was asked. */
  readonly path: string
  readonly method: string
  readonly status: number
  readonly seconds: number
}

export interface Metrics {
  /** Something was written into the audit, and it holds. */
  readonly happened: (event: AuditEvent) => void
  readonly answered: (answer: HttpAnswer) => void
  readonly took: (step: string, seconds: number) => void
  /** @returns everything, in the text format of Prometheus 0.0.4 */
  text(): Promise<string>
  readonly contentType: string
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

export function createMetrics(known: Known, sources: readonly Source[]): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const happened = countEvents(registry, known)
  const answers = new Histogram({
    name: 'bridge_http_request_seconds',
    help: 'Time from the arrival of a request to the end of the answer.',
    labelNames: ['path', 'method', 'status'],
    buckets: SECONDS,
    registers: [registry],
  })
  const steps = new Histogram({
    name: 'bridge_login_step_seconds',
    help: 'Where the time of a login goes: judge the answer, decide what may be entered, write it down.',
    labelNames: ['step'],
    buckets: SECONDS,
    registers: [registry],
  })
  const failed = new Counter({
    name: 'bridge_figure_failures_total',
    help: 'How often a figure could not be read; it is left out of that answer.',
    labelNames: ['figure'],
    registers: [registry],
  })
  for (const source of sources) gaugeOf(source, registry, failed)
  return {
    happened,
    answered({ path, method, status, seconds }) {
      answers.observe({ path, method: METHODS.has(method) ? method : 'other', status: String(status) }, seconds)
    },
    took: (step, seconds) => steps.observe({ step }, seconds),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

const METHODS = new Set(['GET', 'HEAD', 'POST'])

function countEvents(registry: Registry, known: Known): Metrics['happened'] {
  const events = new Counter({
    name: 'bridge_events_total',
    help: 'What happened, by kind and result: login.started, login.verified, journal.entered …',
    labelNames: ['what', 'result', 'idp', 'journal'],
    registers: [registry],
  })
  const refused = new Counter({
    name: 'bridge_refusals_total',
    help: 'Every no, by its code (docs/refusals.md) and by who must act.',
    labelNames: ['code', 'must_act', 'idp', 'journal'],
    registers: [registry],
  })
  const lost = countLost(registry)
  // a series that begins at its first event has no increase to alarm about
  for (const code of Object.keys(refusals) as RefusalCode[]) refused.inc({ ...whose(code), idp: '', journal: '' }, 0)
  return event => {
    const { what, result, code, idp, journal } = event
    const where = { idp: labelOf(idp, known.idp), journal: labelOf(journal, known.journal) }
    events.inc({ what, result, ...where })
    if (code !== undefined) refused.inc({ ...whose(code), ...where })
    lost(event)
  }
}

/** Given up after a day; of attempts that are followed by others there is a figure of what waits. */
function countLost(registry: Registry): Metrics['happened'] {
  const lost = new Counter({
    name: 'bridge_messages_lost_total',
    help: 'Notices to people and alerts to the administration that nobody took within a day.',
    labelNames: ['to', 'way'],
    registers: [registry],
  })
  for (const [to, way] of WAYS) lost.inc({ to, way }, 0)
  return ({ what, result, facts }) => {
    if (what !== 'message.sent' || result !== 'failed' || facts?.['again'] !== false) return
    const isAlert = facts['kind'] === 'anomalies'
    lost.inc({ to: isAlert ? 'administration' : 'people', way: facts['way'] === 'webhook' ? 'webhook' : 'email' })
  }
}

const WAYS = [
  ['people', 'email'],
  ['administration', 'email'],
  ['administration', 'webhook'],
] as const

const whose = (code: RefusalCode) => ({ code, must_act: refusals[code].fault })

const labelOf = (value: string | undefined, isKnown: (value: string) => boolean): string =>
  value === undefined ? '' : isKnown(value) ? value : 'other'

/** A figure that cannot be read, say because the database is away, must not take the others with it. */
function gaugeOf({ name, help, labels, read }: Source, registry: Registry, failed: Counter<'figure'>): void {
  failed.inc({ figure: name }, 0)
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    async collect() {
      // what is no longer there must not go on being shown
      this.reset()
      try {
        for (const { of, value } of await read())
          this.set(Object.fromEntries(labels.map((label, i) => [label, of[i] ?? ''])), value)
      } catch {
        this.reset()
        failed.inc({ figure: name })
      }
    },
  })
}
