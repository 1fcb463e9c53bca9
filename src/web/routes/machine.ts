/** Addresses that programs ask for. */
import type { Handler } from '../route.js'

export const getMetadata: Handler = (web, _request, response) => {
  response.setHeader('Cache-Control', 'public, max-age=300')
  response.type('application/samlmetadata+xml').send(web.metadata())
}

export const getJwks: Handler = (web, _request, response) => {
  response.setHeader('Cache-Control', 'public, max-age=300')
  response.json(web.publicKeys)
}

/** The process lives. */
export const getHealthz: Handler = (_web, _request, response) => {
  response.json({ status: 'ok' })
}

/** A login could be served now: the database takes a write and gives it back. */
export const getReadyz: Handler = async (web, _request, response) => {
  await web.ready()
  response.json({ status: 'ready' })
}
