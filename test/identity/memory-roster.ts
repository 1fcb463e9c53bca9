import type { ImportPlan, Roster, RosterRecord } from '../../src/identity/roster.js'

/** The import's half of the port for one school, in memory: enough to see what reached it. */
export function memoryRoster(): Pick<Roster, 'plan' | 'replace'> & { logins(): string[] } {
  let stored: readonly RosterRecord[] = []
  const plan = (records: readonly RosterRecord[]): ImportPlan => {
    const known = new Map(stored.map(record => [record.login, JSON.stringify(record)]))
    const named = new Set(records.map(record => record.login))
    return {
      added: records.filter(record => !known.has(record.login)).map(record => record.login),
      changed: records
        .filter(record => known.has(record.login) && known.get(record.login) !== JSON.stringify(record))
        .map(record => record.login),
      unchanged: records.filter(record => known.get(record.login) === JSON.stringify(record)).length,
      missing: stored.filter(record => !named.has(record.login)).map(record => record.login),
    }
  }
  return {
    plan: (_journal, _school, records) => Promise.resolve(plan(records)),
    replace(_journal, _school, records) {
      const done = plan(records)
      stored = records
      return Promise.resolve(done)
    },
    logins: () => stored.map(record => record.login),
  }
}
