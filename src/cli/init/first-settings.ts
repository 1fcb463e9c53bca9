/** The bridge.yaml that `init` writes: what a school needs on the first day, with a word about each thing in Russian. */
import { isLocalHttp, isRemote } from '../../settings/values.js'
import type { Answers } from './questions.js'

/** Where the settings look for the IdP's metadata when they are a file. */
export const IDP_FILE = 'metadata/idp/gosuslugi.xml'

/** Text of YAML in double quotes is text of JSON. */
const quoted = (text: string): string => JSON.stringify(text)

/** @param port of the bridge itself, behind the web server */
export function firstSettings(answers: Answers, port: number): string {
  const { url, organization, site, technical, support, phone, school, idpMetadata, journal, journalUrl } = answers
  const isTrial = isLocalHttp(url)
  return `# Настройки моста. Сделаны командой init; менять можно всё, кроме отмеченного. Все настройки с пояснениями:
# bridge.example.yaml и docs/configuration.md. Проверить после правки: npx --no-install bridge check-config

# Адрес моста, как его видят люди и IdP.
publicUrl: ${url}
${isTrial ? '\n# Проба на этом компьютере, без https. Для настоящей работы нужен адрес https, а эту строку надо убрать.\ndemo: true\n' : ''}
# Здесь мост слушает сам; https принимает веб-сервер перед ним, на этой же машине (deploy/).
listen: { host: 127.0.0.1, port: ${port}, trustProxy: ${isTrial ? 'false' : 'loopback'} }

# База: один файл. Путь считается от папки этого файла.
storage: { database: "sqlite:data/bridge.db" }

# Ключи моста. lookup и data храните ещё и отдельно от базы и её копий: без них в базе никого не найти и не прочитать.
secrets:
  session: [{ file: certs/session.key }]
  lookup: [{ id: l1, file: certs/lookup.key }]
  data: [{ id: d1, file: certs/data.key }]
  tokens: [{ id: t1, file: certs/token.key }]

# Кто мы для IdP.
serviceProvider:
  # Имя моста в SAML. НЕ МЕНЯЙТЕ после того, как его узнал IdP.
  entityId: ${url}/saml/metadata
  organization: { name: ${quoted(organization)}, url: ${quoted(site)} }
  contacts: { technical: ${quoted(technical)}, support: ${quoted(support)} }
  signing: [{ key: certs/sp-signing.key, cert: certs/sp-signing.crt }]
  decryption: [{ key: certs/sp-encryption.key, cert: certs/sp-encryption.crt }]

# Кому мы верим. Указать здесь файл или адрес — значит доверять: сверьте отпечаток ключа по телефону.
identityProviders:
  - { metadata: ${quoted(isRemote(idpMetadata) ? idpMetadata : IDP_FILE)}, profile: esia }

schools:
  # code НЕ МЕНЯЙТЕ: он стоит в адресах и в списке людей.
  - code: school-1
    title: ${quoted(school)}
    support: { phone: ${quoted(phone)}, email: ${quoted(support)} }

journals:
  # id НЕ МЕНЯЙТЕ: он стоит в адресах. Другие способы входа: docs/integrators/README.md
  - id: journal
    title: ${quoted(journal)}
    schools: [school-1]
    # ES256 понимают приёмники для Node.js, Python и Java. Для PHP, C# и 1С напишите alg: HS256 и key: { env: SGO_KEY },
    # общий с журналом ключ: docs/integrators/signed-link.md
    connector: { kind: signed-link, alg: ES256, url: ${quoted(journalUrl)} }
    returnTo: [${quoted(`${new URL(journalUrl).origin}/*`)}]
    # Кто входит. Администратор школы, записанный в списке, решает её вопросы на странице /school: docs/ru/ocheredi.md
    roles: [parent, pupil, teacher, class-teacher, school-admin]

# Самопроверка по адресу ${url}/self-test: вход без журнала. Когда всё заработает, уберите эту строку.
selfTest: true
`
}
