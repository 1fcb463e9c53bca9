/** What each check asks, in Russian: for the self-test page and for letters to the IdP's people. */
import type { CheckName } from './notes.js'

export const checkTitles: Readonly<Record<CheckName, string>> = {
  size: 'Ответ не больше 256 КиБ',
  base64: 'Ответ закодирован в base64',
  utf8: 'Текст в UTF-8',
  xml: 'XML записан правильно, без DTD и лишнего',
  schema: 'Ответ построен по схемам OASIS',
  message: 'Это ответ SAML (Response)',
  issuer: 'Ответ от того IdP, к которому отправили',
  status: 'IdP сообщает об успехе',
  'assertion-count': 'В ответе ровно одно утверждение',
  'signature-places': 'Подписи стоят там, где должны',
  'response-signature': 'Подпись ответа верна',
  decryption: 'Утверждение расшифровано нашим ключом',
  'assertion-signature': 'Подпись утверждения верна',
  times: 'Времена записаны правильно',
  version: 'Версия SAML 2.0',
  'assertion-issuer': 'Утверждение от того же IdP, что и ответ',
  destination: 'Ответ направлен на наш адрес',
  'response-in-response-to': 'Ответ на наш запрос',
  'subject-confirmation': 'Есть подтверждение вида bearer',
  recipient: 'Подтверждение для нашего адреса',
  'in-response-to': 'Подтверждение отвечает на наш запрос',
  'confirmation-time': 'Срок подтверждения не истёк',
  'issue-instant': 'Ответ создан только что',
  'conditions-time': 'Срок утверждения идёт',
  conditions: 'Условия нам понятны',
  audience: 'Утверждение для нас',
  authentication: 'Сказано, когда и как человек вошёл',
  'session-end': 'Сеанс у IdP не закончен',
  reauthentication: 'Человек вошёл заново, когда мы об этом просили',
  address: 'Адрес браузера тот же, что видел IdP',
  'authn-context': 'Человек вошёл тем способом, о котором мы просили',
  'name-id': 'Имя человека у IdP (NameID) прочитано',
  replay: 'Утверждение пришло впервые',
}

export const checkTitle = (check: string): string | undefined =>
  (checkTitles as Readonly<Record<string, string>>)[check]
