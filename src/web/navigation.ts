import type { Request } from 'express'

/**
 * A person goes to a page with the whole window; a page that loads a picture, a script or a frame does not. Browsers that do
 * not tell are believed.
 */
export function isNavigation(request: Request): boolean {
  const destination = request.headers['sec-fetch-dest']
  return destination === undefined || destination === 'document'
}
