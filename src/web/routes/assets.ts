import type { RequestHandler } from 'express'
import { assets } from '../assets/assets.js'

/** Our stylesheet and picture; their addresses carry a hash of the content, so they may be kept for ever. */
export const serveAssets: RequestHandler = (request, response, next) => {
  const asset = assets.find(({ path }) => path === request.path)
  if (!asset || (request.method !== 'GET' && request.method !== 'HEAD')) {
    next()
    return
  }
  response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
  response.type(asset.type).send(asset.body)
}
