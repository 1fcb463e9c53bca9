/** What a journal shows, and to whom: parents and pupils see the child, teachers their classes, administrators the school. */
const family = ['parent', 'pupil'] as const
const teachers = ['teacher', 'class-teacher'] as const
const everybody = [...family, ...teachers, 'school-admin'] as const

export const sections = {
  '': { title: 'Сегодня', roles: everybody },
  children: { title: 'Мои дети', roles: ['parent'] },
  marks: { title: 'Оценки', roles: family },
  attendance: { title: 'Посещаемость', roles: family },
  timetable: { title: 'Расписание', roles: family },
  curriculum: { title: 'Учебный план', roles: family },
  notices: { title: 'Объявления', roles: everybody },
  messages: { title: 'Сообщения', roles: [...family, ...teachers] },
  meetings: { title: 'Встречи', roles: ['parent', 'class-teacher'] },
  documents: { title: 'Документы', roles: family },
  applications: { title: 'Заявления', roles: ['parent', 'school-admin'] },
  payments: { title: 'Оплата', roles: ['parent'] },
  classes: { title: 'Мои классы', roles: teachers },
  school: { title: 'Школа', roles: ['school-admin'] },
  profile: { title: 'Мои данные', roles: everybody },
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
