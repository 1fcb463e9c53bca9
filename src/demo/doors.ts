/** Journals of the demo that sign by hand: one a way, and each with names and shapes of its own, as schools have them. */
import type { Town } from './settings.js'

export const doors = ['form', 'query', 'forum'] as const
export type Door = (typeof doors)[number]

export const demoDoors = {
  form: { title: 'Журнал с формой', door: 'form-post' },
  query: { title: 'Журнал на PHP', door: 'hmac-query' },
  forum: { title: 'Школьный форум', door: 'discourse-connect' },
} as const satisfies Record<Door, object>

const connectors = (town: Town): Record<Door, object> => ({
  form: {
    url: `${town.journals}/form/sso`,
    charset: 'windows-1251',
    fields: {
      ...{ LOGIN: '{login}', ROLE: '{role}', SCHOOL: '{school}', CHILD: '{child}', FIO: '{lastName} {firstName}' },
      ...{ SID: '{sid}', BACK: '{returnTo}', STATE: '{state}', FOR: '{audience}', TIME: '{ts}', ID: '{nonce}' },
    },
    signatureField: 'HASH',
  },
  query: {
    url: `${town.journals}/query/sso`,
    parameters: {
      ...{ uid: '{login}', role: '{role}', school: '{school}', child: '{child}', sid: '{sid}' },
      ...{ back: '{returnTo}', state: '{state}', aud: '{audience}', ts: '{ts}', nonce: '{nonce}' },
    },
    sign: 'values',
  },
  forum: {
    url: `${town.journals}/forum/sso`,
    startUrl: `${town.journals}/forum/login`,
    fields: {
      ...{ external_id: '{account}', username: '{login}', email: '{account}@school.invalid', sid: '{sid}' },
      ...{ 'custom.role': '{role}', 'custom.school': '{school}', 'custom.child': '{child}' },
    },
  },
})

export const doorJournals = (town: Town) =>
  doors.map(id => ({
    id,
    title: demoDoors[id].title,
    schools: ['school-1', 'school-2'],
    connector: {
      kind: demoDoors[id].door,
      key: { file: `certs/${id}.key` },
      ...connectors(town)[id],
      logoutUrl: `${town.journals}/${id}/sso-logout`,
    },
    returnTo: [`${town.journals}/${id}/*`],
    release: ['account', 'login', 'role', 'school', 'child', ...(id === 'form' ? ['lastName', 'firstName'] : [])],
    roles: ['parent', 'pupil', 'teacher', 'class-teacher', 'school-admin'],
  }))
