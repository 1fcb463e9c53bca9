import { systemClock } from '../base/clock.js'
/** A person of the school's list before a journal's door, as a login would bring them: nothing is written, nobody enters. */
import { randomId, type Chance } from '../base/chance.js'
import { Refusal } from '../base/refusal.js'
import { openStoreOf } from '../compose.js'
import { release } from '../consent/release.js'
import { accountsFor } from '../identity/match.js'
import type { RosterEntry } from '../identity/roster.js'
import type { Entry } from '../journals/connector.js'
import type { Configuration } from '../settings/configuration.js'
import type { JournalSettings } from '../settings/settings.js'
import { roles, type Choice, type Role } from '../words/account.js'
import type { Person } from '../words/person.js'
import { parseSnils } from '../words/snils.js'
import { UnusableInput } from './desk.js'
import { oneLine } from './printable.js'

/** Somebody, and the one account that is meant. */
export interface Actor {
  readonly person: Person
  readonly choice: Choice
  /** The person's name in this journal. */
  readonly subject: string
}

export interface Wanted {
  /** A login of the journal, or a СНИЛС. */
  readonly who: string
  readonly role?: string | undefined
  readonly school?: string | undefined
  readonly child?: string | undefined
}

/** @throws UnusableInput naming the journals that there are */
export function journalOf({ settings }: Configuration, id: string): JournalSettings {
  const found = settings.journals.find(({ journal }) => journal.id === id)
  if (found) return found
  const ids = settings.journals.map(({ journal }) => journal.id)
  throw new UnusableInput(`There is no journal ${oneLine(id)} in the settings. There are: ${ids.join(', ')}.`)
}

/**
 * Looks in the roster, by the rules of a login.
 *
 * @throws UnusableInput when nobody or nothing single is meant, Refusal any `identity.*`: why the person could not enter
 */
export async function findActor(
  configuration: Configuration,
  { journal }: JournalSettings,
  wanted: Wanted,
): Promise<Actor> {
  const store = await openStoreOf(configuration)
  try {
    const { roster, pseudonyms } = store
    const snils = parseSnils(wanted.who)
    const meant = snils
      ? (await roster.bySnils(snils)).filter(entry => entry.journal === journal.id)
      : await roster.byLogin(journal.id, journal.schools, wanted.who)
    const [first] = meant
    if (!first)
      throw new UnusableInput(
        `The roster of ${journal.id} knows nobody by ${snils ? 'this СНИЛС' : `the login ${oneLine(wanted.who)}`}. Import the school's list first, or look how it is spelt there.`,
      )
    const person = personOf(first)
    const entries = person.snils ? await roster.bySnils(person.snils) : []
    const schools = new Map(configuration.settings.schools.map(school => [school.code, school]))
    const listed = { entries, links: [], held: new Set<string>() }
    const { choices } = accountsFor(person, listed, { journal, schools, now: systemClock.now() })
    const ids = new Set(meant.map(({ accountId }) => accountId))
    const choice = theOne(
      choices.filter(({ account }) => ids.has(account.id)),
      wanted,
    )
    return { person, choice, subject: pseudonyms.forJournal(person, journal.id) }
  } finally {
    await store.close()
  }
}

/** As the list has them: what only the IdP knows (its own number of the person, the phone) is not there. */
const personOf = ({ person, snils, email }: RosterEntry): Person => ({
  ...person,
  ...(snils !== undefined && { snils }),
  ...(email !== undefined && { email }),
  idp: '',
  level: 'confirmed',
  globalRole: 'P',
  authenticatedAt: 0,
})

function theOne(choices: readonly Choice[], { role, school, child }: Wanted): Choice {
  const fitting = choices.filter(
    ({ account, child: shown }) =>
      (role === undefined || account.role === role) &&
      (school === undefined || account.school === school) &&
      (child === undefined || shown?.id === child),
  )
  const [one] = fitting
  if (one && fitting.length === 1) return one
  if (choices.length === 0) throw new Refusal('identity.role')
  const said = (fitting.length > 0 ? fitting : choices).map(flagsFor).join('\n  ')
  throw new UnusableInput(
    `${fitting.length > 0 ? 'The person would choose. Say what is meant:' : 'There is no such account. There are:'}\n  ${said}`,
  )
}

const flagsFor = ({ account, child }: Choice): string =>
  `--role ${account.role} --school ${account.school}${child ? ` --child ${child.id}` : ''}`

export interface Wish {
  readonly now: number
  readonly chance: Chance
  readonly sid?: string
  readonly returnTo?: URL | undefined
  readonly state?: string | undefined
}

/** Seconds ago that the person proved to the IdP who they are. */
const SIGNED_IN_AGO = 20_000

/** What a login would give to the door. @throws RangeError when the settings do not know the school */
export function entryOf(
  { person, choice, subject }: Actor,
  { settings }: Pick<Configuration, 'settings'>,
  { journal }: JournalSettings,
  { now, chance, sid, returnTo, state }: Wish,
): Entry {
  const school = settings.schools.find(({ code }) => code === choice.account.school)
  if (!school) throw new RangeError(`The settings know no school ${oneLine(choice.account.school)}.`)
  return {
    person: release(subject, choice, { person, school, journal }),
    school: school.code,
    sid: sid ?? randomId(chance),
    authenticatedAt: now - SIGNED_IN_AGO,
    fresh: true,
    ...(returnTo && { returnTo }),
    ...(state !== undefined && { state }),
  }
}

/** An account that the journal's people made for trying: no list of the school need name it. */
export const madeUpActor = (
  login: string,
  { role = 'parent', school, child }: Partial<Wanted>,
  { journal }: JournalSettings,
): Actor => ({
  person: {
    ...{ idp: '', level: 'confirmed', globalRole: 'P', authenticatedAt: 0 },
    ...{ lastName: 'Проверка', firstName: 'Журнала' },
  },
  choice: {
    id: login,
    account: {
      id: `check-${login}`,
      journal: journal.id,
      school: school ?? journal.schools[0] ?? '',
      login,
      role: roleOf(role),
    },
    ...(child !== undefined && { child: { id: child, name: 'Проверка' } }),
  },
  subject: 'check-journal',
})

function roleOf(text: string): Role {
  const found = roles.find(role => role === text)
  if (found) return found
  throw new UnusableInput(`There is no role ${oneLine(text)}. Roles are: ${roles.join(', ')}.`)
}
