/** The letter with which a school asks the IdP's people to connect it: who we are, what we send, what we need. */
import { createHash } from 'node:crypto'
import { describe, serviceProviderOf, type OwnSide } from '../../compose.js'
import { describeCertificate } from '../../certificates/describe.js'
import type { Clock } from '../../base/clock.js'
import { oneLine } from '../printable.js'

/** @param metadata the text of the file that goes with the letter */
export function firstLetter(own: OwnSide, metadata: string, clock: Clock): string {
  const { settings, secrets } = own
  const sp = serviceProviderOf(own)
  const { requestedAttributes } = describe(own, sp, clock)
  const { organization, contacts } = settings.serviceProvider
  return `Тема: подключение поставщика услуг по SAML 2.0: ${sp.entityId}

Здравствуйте!

${oneLine(organization.name)} просит подключить к вашему поставщику идентификации (IdP) вход в электронный журнал школы. Наша сторона — поставщик
услуг (SP) SAML 2.0. Его метаданные приложены (sp.xml, подписаны) и лежат по адресу ${settings.publicUrl}/saml/metadata

  entityID:            ${sp.entityId}
  адрес для ответов:   ${sp.acsUrl} (HTTP-POST)
  адреса для выхода:   ${sp.sloUrl} (HTTP-Redirect, HTTP-POST), ${sp.sloUrl}/soap (SOAP)
  SHA-256 файла:       ${createHash('sha256').update(metadata).digest('hex')}
${fingerprint('сертификат подписи', secrets.signing[0]!.certificatePem)}
${fingerprint('сертификат шифрования', secrets.decryption[0]!.certificatePem)}

Нам нужны атрибуты:
${requestedAttributes.map(({ name }) => `  ${name}`).join('\n')}

Просим:
  1. загрузить наши метаданные и сверить отпечатки с нами по телефону;
  2. прислать ваши метаданные (файл или адрес https) и назвать отпечаток вашего ключа подписи по телефону;
  3. подписывать и Response, и Assertion (RSA-SHA256 или новее), шифровать утверждения AES-GCM для нашего сертификата;
  4. дать тестовую учётную запись.

Наши запросы подписаны. Ответ принимается один раз и в течение нескольких минут: часы на обеих сторонах должны идти точно (NTP).

Вопросы: ${contacts.technical}
`
}

const fingerprint = (title: string, pem: string): string =>
  `  ${`${title}:`.padEnd(24)} SHA-256 ${describeCertificate(pem).sha256}`
