import type { RefusalCode } from '../../base/refusals.js'
import type { RefusalText } from './refusal-text.js'

type SamlCode = Extract<RefusalCode, `saml.${string}`>
type Advice = Omit<RefusalText, 'happened'>

/** The answer cannot be read. Mostly a browser extension, an antivirus or a failure of the IdP. */
const unreadable: Advice = {
  heading: 'Не удалось прочитать ответ Госуслуг',
  steps: [
    'Войдите ещё раз: чаще всего этого достаточно.',
    'Если повторится, попробуйте другой браузер или другое устройство.',
    'Если и там не выйдет, назовите поддержке номер обращения. Исправлять придётся не вам.',
  ],
  call: 'bridge',
  button: 'again',
}

/** The answer cannot be believed. The person can only try again; the cause lies with the operator or with an attacker. */
const unproven: Advice = {
  heading: 'Не удалось проверить ответ Госуслуг',
  steps: [
    'Войдите ещё раз, начав с главной страницы или со страницы своей школы.',
    'Если повторится, назовите поддержке номер обращения. Ваши данные в безопасности, исправлять придётся не вам.',
  ],
  call: 'bridge',
  button: 'again',
}

/** The answer was meant for another place or another login. */
const elsewhere: Advice = {
  heading: 'Этот ответ предназначен не нам',
  steps: [
    'Войдите ещё раз, начав с главной страницы или со страницы своей школы.',
    'Если сюда вас привела ссылка из письма или сообщения, больше не открывайте её.',
    'Если повторится, назовите поддержке номер обращения.',
  ],
  call: 'bridge',
  button: 'again',
}

/** Too early or too late. */
const untimely: Advice = {
  heading: 'Ответ Госуслуг больше не действует',
  steps: [
    'Войдите ещё раз и не оставляйте страницу надолго.',
    'Не возвращайтесь кнопкой «Назад»: она приносит старый ответ.',
    'Если повторится, назовите поддержке номер обращения: возможно, на сервере сбились часы.',
  ],
  call: 'bridge',
  button: 'again',
}

const say = (advice: Advice, happened: string): RefusalText => ({ ...advice, happened })

/** Sentences differ so that a person on the telephone can tell them apart; they name neither elements nor algorithms. */
export const samlText: Readonly<Record<SamlCode, RefusalText>> = {
  'saml.too-large': say(
    unreadable,
    'Ответ оказался намного больше, чем бывают ответы Госуслуг. Мы не стали его читать.',
  ),
  'saml.not-base64': say(
    unreadable,
    'Ответ пришёл испорченным: по дороге в нём потерялись или появились лишние знаки.',
  ),
  'saml.not-utf8': say(unreadable, 'Буквы в ответе записаны так, что их нельзя прочитать.'),
  'saml.declaration': say(unreadable, 'В первой же строке ответа указан вид записи, который здесь не принимают.'),
  'saml.doctype': say(
    unreadable,
    'В ответе есть вставка, которой в честных ответах не бывает. Мы не стали его читать.',
  ),
  'saml.processing-instruction': say(
    unreadable,
    'В ответе есть посторонняя команда. Мы её не выполнили и не стали читать дальше.',
  ),
  'saml.too-complex': say(unreadable, 'Ответ устроен слишком сложно для честного ответа. Мы остановились на середине.'),
  'saml.not-xml': say(unreadable, 'Ответ пришёл не целиком или с ошибкой в записи.'),
  'saml.duplicate-id': say(unproven, 'Две части ответа названы одинаково, и понять, какой из них верить, нельзя.'),
  'saml.schema': say(unreadable, 'Ответ составлен не по правилам: части в нём стоят не на своих местах.'),
  'saml.not-response': say(unreadable, 'Вместо ответа на вход пришло другое сообщение.'),
  'saml.wrong-issuer': say(unproven, 'Ответ прислал не тот сервис, к которому мы вас отправляли.'),
  'saml.unsigned': say(unproven, 'Под ответом нет электронной подписи. Без неё мы не знаем, кто его составил.'),
  'saml.signature-form': say(unproven, 'Электронная подпись поставлена не так, как положено.'),
  'saml.wrapped': say(unproven, 'Электронная подпись относится не к тем данным, которые нам показали.'),
  'saml.algorithm': say(unproven, 'Ответ подписан или зашифрован способом, который школа не считает надёжным.'),
  'saml.weak-key': say(unproven, 'Ключ, которым подписывают ответы, недостаточно надёжен.'),
  'saml.untrusted-key': say(unproven, 'Электронная подпись сделана ключом, которого мы не знаем.'),
  'saml.altered': say(unproven, 'Данные изменились уже после того, как их подписали.'),
  'saml.decryption': say(unproven, 'Ответ зашифрован, и открыть его не получилось.'),
  'saml.assertion-count': say(unproven, 'Данные о вас пришли не один раз, как положено, или не пришли совсем.'),
  'saml.version': say(unreadable, 'Ответ составлен по старым или слишком новым правилам.'),
  'saml.destination': say(elsewhere, 'На конверте ответа стоит не наш адрес.'),
  'saml.recipient': say(elsewhere, 'Данные о вас адресованы не на наш адрес.'),
  'saml.in-response-to': say(elsewhere, 'Это ответ на другой вход, не на тот, который начали вы.'),
  'saml.subject-confirmation': say(unproven, 'В ответе не сказано, что принести его могли именно вы.'),
  'saml.expired': say(untimely, 'Ответ Госуслуг годится всего несколько минут, и они прошли.'),
  'saml.not-yet-valid': say(
    { ...untimely, heading: 'Ответ Госуслуг ещё не действует' },
    'Время в ответе ещё не наступило: часы у нас и у Госуслуг разошлись.',
  ),
  'saml.too-old': say(untimely, 'Ответ составлен слишком давно: похоже, браузер принёс его из истории.'),
  'saml.too-long': say(unproven, 'Ответ обещает действовать дольше суток. Таким ответам мы не верим.'),
  'saml.audience': say(elsewhere, 'Вход на Госуслугах выполнен для другого сайта.'),
  'saml.condition': say(
    unproven,
    'В ответе есть условие, которого мы не понимаем. Пропустить его было бы неосторожно.',
  ),
  'saml.no-authentication': say(unproven, 'В ответе не сказано, что вы вошли на Госуслугах.'),
  'saml.authn-context': say(
    {
      heading: 'Школа просит войти другим способом',
      steps: [
        'Войдите ещё раз и выберите на странице Госуслуг более надёжный способ: например, с кодом подтверждения.',
        'Если выбора не предлагают, назовите поддержке номер обращения.',
      ],
      call: 'bridge',
      button: 'again',
    },
    'Вы вошли на Госуслугах, но не тем способом, о котором просит школа.',
  ),
  'saml.session-over': say(untimely, 'Ваш вход на самих Госуслугах уже закончился.'),
  'saml.not-reauthenticated': say(
    {
      heading: 'Нужно заново ввести пароль на Госуслугах',
      steps: [
        'Войдите ещё раз и введите пароль, когда Госуслуги о нём спросят.',
        'Если они не спрашивают, выйдите из своего кабинета на сайте Госуслуг и повторите.',
      ],
      call: 'bridge',
      button: 'again',
    },
    'Мы просили Госуслуги спросить пароль заново, а они пустили по прежнему входу. Так мог войти кто-то другой.',
  ),
  'saml.replayed': say(
    {
      heading: 'Этот ответ уже использован',
      steps: ['Если журнал открыт в другой вкладке, вернитесь в неё.', 'Если нет, начните вход заново.'],
      call: 'nobody',
      button: 'again',
    },
    'Каждый ответ Госуслуг действует один раз, а этот сюда уже приносили: например, обновили страницу.',
  ),
}
