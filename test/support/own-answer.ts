/** An answer of the town's IdP that a test words and spoils itself, brought by the browser that asked. */
import { inflateRawSync } from 'node:zlib'
import { systemChance } from '../../src/base/chance.js'
import { path } from '../../src/mock-idp/metadata.js'
import { defaultPeople, personOfKey } from '../../src/mock-idp/people.js'
import { makeResponse, type Order } from '../../src/mock-idp/respond.js'
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import type { Browser, Page } from './browser.js'
import type { TestTown } from './town.js'

/** What the browser would post to the assertion consumer service. */
export interface Answer {
  readonly acs: URL
  readonly fields: Readonly<Record<string, string>>
}

/** Signed with the key of the town's IdP. @param inResponseTo undefined makes an answer that nobody asked for */
export function wordedAnswer(town: TestTown, inResponseTo: string | undefined, order: Partial<Order> = {}): string {
  const serviceProvider = readServiceProvider(town.bridge.web.metadata())
  return makeResponse({
    entityId: town.town.idp + path.metadata,
    key: town.prepared.idp,
    serviceProvider,
    acsUrl: serviceProvider.acsUrls[0]!,
    inResponseTo,
    person: personOfKey(defaultPeople(), 'father'),
    now: town.clock.now(),
    chance: systemChance,
    ...order,
  }).base64
}

/** Starts a login and answers it, without the IdP. */
export async function ownAnswer(
  town: TestTown,
  browser: Browser,
  order: Partial<Order> = {},
  query = 'journal=sgo',
): Promise<Answer> {
  const started = await browser.request('GET', new URL(`/login?${query}`, town.town.bridge))
  const asked = started.location!.searchParams
  const request = inflateRawSync(Buffer.from(asked.get('SAMLRequest')!, 'base64')).toString()
  const id = / ID="([^"]+)"/.exec(request)![1]!
  const fields = { SAMLResponse: wordedAnswer(town, id, order), RelayState: asked.get('RelayState')! }
  return { acs: new URL('/saml/acs', town.town.bridge), fields }
}

export const post = (town: TestTown, browser: Browser, { acs, fields }: Answer): Promise<Page> =>
  browser.request('POST', acs, new URLSearchParams(fields), new URL(town.town.idp))
