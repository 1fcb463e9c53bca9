/** What a journal shows, and to whom: parents and pupils see the child, teachers their classes, administrators the school. */
export const sections = {
  '': { title: 'Сегодня', roles: ['parent', 'pupil', 'teacher', 'class-teacher', 'school-admin'] },
  marks: { title: 'Оценки', roles: ['parent', 'pupil'] },
  timetable: { title: 'Расписание', roles: ['parent', 'pupil'] },
  notices: { title: 'Объявления', roles: ['parent', 'pupil', 'teacher', 'class-teacher', 'school-admin'] },
  classes: { title: 'Мои классы', roles: ['teacher', 'class-teacher'] },
  school: { title: 'Школа', roles: ['school-admin'] },
} as const satisfies Record<string, { title: string; roles: readonly string[] }>

export type Section = keyof typeof sections

export const isSection = (text: string): text is Section => Object.hasOwn(sections, text)

export const maySee = (role: string, section: Section): boolean =>
  (sections[section].roles as readonly string[]).includes(role)

export const sectionsOf = (role: string): readonly Section[] =>
  (Object.keys(sections) as Section[]).filter(section => maySee(role, section))

export const roleTitle = (role: string): string =>
  new Map([
    ['teacher', 'учитель'],
    ['class-teacher', 'классный руководитель'],
    ['parent', 'родитель'],
    ['pupil', 'ученик'],
    ['school-admin', 'администратор школы'],
  ]).get(role) ?? role
