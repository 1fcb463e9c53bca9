/** What Logouts must do, whichever database is behind it. */
import { expect } from 'chai'
import { pendingLogout, T0, together, using, without, type Open } from './samples.js'

const logout = pendingLogout()

export function logoutsContract(driver: string, open: Open): void {
  describe(`logouts: ${driver}`, () => {
    it(
      'gives a logout once, even to fifty who ask at the same moment',
      using(open, async ({ logouts }) => {
        await logouts.start(logout)
        const answers = await together(() => logouts.take(logout.id, T0))
        expect(answers.filter(answer => answer !== undefined)).to.deep.equal([logout])
      }),
    )

    it(
      'shows a logout without taking it',
      using(open, async ({ logouts }) => {
        await logouts.start(logout)
        expect(await logouts.find(logout.id, T0)).to.deep.equal(logout)
        expect(await logouts.take(logout.id, T0)).to.deep.equal(logout)
        expect(await logouts.find(logout.id, T0)).to.equal(undefined)
      }),
    )

    it(
      'knows a logout that ends at our farewell page',
      using(open, async ({ logouts }) => {
        const farewell = without(logout, 'then')
        await logouts.start(farewell)
        expect(await logouts.take(logout.id, T0)).to.deep.equal(farewell)
      }),
    )

    it(
      'is empty from the very moment of expiry, and for an unknown id',
      using(open, async ({ logouts }) => {
        await logouts.start(logout)
        expect(await logouts.find(logout.id, logout.expiresAt - 1)).to.deep.equal(logout)
        expect(await logouts.find(logout.id, logout.expiresAt)).to.equal(undefined)
        expect(await logouts.take(logout.id, logout.expiresAt)).to.equal(undefined)
        expect(await logouts.take('another', T0)).to.equal(undefined)
      }),
    )

    it(
      'sweeps what expired, and nothing else',
      using(open, async ({ logouts }) => {
        await logouts.start(logout)
        expect(await logouts.sweep(logout.expiresAt - 1)).to.equal(0)
        expect(await logouts.sweep(logout.expiresAt)).to.equal(1)
        expect(await logouts.find(logout.id, T0)).to.equal(undefined)
      }),
    )
  })
}
