/** `fetch` that trusts one more authority: the global one learns that only when the process starts. */
import { request, type Agent } from 'node:https'

/** @param agent keeps connections; without it each request has one of its own */
export const trusting =
  (authorityPem: string, agent: Agent | false = false): typeof fetch =>
  async (input: string | URL | Request, init: RequestInit = {}) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.protocol !== 'https:') return fetch(url, init)
    const asked = new Request(url, init)
    const body = asked.body === null ? undefined : Buffer.from(await asked.arrayBuffer())
    return new Promise<Response>((resolve, reject) => {
      const headers = { ...Object.fromEntries(asked.headers), ...(init.headers as Record<string, string> | undefined) }
      const options = { method: asked.method, ca: authorityPem, headers, agent }
      request(url, options, answer => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.once('error', reject)
        answer.once('end', () => {
          const raw = answer.rawHeaders
          const pairs = raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1]!] as [string, string]] : []))
          resolve(new Response(Buffer.concat(parts), { status: answer.statusCode ?? 500, headers: pairs }))
        })
      })
        .once('error', reject)
        .end(body)
    })
  }
