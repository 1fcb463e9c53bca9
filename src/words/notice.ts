/**
 * What people may be told by e-mail. `devices`: somebody signed in as them on a device that was not seen before. `accounts`: an
 * account became theirs, or is no more. `consents`: a consent was taken back. `unusual`: the watch saw something strange
 * under their name, or locked it.
 */
export const noticeKinds = ['devices', 'accounts', 'consents', 'unusual'] as const
export type NoticeKind = (typeof noticeKinds)[number]
