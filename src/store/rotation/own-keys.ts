import type { Kysely } from 'kysely'
import type { Moved } from '../../login/rotation-ports.js'
import { ownKeyPlace } from '../key-checks.js'
import type { Tables } from '../tables.js'
import type { RotationTools } from './rotation.js'
import { under } from './under.js'

const purposes = ['subject', 'audit'] as const

/** Sealed values that belong to no person: the keys that never change themselves. */
export async function moveOwnKeys(db: Kysely<Tables>, { seal, keys }: RotationTools): Promise<Moved> {
  let moved = 0
  for (const purpose of purposes) {
    const rows = await db.selectFrom('key_checks').selectAll().where('purpose', '=', purpose).execute()
    for (const { key_id, check_value: before } of rows) {
      if (under(before, keys.data[0].id)) continue
      const place = ownKeyPlace(purpose, key_id)
      const check_value = seal.seal(place, seal.open(place, before))
      const same = db.updateTable('key_checks').where('purpose', '=', purpose).where('key_id', '=', key_id)
      await same.where('check_value', '=', before).set({ check_value }).execute()
      moved += 1
    }
  }
  return { moved, missed: 0, unreadable: 0 }
}
