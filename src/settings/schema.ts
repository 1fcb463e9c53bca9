/**
 * Settings: bridge.yaml and the secrets it names. Every setting carries one sentence for the operator, what is allowed and
 * an example; bridge.example.yaml, docs/configuration.md and the error messages are made from them.
 * Does not touch: what rooms do with the settings.
 * Called by: compose, the command line; asks the journals' connectors what their blocks may hold.
 */
import * as z from 'zod'
import { levels } from '../words/person.js'
import { algorithmByName } from '../words/saml-names.js'
import { rosterImportsList } from './schema-imports.js'
import { anomaliesSection } from './schema-anomalies.js'
import { consentSection } from './schema-consent.js'
import { confirmationSection } from './schema-confirmation.js'
import { limitsSection } from './schema-limits.js'
import { mailSection, noticesList, smsSection } from './schema-messages.js'
import { retentionSection } from './schema-retention.js'
import { journalsList, schoolsList } from './schema-schools.js'
import { keyPairs, secretsSection } from './schema-secrets.js'
import { storageSection } from './schema-storage.js'
import {
  duration,
  durationAllowed,
  EMAIL,
  isMetadataSource,
  isOrigin,
  isProxyAddress,
  isWebAddress,
  line,
} from './values.js'
import { section, setting } from './walk.js'

const flag = (about: string) =>
  setting(z.boolean().prefault(false), { about, allowed: 'true or false', example: false })

const lasting = (least: string, most: string, usual: string, about: string) =>
  setting(duration(least, most).prefault(usual), { about, allowed: durationAllowed(least, most), example: usual })

const email = (about: string, example: string) =>
  setting(z.string().regex(EMAIL), { about, allowed: 'an e-mail address', example })

const words = (about: string, example: string) => setting(line(200), { about, allowed: 'one line of text', example })

const publicUrl = setting(z.string().refine(isOrigin), {
  about: 'Address of the bridge as browsers and the IdP see it.',
  allowed:
    'an https origin without path or slash at its end (http only for localhost and 127.0.0.1, with `demo: true`)',
  example: 'https://vhod.school.example',
})

const proxy = setting(z.string().refine(isProxyAddress), {
  allowed: 'an IP address or a network like 10.0.0.0/8, not the whole internet',
  example: '10.0.0.0/8',
})

const listen = section('Where the server listens.', {
  host: setting(line(255).prefault('127.0.0.1'), {
    about: 'Network address of this machine to listen on.',
    allowed: 'an IP address or host name',
    example: '127.0.0.1',
  }),
  port: setting(z.int().min(0).max(65_535).prefault(8080), {
    about: 'TCP port to listen on.',
    allowed: 'a whole number from 1 to 65535 (0 takes any free port)',
    example: 8080,
  }),
  trustProxy: setting(z.union([z.literal(false), z.literal('loopback'), z.array(proxy).min(1)]).prefault(false), {
    about: 'Reverse proxies whose X-Forwarded-For is believed; anyone believed can write any address into the audit.',
    allowed: 'false, loopback, or a list of IP addresses and networks like 10.0.0.0/8',
    example: 'loopback',
  }),
  drain: lasting(
    '0s',
    '60s',
    '0s',
    'Behind a balancer: how long a bridge that was told to stop goes on serving while /readyz already says 503.',
  ),
})

const attributeName = setting(line(256), {
  allowed: 'the name of an attribute',
  example: 'urn:esia:personSNILS',
})

const serviceProvider = section('Who we are for the IdP.', {
  entityId: setting(
    line(1_024).refine(text => URL.canParse(text)),
    {
      about: 'Our name in SAML; never change it once the IdP knows it.',
      allowed: 'an absolute URI of at most 1024 characters (saml-core 8.3.6)',
      example: 'https://vhod.school.example/saml/metadata',
    },
  ),
  title: setting(line(200).prefault('Электронный журнал'), {
    about: "What the person reads on the IdP's page.",
    allowed: 'one line of text',
    example: 'Электронный журнал',
  }),
  description: setting(line(1_000).exactOptional(), {
    about: 'One sentence about the service, for the IdP and its page.',
    allowed: 'one line of text',
    example: 'Вход в электронный журнал школы',
  }),
  organization: section('Organisation that answers for the service.', {
    name: words('Name of the organisation.', 'МБОУ СОШ № 1'),
    url: setting(z.string().refine(isWebAddress), {
      about: 'Web site of the organisation.',
      allowed: 'an http or https address',
      example: 'https://school.example',
    }),
  }),
  contacts: section("Whom the IdP's people may write to.", {
    technical: email('Who keeps the bridge running.', 'it@school.example'),
    support: email('Who helps the people that sign in.', 'help@school.example'),
  }),
  requestedAttributes: setting(z.union([z.literal('esia'), z.array(attributeName).min(1)]).prefault('esia'), {
    about: 'What we ask the IdP to send: `esia` is the least that the bridge needs.',
    allowed: 'esia, or a list of attribute names like urn:esia:personSNILS',
    example: 'esia',
  }),
  signing: keyPairs('Keys that sign our messages: the current one signs, all are published.', 'signing'),
  decryption: keyPairs('Keys for which the IdP encrypts: all are published, all are tried.', 'encryption'),
})

const CLASS = {
  allowed: 'the URI of an authentication context class',
  example: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
}

const entityName = setting(line(1_024), {
  allowed: 'an entityID of the metadata',
  example: 'https://esia.gosuslugi.example/idp/shibboleth',
})

const identityProvider = z.strictObject({
  metadata: setting(line(1_000).refine(isMetadataSource), {
    about: "File or https address of the IdP's metadata; writing it here is a decision to trust it.",
    allowed: 'the path of an XML file, or an https address',
    example: 'metadata/idp/gosuslugi.xml',
  }),
  entityId: setting(z.union([entityName, z.array(entityName).min(1).max(1_000)]).exactOptional(), {
    about:
      'Which IdP of the metadata is meant, when they hold several. With a list each is called as its metadata say; ' +
      'whoever is not named stays a stranger.',
    allowed: 'an entityID of the metadata, or a list of them',
    example: 'https://esia.gosuslugi.example/idp/shibboleth',
  }),
  signedBy: setting(line(1_000).exactOptional(), {
    about:
      'Certificate or public key of who signs the metadata, got by another way than the metadata. Only its key counts. ' +
      'With it, metadata that are unsigned or signed by another key are refused.',
    allowed: 'the path of a PEM file',
    example: 'certs/federation.crt',
  }),
  refresh: lasting(
    '5m',
    '7d',
    '6h',
    'How often an address is asked for fresh metadata; their cacheDuration may shorten it.',
  ),
  maxValidity: setting(z.union([z.literal('none'), duration('1h', '366d')]).exactOptional(), {
    about:
      'The metadata must carry a validUntil, and not further ahead than this. Without the setting: 30d with signedBy, ' +
      'else none.',
    allowed: 'none, or a duration like 12h or 30d, up to 366d',
    example: '30d',
  }),
  whenExpired: setting(z.enum(['refuse', 'warn']).exactOptional(), {
    about:
      'Past their validUntil: refuse logins, or only warn. Without the setting: warn for an unsigned file, else refuse.',
    allowed: 'refuse or warn',
    example: 'refuse',
  }),
  newSigningKeys: setting(z.enum(['ask', 'accept']).prefault('ask'), {
    about:
      'Whether a fetched change that only adds signing keys is taken at once. Every other change of keys or addresses ' +
      'waits for `idp-metadata approve`.',
    allowed: 'ask or accept',
    example: 'ask',
  }),
  title: setting(line(200).prefault('Госуслуги'), {
    about: 'Name of the IdP on our button.',
    allowed: 'one line of text',
    example: 'Госуслуги',
  }),
  profile: setting(z.enum(['esia', 'legacy-esia']), {
    about:
      'How it speaks: `legacy-esia` adds rsa-sha1 and sha1, which are broken; for an IdP that knows nothing better.',
    allowed: 'esia or legacy-esia',
    example: 'esia',
  }),
  assurance: setting(z.enum(levels).prefault('confirmed'), {
    about: 'The least level of an account that we ask this IdP for.',
    allowed: `one of ${levels.join(', ')}`,
    example: 'confirmed',
  }),
  cbc: setting(z.enum(['never', 'signed-response', 'any']).prefault('never'), {
    about: 'Whether assertions encrypted with aes-cbc are taken; `any` lets an attacker play with the ciphertext.',
    allowed: 'never, signed-response (only inside a signed Response) or any',
    example: 'never',
  }),
  requestSignature: setting(z.enum(['query', 'enveloped']).prefault('query'), {
    about:
      'Where our requests carry their signature: `enveloped` puts it inside the message, as ЕСИА of 2014 wanted it; only with profile legacy-esia.',
    allowed: 'query or enveloped',
    example: 'query',
  }),
  responseSignature: setting(z.enum(['required', 'optional']).prefault('required'), {
    about:
      'Whether the Response itself must be signed; `optional` takes a signed assertion in an unsigned Response, too.',
    allowed: 'required or optional',
    example: 'required',
  }),
  nameIdPolicy: setting(z.enum(['allow-create', 'none']).prefault('allow-create'), {
    about: 'What requests say about the name they want; `none` is for an IdP that stumbles over NameIDPolicy.',
    allowed: 'allow-create or none',
    example: 'allow-create',
  }),
  refuseAlgorithms: setting(z.array(z.enum([...algorithmByName.keys()])).exactOptional(), {
    about:
      'Algorithms that we could take and do not want from this IdP; md5, rsa-1_5 and 3DES are refused in any case.',
    allowed: `a list of ${[...algorithmByName.keys()].join(', ')}`,
    example: ['aes128-gcm', 'rsa-oaep-mgf1p'],
  }),
  authnContext: setting(
    z
      .array(setting(line(1_024), CLASS))
      .min(1)
      .exactOptional(),
    {
      about: 'Classes of sign-in that are asked for exactly; an answer that names none of them is refused.',
      allowed: 'a list of class URIs, which ЕСИА does not read: its level is `assurance`',
      example: [CLASS.example],
    },
  ),
  acceptUnsolicited: setting(z.enum(['no', 'i-accept-login-csrf']).prefault('no'), {
    about:
      'Take answers that nobody asked for; then a strange page can sign its visitor in as somebody else (login CSRF).',
    allowed: 'no or i-accept-login-csrf',
    example: 'no',
  }),
})

const identityProviders = setting(z.array(identityProvider).min(1), {
  about: 'Identity providers that we trust.',
  allowed: 'a list of at least one `- { metadata: …, profile: … }`',
  example: [{ metadata: 'metadata/idp/gosuslugi.xml', profile: 'esia' }],
  inFull: true,
})

const sessions = section('How long somebody stays signed in at the bridge.', {
  idle: lasting('5m', '30m', '15m', 'Ends a session after this time without a request.'),
  absolute: lasting('30m', '24h', '8h', 'Ends a session after this time in any case.'),
})

const metrics = section(
  'Figures for Prometheus at http://HOST:PORT/metrics, on a listener of its own; without this section there is none. Never let the internet reach it.',
  {
    host: setting(line(255).prefault('127.0.0.1'), {
      about: 'Network address of this machine to listen on: 127.0.0.1, or one that only your own network reaches.',
      allowed: 'an IP address or host name',
      example: '127.0.0.1',
    }),
    port: setting(z.int().min(0).max(65_535).prefault(9464), {
      about: 'TCP port of the figures.',
      allowed: 'a whole number from 1 to 65535 (0 takes any free port)',
      example: 9464,
    }),
  },
)

export const bridgeYaml = z.strictObject({
  publicUrl,
  listen: listen.prefault({}),
  storage: storageSection.prefault({}),
  secrets: secretsSection,
  serviceProvider,
  identityProviders,
  schools: schoolsList,
  journals: journalsList,
  rosterImports: rosterImportsList,
  rosterImportEvery: lasting('1m', '24h', '5m', 'How often the folders of rosterImports are looked into.'),
  consent: consentSection.exactOptional(),
  confirmation: confirmationSection.prefault({}),
  notices: noticesList,
  mail: mailSection.exactOptional(),
  sms: smsSection.exactOptional(),
  retention: retentionSection.prefault({}),
  sessions: sessions.prefault({}),
  clockSkew: lasting('0s', '300s', '180s', "How far the IdP's clock may differ from ours."),
  loginLifetime: lasting('1m', '1h', '15m', 'How long a started login may stay unfinished.'),
  limits: limitsSection.prefault({}),
  anomalies: anomaliesSection.prefault({}),
  selfTest: flag('Open /self-test, where school IT sees every check of a login.'),
  metrics: metrics.exactOptional(),
  demo: flag('Allow http and what only a demonstration may have; never in real use.'),
})

export type Written = z.output<typeof bridgeYaml>
