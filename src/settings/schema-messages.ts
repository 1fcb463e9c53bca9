/** How messages to people leave the house: e-mail over SMTP, SMS over a gateway that speaks HTTP. */
import * as z from 'zod'
import { noticeKinds } from '../words/notice.js'
import { secretPlace } from './schema-secrets.js'
import { EMAIL, isWebAddress, line } from './values.js'
import { section, setting } from './walk.js'

const signIn = z.strictObject({
  user: setting(line(254), {
    about: 'The name that the mail server knows.',
    allowed: 'one line of text',
    example: 'vhod@school.example',
  }),
  password: setting(secretPlace, {
    about: 'Where its password is.',
    allowed: '`{ file: … }` or `{ env: … }`',
    example: { file: 'certs/smtp.password' },
  }),
})

const smtp = section('The mail server that takes messages from us: SMTP.', {
  host: setting(line(253), {
    about: 'Name of the mail server; its certificate must bear it.',
    allowed: 'a host name or an IP address',
    example: 'smtp.school.example',
  }),
  port: setting(z.int().min(1).max(65_535).prefault(465), {
    about: 'TCP port: usually 465 for `tls`, 587 for `starttls`.',
    allowed: 'a whole number from 1 to 65535',
    example: 465,
  }),
  security: setting(z.enum(['tls', 'starttls', 'none']).prefault('tls'), {
    about:
      'How the way to it is protected: `tls` from the first octet, `starttls` before anything is said; without either nothing is sent. `none` is for a server on this very machine.',
    allowed: 'tls, starttls or none',
    example: 'tls',
  }),
  signIn: setting(signIn.exactOptional(), {
    about: 'How the bridge signs in at the mail server, when it must.',
    allowed: '`{ user: …, password: { file: … } }`',
    example: { user: 'vhod@school.example', password: { file: 'certs/smtp.password' } },
  }),
  ca: setting(line(1_000).exactOptional(), {
    about: "Certificate of the authority that signed the mail server's, when Node.js does not know it.",
    allowed: 'the path of a PEM file',
    example: 'certs/mail-ca.crt',
  }),
})

export const mailSection = section(
  'E-mail to people: codes and notices. Without this section none is sent. See docs/ru/soobshcheniya.md.',
  {
    from: setting(z.string().regex(EMAIL), {
      about: 'Address that stands as the sender.',
      allowed: 'an e-mail address',
      example: 'vhod@school.example',
    }),
    fromName: setting(line(100).prefault('Вход в электронный журнал'), {
      about: 'Name that stands as the sender.',
      allowed: 'one line of text',
      example: 'Вход в электронный журнал',
    }),
    smtp,
  },
)

const fieldName = z.string().regex(/^[0-9A-Za-z_.[\]-]{1,64}$/)
const headerName = z.string().regex(/^[0-9A-Za-z-]{1,64}$/)

export const smsSection = section(
  'SMS to people: codes. The gateway is called by POST; a GET would write number and code into its logs. Without this section none is sent. See docs/ru/soobshcheniya.md.',
  {
    url: setting(
      line(1_000).refine(text => isWebAddress(text) && new URL(text).hash === ''),
      {
        about: 'Address of the gateway.',
        allowed: 'an https address (http only on this machine, with `demo: true`)',
        example: 'https://sms.operator.example/send',
      },
    ),
    body: setting(z.enum(['form', 'json']).prefault('form'), {
      about: 'What is posted: a form (application/x-www-form-urlencoded), or an object (application/json).',
      allowed: 'form or json',
      example: 'form',
    }),
    fields: setting(
      z
        .record(fieldName, setting(z.string().max(500), { allowed: 'text', example: '{text}' }))
        .refine(fields => ['{phone}', '{text}'].every(each => Object.values(fields).join('\n').includes(each))),
      {
        about:
          'Fields of the form or object. `{phone}` is the number, digits only: 79001234567; `{text}` is the message.',
        allowed: '`{ NAME: text }` with {phone} and {text} among the values',
        example: { to: '{phone}', msg: '{text}', from: 'SHKOLA' },
      },
    ),
    secretFields: setting(z.record(fieldName, secretPlace).exactOptional(), {
      about: 'Further fields, whose values are secret.',
      allowed: '`{ NAME: { file: … } }` or `{ NAME: { env: … } }`',
      example: { api_id: { env: 'SMS_KEY' } },
    }),
    secretHeaders: setting(z.record(headerName, secretPlace).exactOptional(), {
      about: 'Headers of the request, whose whole values are secret, such as `Bearer …` for Authorization.',
      allowed: '`{ NAME: { file: … } }` or `{ NAME: { env: … } }`',
      example: { Authorization: { file: 'certs/sms.authorization' } },
    }),
    success: setting(line(200).exactOptional(), {
      about: 'What an answer must contain, beside a status of 200 to 299, when the message was taken.',
      allowed: 'one line of text',
      example: '"status":"OK"',
    }),
  },
)

export const noticesList = setting(
  z
    .array(setting(z.enum(noticeKinds), { allowed: `one of ${noticeKinds.join(', ')}`, example: 'devices' }))
    .prefault([]),
  {
    about:
      'What people are told by e-mail unless they switch it off in their cabinet: `devices` a sign-in on a new device, `accounts` an account linked or taken off, `consents` a consent withdrawn, `unusual` what the watch saw under their name. It needs the section mail.',
    allowed: `a list of ${noticeKinds.join(', ')}`,
    example: ['devices', 'accounts', 'consents', 'unusual'],
  },
)
