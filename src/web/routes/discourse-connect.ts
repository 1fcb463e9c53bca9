/** `/discourse-connect/JOURNAL`: where a forum's own «Войти» leads. */
import { startAsked } from '../../login/asked.js'
import { queryValue } from '../params.js'
import type { Handler } from '../route.js'
import { show } from '../show.js'
import { visitor } from '../visitor.js'
import { checkNavigation, countRound } from './login.js'

/** Characters. A return address of the greatest length, in base64 of a query. */
const LONGEST = 4096

export const getDiscourseConnect: Handler = async (web, request, response) => {
  checkNavigation(request)
  const { journal } = request.params
  const { outcome, wish } = await startAsked(web.ports, visitor(web, request), {
    journal: typeof journal === 'string' ? journal : '',
    sso: queryValue(request, 'sso', LONGEST) ?? '',
    sig: queryValue(request, 'sig', 64) ?? '',
  })
  if (wish) countRound(web, request, response, outcome, wish)
  await show(web, request, response, outcome)
}
