/** What the two ways to people need to know, with secrets read; made by settings. */

export interface SmtpGateway {
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls' | 'none'
  /** Absent: the server wants no sign-in. */
  readonly signIn?: { readonly user: string; readonly password: string }
  /** PEM; trusted in place of the authorities of Node.js. */
  readonly ca?: string
  readonly from: { readonly name: string; readonly address: string }
}

export interface SmsGateway {
  readonly url: string
  readonly body: 'form' | 'json'
  /** `{phone}` and `{text}` are filled in. */
  readonly fields: Readonly<Record<string, string>>
  readonly secretFields: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** What an answer must contain, beside its status. */
  readonly success?: string
}

export interface Gateways {
  readonly smtp?: SmtpGateway
  readonly sms?: SmsGateway
}
