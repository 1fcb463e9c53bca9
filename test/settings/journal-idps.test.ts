import { expect } from 'chai'
import { unknownIdps } from '../../src/settings/journal-idps.js'

const names = new Set(['https://idp.example', 'https://region.example'])
const told = (identityProvider: unknown, complete = true) =>
  unknownIdps({ journals: [{ id: 'first' }, { identityProvider }] }, { names, complete })

describe('IdPs that journals name', () => {
  it('may be any of the settings, one or several, or none at all', () => {
    for (const idps of [undefined, 'https://idp.example', [...names]]) expect(told(idps)).to.deep.equal([])
  })

  it('are told where nobody holds them, with those that are there', () => {
    const message =
      'names an IdP that no metadata here is known to hold (https://idp.exmaple); take one of https://idp.example, https://region.example'
    expect(told('https://idp.exmaple')).to.deep.equal([{ path: ['journals', 1, 'identityProvider'], message }])
    expect(told(['https://idp.example', 'https://idp.exmaple'])).to.deep.equal([
      { path: ['journals', 1, 'identityProvider', 1], message },
    ])
  })

  it('are to be named beside the address that brings them', () => {
    expect(told('https://idp.exmaple', false)[0]?.message).to.match(/name it as entityId beside its address/)
  })

  it('leave mistakes of form to the schema', () => {
    for (const idps of [7, null, {}, [7]]) expect(told(idps)).to.deep.equal([])
    expect(unknownIdps({ journals: 'none' }, { names, complete: true })).to.deep.equal([])
  })
})
