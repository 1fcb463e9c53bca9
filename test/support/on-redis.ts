/** Loaded with the flows of .mocharc.redis.json: every town keeps what is short-lived in Redis and the rest in PostgreSQL. */
import { postgresServer } from './postgres.js'
import { redisServer } from './redis.js'
import { standOn } from './town.js'

const [server, redis] = [await postgresServer(), await redisServer()]

before(function () {
  if (!server || !redis) this.skip()
  standOn(async () => ({ ...(await server.storage()), shortLived: redis.address }))
})
