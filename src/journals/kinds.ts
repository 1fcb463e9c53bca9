import type { Connector } from './connector.js'
import { cas } from './cas/cas.js'
import { discourseConnect } from './discourse-connect.js'
import { formPost } from './form-post.js'
import { handle } from './handle.js'
import { hmacQuery } from './hmac-query.js'
import { signedLink } from './signed-link.js'
import { trustedHeaders } from './trusted-headers.js'

/** Every way into a journal that this version knows: one line a kind. What `schema` accepted is what `open` takes. */
export const kinds: ReadonlyMap<string, Connector<unknown>> = new Map(
  [signedLink, handle, cas, formPost, hmacQuery, discourseConnect, trustedHeaders].map(
    (connector): [string, Connector<unknown>] => [connector.kind, connector],
  ),
)
