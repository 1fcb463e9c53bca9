/** The address at which a login waits for its person. */
import type { Request } from 'express'

export const continueAddress = (login: string): string => `/continue/${login}`

/** The assertion consumer service never answers with a page of a login: pages have addresses of their own. */
export const standsAtItsPage = (request: Request, login: string): boolean => request.path === continueAddress(login)
