import type { RefusalCode } from './refusals.js'

type IdpCode = Extract<RefusalCode, `${'idp' | 'saml' | 'logout' | 'soap'}.${string}`>

const TO_THE_IDP = 'Отправьте администраторам IdP письмо, которое составил `explain`; у себя исправлять нечего.'
const CLOCKS =
  'Сравните часы: `explain` показывает, насколько часы IdP расходятся с нашими, `doctor` проверяет наши. Если наши верны, отправьте администраторам IdP письмо, которое составил `explain`.'
const KEYS =
  'Получите свежие метаданные IdP (`idp-metadata refresh` или новый файл) и сверьте ключи с его администраторами по телефону. ' +
  'Если ключи те же, отправьте им письмо, которое составил `explain`.'
const LOOK_AT_IT =
  'Если это случилось один раз, кто-то пробовал, что будет. Если у многих, отправьте администраторам IdP письмо, которое составил `explain`: у них прокси или шлюз меняет уже подписанное.'
const OUR_ADDRESS =
  'Сравните `publicUrl` в настройках с тем, что «получили» у непройденной проверки. Если у нас верно, отправьте администраторам IdP наши метаданные (`sp-metadata`) и письмо, которое составил `explain`.'
const SOAP =
  'Если ваш IdP заканчивает сеансы по SOAP, отправьте его администраторам письмо, которое составил `explain`. Если нет, пробовал посторонний, и ничего не случилось.'

/** What to do when it is about an identity provider, in Russian. */
export const idpRemediesRu: Readonly<Record<IdpCode, string>> = {
  'idp.unknown': 'Исправьте `idp=` в ссылке или добавьте этот IdP в `identityProviders` в настройках.',
  'idp.not-for-journal': 'Исправьте ссылку в журнал или `journals[].identityProvider` в настройках.',
  'idp.metadata-expired':
    'Получите свежие метаданные: `idp-metadata refresh` или новый файл от IdP. Что этому мешает, скажет `doctor`.',
  'idp.declined':
    'Пусть человек попробует позже. Если не проходит, отправьте администраторам IdP письмо, которое составил `explain`.',
  'idp.authn-failed': 'Пусть человек войдёт ещё раз или восстановит доступ у IdP.',
  'idp.request-denied':
    'Пусть человек войдёт ещё раз и согласится. Если не пускает никого, спросите администраторов IdP, подключён ли ещё наш сервис.',
  'idp.no-authn-context':
    'Пусть человек подтвердит учётную запись у IdP или войдёт тем способом, о котором просят настройки (`identityProviders[].authnContext`).',
  'idp.no-passive': TO_THE_IDP,
  'idp.unknown-principal': 'Пусть человек проверит, есть ли ещё его учётная запись у IdP, и войдёт под нужной.',
  'idp.name-id-policy':
    'Поставьте `identityProviders[].nameIdPolicy: none` или спросите администраторов IdP, какой NameID они дают.',
  'idp.request-unsupported':
    'Спросите администраторов IdP, какие запросы он принимает; наш меняют `identityProviders[].requestSignature` и `authnContext`.',
  'idp.requester':
    'Отправьте администраторам IdP наши метаданные ещё раз (`sp-metadata`) и спросите, записаны ли у них наш entityID и наши ключи.',

  'saml.too-large':
    'Отправьте администраторам IdP письмо, которое составил `explain`: ему нужно передавать меньше сведений о человеке.',
  'saml.not-base64': LOOK_AT_IT,
  'saml.not-utf8': LOOK_AT_IT,
  'saml.declaration': TO_THE_IDP,
  'saml.doctype': LOOK_AT_IT,
  'saml.processing-instruction': LOOK_AT_IT,
  'saml.too-complex': LOOK_AT_IT,
  'saml.not-xml': LOOK_AT_IT,
  'saml.duplicate-id': LOOK_AT_IT,
  'saml.schema': `${TO_THE_IDP} Строка и элемент ответа названы у непройденной проверки.`,
  'saml.not-response': TO_THE_IDP,
  'saml.wrong-issuer':
    'Сравните entityID в установленных метаданных с тем, что «получили» у непройденной проверки. Если у IdP он новый, установите его новые метаданные; если нет, отправьте администраторам IdP письмо, которое составил `explain`.',
  'saml.unsigned':
    'Отправьте администраторам IdP письмо, которое составил `explain`: IdP должен подписывать свои ответы. Если он подписывает только утверждения, поставьте `identityProviders[].responseSignature: optional`.',
  'saml.signature-form': TO_THE_IDP,
  'saml.wrapped': LOOK_AT_IT,
  'saml.algorithm':
    'Отправьте администраторам IdP письмо, которое составил `explain`: подписывать и шифровать нужно одним из алгоритмов, названных в наших метаданных.',
  'saml.weak-key': `${KEYS} Ключ короче 2048 бит там нужно сменить.`,
  'saml.untrusted-key': KEYS,
  'saml.altered': LOOK_AT_IT,
  'saml.decryption':
    'Отправьте администраторам IdP наши нынешние метаданные (`sp-metadata`): возможно, он шифрует для старого ключа. Если `list-certs` показывает, что ключи сменили мы, верните старый в `serviceProvider.decryption`.',
  'saml.assertion-count': TO_THE_IDP,
  'saml.version': TO_THE_IDP,
  'saml.destination': OUR_ADDRESS,
  'saml.recipient': OUR_ADDRESS,
  'saml.in-response-to': LOOK_AT_IT,
  'saml.subject-confirmation': TO_THE_IDP,
  'saml.expired': CLOCKS,
  'saml.not-yet-valid': CLOCKS,
  'saml.too-old': CLOCKS,
  'saml.too-long': TO_THE_IDP,
  'saml.audience':
    'Сравните `serviceProvider.entityId` в настройках с тем, что «получили» у непройденной проверки. Если у нас верно, отправьте администраторам IdP наши метаданные (`sp-metadata`) и письмо, которое составил `explain`.',
  'saml.condition': TO_THE_IDP,
  'saml.no-authentication': TO_THE_IDP,
  'saml.authn-context':
    'Отправьте администраторам IdP письмо, которое составил `explain`, или поменяйте `identityProviders[].authnContext` в настройках.',
  'saml.session-over': `${CLOCKS} За сеанс, который у него закончен, IdP ручаться не должен.`,
  'saml.not-reauthenticated': TO_THE_IDP,
  'saml.replayed':
    'Исправлять нечего: пусть человек начнёт заново со страницы школы или из журнала. ' +
    'Если так у многих, кто-то приносит чужие ответы повторно: посмотрите адреса, которые показывает `explain`.',

  'logout.replayed': TO_THE_IDP,
  'logout.other-name': TO_THE_IDP,
  'logout.unknown':
    'Исправлять нечего: этот выход уже завершён или начат в другом браузере. Главная страница показывает, кто вошёл.',
  'soap.envelope': SOAP,
  'soap.version': SOAP,
  'soap.must-understand': SOAP,
}
