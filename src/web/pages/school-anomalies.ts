import type { Instant } from '../../base/clock.js'
import { html, type Html } from './html.js'
import { TOKEN_FIELD } from './layout.js'
import { moment, shortMoment } from './number.js'

export interface ShownAnomaly {
  readonly id: string
  /** What happened, in a sentence without its full stop. */
  readonly what: string
  readonly first: Instant
  readonly last: Instant
  readonly number?: string | undefined
  /** `p-1001, родитель`: names stand in the school's own list. */
  readonly accounts: readonly string[]
  readonly lockedUntil?: Instant | undefined
  /** About the administrator, who does not decide about that. */
  readonly own: boolean
  readonly acknowledged: boolean
}

/** What became of the last decision. */
export const anomalyResults = {
  unlocked: 'Вход открыт, счёт начат заново.',
  acknowledged: 'Отмечено: больше не напомним.',
  'nothing-to-do': 'Ничего не изменилось: запрет уже кончился или кто-то решил раньше.',
  'no-reason': 'Ничего не изменилось: напишите причину, от 3 до 500 знаков.',
} as const

export interface SchoolAnomalies {
  readonly anomalies: readonly ShownAnomaly[]
  readonly result?: keyof typeof anomalyResults | undefined
}

export function anomaliesSection(
  { anomalies, result }: SchoolAnomalies,
  token: string,
  mayDecide: boolean,
): Html | undefined {
  if (anomalies.length === 0 && result === undefined) return undefined
  return html`<section aria-labelledby="unusual">
    <h2 id="unusual">Необычные входы</h2>
    ${result !== undefined && html`<p class="${result === 'no-reason' ? 'mistake' : 'done'}" role="status">${anomalyResults[result]}</p>`}
    <p>
      Мост заметил это сам. Позвоните человеку и спросите, он ли это был. Если нет, пусть сменит пароль на Госуслугах.
    </p>
    <ul class="cards">
      ${anomalies.map(each => card(each, token, mayDecide))}
    </ul>
  </section>`
}

function card(shown: ShownAnomaly, token: string, mayDecide: boolean): Html {
  const { id, what, first, last, number, accounts, lockedUntil, own, acknowledged } = shown
  return html`<li class="card">
    <h3>${what.charAt(0).toUpperCase() + what.slice(1)}</h3>
    <p>
      ${accounts.join('; ') || 'учётной записи в списке нет'}<br />
      <small>с ${shortMoment(first)} по ${shortMoment(last)}${number !== undefined && html` · ${number}`}</small>
    </p>
    ${lockedUntil !== undefined && html`<p><strong>Вход в журнал закрыт до ${moment(lockedUntil)}.</strong></p>`}
    ${own ? html`<p>Это о вас: решает другой администратор.</p>` : mayDecide && form(id, token, lockedUntil !== undefined, acknowledged)}
  </li>`
}

function form(id: string, token: string, isLocked: boolean, acknowledged: boolean): Html | false {
  if (!isLocked && acknowledged) return false
  const field = `reason-${id}`
  return html`<form method="post" action="/school/anomalies">
    <input type="hidden" name="${TOKEN_FIELD}" value="${token}" />
    <input type="hidden" name="id" value="${id}" />
    <p class="field">
      <label for="${field}">Причина</label>
      <input id="${field}" class="typed" name="reason" minlength="3" maxlength="500" required />
    </p>
    <div class="actions">
      ${
        isLocked
          ? html`<button class="button" type="submit" name="act" value="unlock">Открыть вход</button>`
          : html`<button class="button quiet" type="submit" name="act" value="acknowledge">
              Понятно, не напоминать
            </button>`
      }
    </div>
  </form>`
}
