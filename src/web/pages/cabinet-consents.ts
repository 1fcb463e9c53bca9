import type { Consent } from '../../consent/consent.js'
import { roleTitles } from '../../words/account.js'
import { ID_FIELD, type Section, type Titles } from './cabinet-parts.js'
import { html, type Html } from './html.js'
import { shortMoment } from './number.js'

export function consentsSection(consents: readonly Consent[], titles: Titles): Section | undefined {
  if (consents.length === 0) return undefined
  const body = html`<p>На что вы согласились. Отозвать согласие можно в любой момент.</p>
    <ul class="doors">
      ${consents.map(consent => row(consent, titles))}
    </ul>`
  return { id: 'consents', title: 'Согласия', body }
}

const row = ({ id, journal, school, role, details, version, at, ended }: Consent, titles: Titles): Html =>
  html`<li>
    <span>
      <strong>${titles.journal(journal)}</strong>
      <small>${roleTitles[role]} · ${titles.school(school)}</small>
      ${details?.child && html`<small>ребёнок: ${details.child.name}</small>`}
      <small>текст «${version}», дано ${shortMoment(at)}</small>
      ${ended ? html`<small>${enders[ended.how]} ${shortMoment(ended.at)}</small>` : withdrawLink(id, titles.journal(journal))}
    </span>
  </li>`

const enders = { superseded: 'заменено новым', withdrawn: 'отозвано' } as const

const withdrawLink = (id: string, journal: string): Html =>
  html`<a href="/me/consents/withdraw?${new URLSearchParams({ [ID_FIELD]: id }).toString()}"
    >Отозвать<span class="heard">: ${journal}</span></a
  >`
