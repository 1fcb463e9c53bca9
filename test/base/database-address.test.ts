import { expect } from 'chai'
import { isThisMachine, readDatabaseAddress } from '../../src/base/database-address.js'

const server = { kind: 'postgres', host: 'db.example', port: 5432, user: 'bridge', database: 'vhod' } as const

describe('base: the address of a database', () => {
  const read: readonly (readonly [string, object])[] = [
    ['sqlite:data/bridge.db', { kind: 'sqlite', path: 'data/bridge.db' }],
    ['sqlite::memory:', { kind: 'sqlite', path: ':memory:' }],
    ['postgres://bridge@db.example/vhod', server],
    ['postgresql://bridge@db.example:6432/vhod', { ...server, port: 6432 }],
    ['postgres://bridge@[2001:db8::5]:6432/vhod', { ...server, host: '2001:db8::5', port: 6432 }],
    ['postgres://bridge@[2001:db8::5]/vhod', { ...server, host: '2001:db8::5' }],
    ['postgres://us%40er@db.example/vh%2Fod', { ...server, user: 'us@er', database: 'vh/od' }],
    ['postgres://bridge@/vhod?host=/var/run/postgresql', { ...server, host: '/var/run/postgresql' }],
    ['postgres://bridge@:5433/vhod?host=/var/run/postgresql', { ...server, host: '/var/run/postgresql', port: 5433 }],
  ]
  for (const [text, address] of read)
    it(`reads ${text}`, () => {
      expect(readDatabaseAddress(text)).to.deep.equal(address)
    })

  const refused = [
    '',
    'data/bridge.db',
    'sqlite:',
    'mysql://bridge@db.example/vhod',
    'postgres://db.example/vhod',
    'postgres://bridge@db.example',
    'postgres://bridge@db.example/',
    'postgres://bridge@/vhod',
    'postgres://bridge:secret@db.example/vhod',
    'postgres://bridge@db.example/vhod?sslmode=disable',
    'postgres://bridge@db.example/vhod?host=/tmp',
    'postgres://bridge@db.example/vhod?password=secret',
    'postgres://bridge@db.example,other.example/vhod',
    'postgres://bridge@db.example:/vhod',
    'postgres://bridge%zz@db.example/vhod',
    'postgres://bridge@db.example/vhod\n',
  ]
  for (const text of refused)
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(readDatabaseAddress(text)).to.equal(undefined)
    })

  it('knows where nobody can listen on the way', () => {
    for (const host of ['/var/run/postgresql', 'localhost', '127.0.0.1', '127.1.2.3', '::1'])
      expect(isThisMachine(host), host).to.equal(true)
    for (const host of ['db.example', '10.0.0.1', 'localhost.example', '127.0.0.1.example', '::2'])
      expect(isThisMachine(host), host).to.equal(false)
  })
})
