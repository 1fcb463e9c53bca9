/** The file of the documentation, in the compact form in which people write it. Tests spoil it line by line. */
export const sample = `publicUrl: https://vhod.school.example
listen: { host: 127.0.0.1, port: 8080, trustProxy: loopback }
storage: { database: "sqlite:data/bridge.db" }
secrets:
  session: [{ file: certs/session.key }]
  lookup: [{ id: l1, file: certs/lookup.key }]
  data: [{ id: d1, file: certs/data.key }]
  tokens: [{ id: t1, file: certs/token.key }]
serviceProvider:
  entityId: https://vhod.school.example/saml/metadata
  organization: { name: МБОУ СОШ № 1, url: https://school.example }
  contacts: { technical: it@school.example, support: help@school.example }
  requestedAttributes: esia
  signing: [{ key: certs/sp-signing.key, cert: certs/sp-signing.crt }]
  decryption: [{ key: certs/sp-encryption.key, cert: certs/sp-encryption.crt }]
identityProviders:
  - { metadata: metadata/idp/gosuslugi.xml, profile: esia, assurance: confirmed }
schools:
  - { code: school-1, title: Школа № 1, ogrn: "1027700132195", support: { phone: +7 495 000-00-00 } }
journals:
  - id: sgo
    title: Сетевой Город
    schools: [school-1]
    connector: { kind: signed-link, alg: HS256, key: { env: SGO_KEY }, url: https://sgo.school.example/sso, requireState: false }
    returnTo: ["https://sgo.school.example/diary/*"]
    roles: [parent, pupil, teacher]
sessions: { idle: 15m, absolute: 8h }
clockSkew: 180s
`
