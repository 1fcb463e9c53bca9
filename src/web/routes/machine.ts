/** Addresses that programs ask for. */
import { proofFor, QUESTION_HEADER } from '../../base/doctors-question.js'
import type { Handler } from '../route.js'

export const getMetadata: Handler = (web, _request, response) => {
  response.setHeader('Cache-Control', 'public, max-age=300')
  response.type('application/samlmetadata+xml').send(web.metadata())
}

export const getJwks: Handler = (web, _request, response) => {
  response.setHeader('Cache-Control', 'public, max-age=300')
  response.json(web.publicKeys)
}

/** The process lives. To `doctor` it also tells how this request arrived and how the clocks of the IdPs go. */
export const getHealthz: Handler = (web, request, response) => {
  const question = request.headers[QUESTION_HEADER]
  const proof = typeof question === 'string' ? proofFor(web.sessionSecrets, question, web.ports.clock.now()) : undefined
  if (proof === undefined) {
    response.json({ status: 'ok' })
    return
  }
  const { headers, socket, ip } = request
  response.json({
    status: 'ok',
    proof,
    seen: {
      host: headers.host ?? '',
      peer: socket.remoteAddress ?? '',
      address: ip ?? '',
      forwardedFor: headers['x-forwarded-for'] !== undefined,
    },
    drifts: web.ports.trust.idps.flatMap(({ entityId }) => {
      const drift = web.ports.drifts.of(entityId)
      return drift ? [{ idp: entityId, ...drift }] : []
    }),
  })
}

/** A login could be served now: the database takes a write and gives it back. */
export const getReadyz: Handler = async (web, _request, response) => {
  await web.ready()
  response.json({ status: 'ready' })
}
