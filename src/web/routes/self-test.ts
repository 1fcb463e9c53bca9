/** The end of a self-test: everything about one login, for school IT. */
import type { Request, Response } from 'express'
import { selfTest, type Decision } from '../../login/self-test.js'
import type { Session } from '../../sessions/sessions.js'
import { maskSnils } from '../../words/snils.js'
import { bannersOf } from '../banner.js'
import { contentPolicy } from '../headers.js'
import { measuredClocks } from '../pages/clocks.js'
import { choiceCards } from '../pages/choose.js'
import { personFields, selfTestPage } from '../pages/self-test.js'
import { refusalText } from '../pages/text-ru.js'
import type { Web } from '../setup.js'
import { idpOrigins, signedInAs } from '../signed-in.js'

export async function showSelfTest(web: Web, request: Request, response: Response, session: Session): Promise<void> {
  const { checks, decisions, drift } = await selfTest(web.ports, session)
  const attributes = session.received?.attributes ?? []
  if (request.accepts(['html', 'json']) === 'json') {
    const { snils, ...person } = session.person
    const shown = { ...person, ...(snils && { snilsMasked: maskSnils(snils) }) }
    response.json({
      number: session.number,
      checks,
      nameId: session.received?.nameId ?? null,
      attributes,
      person: shown,
      decisions,
      drift: drift ?? null,
    })
    return
  }
  contentPolicy(response, idpOrigins(web))
  response.send(
    selfTestPage({
      signedIn: signedInAs(web, session),
      number: session.number,
      at: session.openedAt,
      checks,
      clocks: measuredClocks(drift),
      nameId: session.received?.nameId,
      attributes,
      person: personFields(session.person),
      decision: decisions.map(decision => ({ journal: decision.title, lines: sentences(web, decision) })),
      support: web.support,
      banners: bannersOf(web),
    }),
  )
}

function sentences(web: Web, { choices, refused }: Decision): readonly string[] {
  if (refused !== undefined) return [`Отказ ${refused}. ${refusalText[refused].happened}`]
  const cards = choiceCards(choices, code => web.ports.schools.get(code)?.title ?? code)
  return choices.map((choice, i) => {
    const { title, subtitle } = cards[i]!
    return `${choices.length > 1 ? 'Можно выбрать' : 'Войдёт сразу'}: ${title}, ${subtitle}, логин ${choice.account.login}`
  })
}
