/**
 * What may be passed on about a person, by the names that settings and templates use. Nothing else has a name, so nothing
 * else can leave.
 */
export const releasable = [
  'account',
  'login',
  'role',
  'school',
  'schoolNumber',
  'child',
  'className',
  'level',
  'lastName',
  'firstName',
  'middleName',
  'birthDate',
  'email',
  'mobile',
  'snils',
  'userId',
  'childName',
] as const
export type Releasable = (typeof releasable)[number]

/** What a journal gets when its settings say nothing: an account, and nobody's name. */
export const usuallyReleased: readonly Releasable[] = ['account', 'login', 'role', 'school', 'child']

/** These tell who somebody is outside of the journal: they never stand in an address. */
export const personal: ReadonlySet<Releasable> = new Set<Releasable>([
  'lastName',
  'firstName',
  'middleName',
  'birthDate',
  'email',
  'mobile',
  'snils',
  'userId',
  'childName',
])

/** What is known of a person before there is an account. School and role go with every wish for a new one. */
export const releasableBefore = [
  'lastName',
  'firstName',
  'middleName',
  'birthDate',
  'email',
  'mobile',
  'snils',
  'userId',
  'level',
  'schoolNumber',
] as const satisfies readonly Releasable[]

/** Values by name; what is not known, or not released, is absent. */
export type Released = Readonly<Partial<Record<Releasable, string>>>
