import { html } from './html.js'
import { page, type Frame } from './layout.js'

export interface OpenJournalPage extends Frame {
  readonly journalTitle: string
  /** Address of the journal. */
  readonly to: string
  readonly fields: Readonly<Record<string, string>>
  /** What the journal reads its forms in; UTF-8 when absent. */
  readonly charset?: string | undefined
  /** Address of the script that presses the button. */
  readonly script: string
}

/** The last step of a login, where the journal wants a form: it posts itself, and where scripts are off the button does. */
export function openJournalPage(args: OpenJournalPage): string {
  const main = html`<h1>Открываем «${args.journalTitle}»</h1>
    <p class="lead">Если страница не сменилась сама, нажмите кнопку.</p>
    <form class="actions" id="pass-on" method="post" action="${args.to}" accept-charset="${args.charset ?? 'utf-8'}">
      ${Object.entries(args.fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <button class="button large" type="submit">Открыть журнал</button>
    </form>
    <p class="hint" lang="en">If the journal does not open by itself, press the button.</p>
    <script src="${args.script}"></script>`
  return page({ ...args, signedIn: undefined, title: 'Открываем журнал', main })
}
