/**
 * Requests and responses that are Express's own from the start. Those that node:http makes by itself get another prototype
 * from Express, and V8 gives every object whose prototype is changed a hidden class of its own: then whoever reads or sets a
 * property of it, in whichever library, looks it up anew in every request.
 */
import { IncomingMessage, ServerResponse, type ServerOptions } from 'node:http'
import type { Express } from 'express'

/** @returns what the server of this app, and of no other, must be made with */
export function messagesOf(app: Express): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class OwnRequest extends IncomingMessage {}
  class OwnResponse<R extends IncomingMessage = IncomingMessage> extends ServerResponse<R> {}
  app.request = Object.setPrototypeOf(OwnRequest.prototype, app.request) as Express['request']
  app.response = Object.setPrototypeOf(OwnResponse.prototype, app.response) as Express['response']
  return { IncomingMessage: OwnRequest, ServerResponse: OwnResponse }
}
