/**
 * A journal that reads a header, and the proxy in front of it, which asks the bridge about every request: here both are one
 * program. A real school has nginx in that place (docs/integrators/trusted-headers.md).
 */
import express, { type Request, type Response, type Router } from 'express'
import { html } from '../html.js'

export const ID = 'headers'
const TITLE = 'Журнал за прокси'
/** What the settings of the demo let the bridge say. The journal gets these from the proxy, and from nobody else. */
const HEADERS = ['X-Remote-User', 'X-Remote-Role', 'X-Remote-School', 'X-Remote-Child', 'X-Remote-Name']

/** @param bridge where the proxy reaches the bridge, without a slash */
export function trustedHeadersDoor(bridge: string): Router {
  const ask = (request: Request, name: string, query = '') =>
    fetch(`${bridge}/auth/${ID}/${name}${query}`, {
      redirect: 'manual',
      headers: {
        cookie: request.headers.cookie ?? '',
        'user-agent': request.headers['user-agent'] ?? '',
        accept: request.headers.accept ?? '*/*',
      },
    })
  const router = express.Router({ strict: true, caseSensitive: true })

  router.get('/.bridge/:name', async (request, response) => {
    const { name } = request.params
    if (!['start', 'enter', 'logout'].includes(name)) return notHere(response)
    const at = request.originalUrl.indexOf('?')
    const answer = await ask(request, name, at < 0 ? '' : request.originalUrl.slice(at))
    for (const cookie of answer.headers.getSetCookie()) response.append('Set-Cookie', cookie)
    const location = answer.headers.get('location')
    response.status(answer.status)
    if (location === null) response.type('html').send(await answer.text())
    else response.set('Location', location).end()
  })

  router.get('/{*page}', async (request, response) => {
    const answer = await ask(request, 'check')
    if (answer.status === 200) response.send(journalPage(request, answer.headers))
    else if (answer.status === 401) response.redirect(303, `/${ID}/.bridge/start?to=${request.originalUrl}`)
    else
      response.status(502).type('text').send('Служба входа не отвечает журналу. Подождите минуту и обновите страницу.')
  })
  return router
}

const notHere = (response: Response): void => {
  response.status(404).type('text').send('Такой страницы нет.')
}

/** The journal itself: it knows nothing but what stands in the headers. */
function journalPage(request: Request, headers: Headers): string {
  const rows = HEADERS.map(
    name =>
      html`<tr>
        <th scope="row"><code>${name}</code></th>
        <td>${decode(headers.get(name.toLowerCase()) ?? '')}</td>
      </tr>`,
  )
  return html`<!doctype html>
    <html lang="ru">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${TITLE}</title>
        <link rel="icon" href="/journal.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/journal.css" />
      </head>
      <body class="ink-green">
        <header class="cover"><a class="brand" href="/${ID}/">${TITLE}</a></header>
        <main>
          <h1>Вы вошли</h1>
          <p>Страница <code>${request.originalUrl}</code>. О вас журнал прочитал в заголовках, которые дал прокси:</p>
          <table>
            <tbody>
              ${rows}
            </tbody>
          </table>
          <p><a href="/${ID}/diary?week=2">Дневник</a> · <a href="/${ID}/.bridge/logout">Выйти</a></p>
        </main>
        <footer>Учебный журнал для показа.</footer>
      </body>
    </html>`.text
}

/** RFC 8187: `UTF-8''%D0%81…`, or plain ASCII as it stands. */
const decode = (value: string): string =>
  value.startsWith("UTF-8''") ? decodeURIComponent(value.slice("UTF-8''".length)) : value
