/** Of a question about a child: accounts of parents that show such a child. Nothing is guessed, the school chooses among them. */
import { isSought } from '../identity/asked-child.js'
import type { SchoolRequest } from '../identity/requests.js'
import type { Ports } from '../login/ports.js'

/** More are no answer: the school mends its list. */
const MOST = 20

/** @returns the request with the accounts that may be meant; any other kind of request as it is */
export async function withSought({ roster }: Pick<Ports, 'roster'>, request: SchoolRequest): Promise<SchoolRequest> {
  const { kind, journal, school, children = [] } = request
  if (kind !== 'child') return request
  const entries = await roster.entries({ journal, school })
  const meant = entries.filter(
    ({ role, missingSince, children: listed }) =>
      role === 'parent' &&
      missingSince === undefined &&
      listed.some(one => children.some(asked => isSought(one, asked))),
  )
  return { ...request, accountIds: meant.slice(0, MOST).map(({ accountId }) => accountId) }
}
