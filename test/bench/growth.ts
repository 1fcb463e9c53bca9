/**
 * `npm run bench -- growth`: how the cost of a message grows with its size, honest or hostile. The exponent is the slope of
 * log(cost) over log(size): 1 is linear, 2 quadratic. Where a cap refuses the larger sizes, that is said.
 */
import { canonicalise } from '../../src/saml/canonical.js'
import { judgeResponse } from '../../src/saml/response.js'
import { readXml } from '../../src/saml/reader.js'
import { Refusal } from '../../src/base/refusal.js'
import { inTurns, print } from './measure.js'
import { answer, idp, now, request, sp } from './stand.js'

const MOST = 1.2

const many = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('')

/** Put behind the Status, where the answer is refused only once everything was read; or read and canonicalised alone. */
const SHAPES: Readonly<Record<string, { readonly sizes: readonly number[]; readonly make: (size: number) => string }>> = {
  'attributes of one element': { sizes: [8, 16, 32, 64, 128], make: n => `<a ${many(n, i => `b${i}="v" `)}/>` },
  'elements with an attribute': { sizes: [500, 1_000, 2_000, 4_000], make: n => `<r>${many(n, i => `<a b="${i}"/>`)}</r>` },
  'values of one attribute': { sizes: [500, 1_000, 2_000, 4_000], make: n => `<r>${many(n, () => '<v>text</v>')}</r>` },
  'character references': { sizes: [4_000, 8_000, 16_000, 32_000], make: n => `<r>${many(n, () => '&#x41;')}</r>` },
  'entity references in a value': { sizes: [4_000, 8_000, 16_000, 32_000], make: n => `<r a="${many(n, () => '&amp;')}"/>` },
  'namespace declarations': { sizes: [500, 1_000, 2_000, 4_000, 8_000], make: n => `<r>${many(n, i => `<p:a xmlns:p="urn:${i}"/>`)}</r>` },
  'nested declarations': { sizes: [8, 16, 32, 60, 120], make: n => many(n, i => `<a xmlns:p${i}="urn:${i}">`) + many(n, () => '</a>') },
  depth: { sizes: [8, 16, 32, 60, 120], make: n => many(n, () => '<a>') + many(n, () => '</a>') },
  comments: { sizes: [1_000, 2_000, 4_000, 8_000], make: n => `<r>${many(n, () => 'x<!--c-->')}</r>` },
  'text size': { sizes: [30_000, 60_000, 120_000, 240_000], make: n => `<r>${'x'.repeat(n)}</r>` },
  'runs of CR': { sizes: [30_000, 60_000, 120_000, 240_000], make: n => `<r>${'\r'.repeat(n)}</r>` },
  'CDATA sections': { sizes: [1_000, 2_000, 4_000, 8_000], make: n => `<r>${many(n, () => '<![CDATA[<]]>')}</r>` },
} // prettier-ignore

/** Slope of the least-squares line through the logarithms. */
function slope(points: readonly (readonly [size: number, cost: number])[]): number {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)] as const)
  const mean = (which: 0 | 1): number => logs.reduce((sum, log) => sum + log[which], 0) / logs.length
  const [x, y] = [mean(0), mean(1)]
  const over = logs.reduce((sum, log) => sum + (log[0] - x) * (log[1] - y), 0)
  return over / logs.reduce((sum, log) => sum + (log[0] - x) ** 2, 0)
}

/** @returns what the message earned; undefined when it was taken */
function refusalOf(work: () => void): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

function report(name: string, points: readonly (readonly [number, number])[], capped: readonly string[]): void {
  const ends = points.map(([size, cost]) => `${size}: ${cost.toFixed(2)}`).join('  ')
  const exponent = points.length > 1 ? slope(points) : NaN
  const fine = exponent <= MOST ? 'met' : 'missed'
  print(`${name.padEnd(30)} ${exponent.toFixed(2).padStart(5)}  ${fine}   ms at ${ends}`)
  if (capped.length > 0) print(`${''.padEnd(30)}        refused by a cap: ${capped.join(', ')}`)
}

/** Read and canonicalised, the two works that a hostile size could make expensive before anything is trusted. */
async function grow(
  name: string,
  sizes: readonly number[],
  make: (size: number) => string,
  rounds: number,
): Promise<void> {
  const work = (text: string) => () => {
    canonicalise(readXml(text).root, { comments: true, inclusive: ['p', ''] })
  }
  const messages = sizes.map(size => ({ size, text: make(size) }))
  const refused = messages.map(({ size, text }) => ({ size, code: refusalOf(work(text)) }))
  const taken = messages.filter((_, i) => refused[i]!.code === undefined)
  const times = (text: string): number => Math.max(3, Math.round(400_000 / text.length))
  const costs = await inTurns(taken.map(({ size, text }) => ({ name: String(size), times: times(text), run: work(text) })), rounds) // prettier-ignore
  const capped = refused.flatMap(({ size, code }) => (code === undefined ? [] : [`${size} (${code})`]))
  report(name, taken.map(({ size }, i) => [size, costs[i]!] as const), capped) // prettier-ignore
}

/** Posted to the judge, gate included: refused, since they break the signature or the schema, but at what cost? */
async function growPosted(rounds: number): Promise<void> {
  const { xml } = answer({ sign: 'both', encrypt: false })
  const reference = /<ds:Reference[\s\S]*?<\/ds:Reference>/.exec(xml)![0]
  const posted: Readonly<Record<string, (size: number) => string>> = {
    'posted: references': n => xml.replace(reference, () => many(n, () => reference)),
    'posted: attribute values': n => xml.replace('<saml2:AttributeValue', () => many(n, () => '<saml2:AttributeValue>x</saml2:AttributeValue>') + '<saml2:AttributeValue'), // prettier-ignore
    'posted: comments': n => xml.replace('</saml2p:Status>', () => `${many(n, () => '<!--c-->')}</saml2p:Status>`),
  }
  for (const [name, make] of Object.entries(posted)) {
    const sizes = name.endsWith('references') ? [25, 50, 100, 200] : [500, 1_000, 2_000, 4_000]
    const messages = sizes.map(size => Buffer.from(make(size)).toString('base64'))
    const contenders = messages.map((text, i) => ({
      name: String(sizes[i]),
      times: Math.max(3, Math.round(800_000 / text.length)),
      run: () => judgeResponse(text, { idp, sp, request, now }),
    }))
    const costs = await inTurns(contenders, rounds)
    const octets = messages.map(text => text.length)
    report(name, octets.map((length, i) => [length, costs[i]!] as const), []) // prettier-ignore
  }
}

export async function benchGrowth(quick: boolean): Promise<void> {
  const rounds = quick ? 3 : 9
  print(`Growth exponents; budget ${MOST}`)
  for (const [name, { sizes, make }] of Object.entries(SHAPES)) await grow(name, sizes, make, rounds)
  print('of the whole message in characters:')
  await growPosted(rounds)
}
