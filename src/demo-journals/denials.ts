/** Every reason for which a journal does not let somebody in, with the words of the page. */
interface Row {
  readonly status: 400 | 403 | 404 | 503
  readonly heading: string
  readonly text: string
}

const AGAIN = 'Вернитесь на первую страницу журнала и войдите ещё раз.'

export const denials = {
  'token-missing': { status: 400, heading: 'Ссылка для входа пуста', text: `В адресе нет пропуска, с которым приходят из Госуслуг. ${AGAIN}` },
  'token-form': { status: 400, heading: 'Ссылка для входа повреждена', text: `Адрес скопирован не целиком или изменён. ${AGAIN}` },
  'token-algorithm': { status: 403, heading: 'Ссылка для входа не подходит', text: `Пропуск подписан не тем способом, о котором договорился журнал. ${AGAIN}` },
  'token-signature': { status: 403, heading: 'Подпись не сошлась', text: `Пропуск выдан не нашей службой входа или был изменён по дороге. ${AGAIN}` },
  'token-issuer': { status: 403, heading: 'Пропуск выдала другая служба', text: `Журнал принимает пропуска только своей службы входа. ${AGAIN}` },
  'token-audience': { status: 403, heading: 'Пропуск выдан другому журналу', text: `Откройте тот журнал, в который вы входили, или войдите в этот. ${AGAIN}` },
  'token-expired': { status: 403, heading: 'Ссылка для входа устарела', text: `Она действует одну минуту, чтобы ею не воспользовался никто другой. ${AGAIN}` },
  'token-early': { status: 403, heading: 'Ссылка ещё не действует', text: `Часы журнала и службы входа расходятся. ${AGAIN} Если не поможет, сообщите в школу.` },
  'token-used': { status: 403, heading: 'По этой ссылке уже вошли', text: `Каждая ссылка открывает журнал один раз. ${AGAIN}` },
  'handle-refused': { status: 403, heading: 'Ключ из ссылки не принят', text: `Он действует одну минуту и открывает журнал один раз. ${AGAIN}` },
  'session-over': { status: 403, heading: 'Вы уже вышли', text: `Вход, по которому открыта ссылка, закончен. ${AGAIN}` },
  'state-missing': { status: 403, heading: 'Вход начат не здесь', text: `Этот журнал пускает только тех, кто нажал «Войти» на его странице. ${AGAIN}` },
  'state-foreign': { status: 403, heading: 'Вход начат в другом браузере', text: `Начните и закончите вход в одном и том же браузере, не стирая cookie. ${AGAIN}` },
  'return-denied': { status: 400, heading: 'Такого раздела в журнале нет', text: `Адрес, на который нужно вернуться, не принадлежит журналу. ${AGAIN}` },
  'role-denied': { status: 403, heading: 'Раздел не для вас', text: 'Этот раздел открыт другим: у родителей, учеников, учителей и администраторов разделы разные.' },
  'deed-denied': { status: 403, heading: 'Это делают другие', text: 'Смотреть этот раздел вам можно, а менять в нём может тот, кому это поручила школа.' },
  'not-yours': { status: 403, heading: 'Это не ваше', text: 'Запись относится к другому ребёнку, классу или человеку. Если это ошибка, позвоните в школу.' },
  'form-foreign': { status: 403, heading: 'Форма устарела', text: 'Страница открыта до входа или на другом сайте. Откройте раздел ещё раз и повторите.' },
  'keys-unreachable': { status: 503, heading: 'Не удалось проверить пропуск', text: 'Служба входа не отвечает журналу. Подождите минуту и войдите ещё раз.' },
  'not-found': { status: 404, heading: 'Такой страницы нет', text: 'Проверьте адрес или начните с первой страницы журнала.' },
} as const satisfies Record<string, Row> // prettier-ignore

export type DenialCode = keyof typeof denials

/** An expected "no" of the journal. Anything else that is thrown is a bug. */
export class Denial extends Error {
  override readonly name = 'Denial'
  readonly code: DenialCode

  constructor(code: DenialCode) {
    super(code)
    this.code = code
  }
}
