/** Loaded with the flows of .mocharc.postgres.json: every town keeps its records in PostgreSQL. */
import { postgresServer } from './postgres.js'
import { standOn } from './town.js'

const server = await postgresServer()

before(function () {
  if (!server) this.skip()
  standOn(() => server.storage())
})
