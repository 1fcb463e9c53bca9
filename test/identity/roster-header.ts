/** First row of the lists that the tests write. */
export const HEADER =
  'Логин;Роль;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Класс;Код ребёнка;ФИО ребёнка;Класс ребёнка;E-mail'
