/**
 * `node dist/test/bench/oracle.js [ROUNDS]`: does the time of an answer tell what came out of a ciphertext? Wall time of the judge,
 * probes in turns, 10th, 50th and 90th percentile; and how often a probe was slower than the wrong key: 50 % is no difference at all.
 */
import { openCourtroom } from '../support/judged.js'
import { cbcProbes, gcmProbes, type Probe } from '../support/oracle.js'
import { warmUp } from '../../src/saml/gate.js'

export async function main(rounds: number): Promise<void> {
  warmUp()
  const court = await openCourtroom()
  const idp = { ...court.idp, cbc: 'any' as const }
  // with a second key a ciphertext that is larger than its modulus would save an operation: public, and noise here
  const sp = { ...court.sp, decryption: court.sp.decryption.slice(0, 1) }
  for (const [cipher, probes] of Object.entries({ 'aes256-gcm': gcmProbes, 'aes256-cbc, cbc: any': cbcProbes })) {
    const all = Object.entries<Probe>(probes).map(([name, probe]) => ({
      name,
      posted: court.make(probe).base64,
      ms: [] as number[],
    }))
    for (let round = -20; round < rounds; round++)
      for (const each of all) {
        const before = performance.now()
        court.judge(each.posted, { idp, sp })
        if (round >= 0) each.ms.push(performance.now() - before)
      }
    const base = all[0]!
    process.stdout.write(`${cipher}, ${rounds} rounds in turns, milliseconds p10 p50 p90, slower than the wrong key\n`)
    for (const { name, ms } of all) {
      const slower = ms.filter((one, round) => one > base.ms[round]!).length / ms.length
      const sorted = [...ms].sort((a, b) => a - b)
      const at = (share: number): string => sorted[Math.floor(share * sorted.length)]!.toFixed(3).padStart(7)
      process.stdout.write(
        `  ${name.padEnd(42)} ${at(0.1)} ${at(0.5)} ${at(0.9)}   ${(100 * slower).toFixed(0).padStart(3)} %\n`,
      )
    }
  }
}

if (process.argv[1]?.endsWith('oracle.js')) await main(Number(process.argv[2] ?? 300))
