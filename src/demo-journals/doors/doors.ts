/** By which protocol the bridge brings people here: what each adds to a journal's addresses. One file a kind, one line here. */
import type { Router } from 'express'
import { finishLogin, type Desk } from '../arrival.js'
import type { DoorKind } from '../options.js'
import { mountCas } from './cas.js'
import { mountDiscourseConnect } from './discourse-connect.js'
import { mountFormPost } from './form-post.js'
import { mountHandle } from './handle.js'
import { mountHmacQuery } from './hmac-query.js'

export type MountDoor = (router: Router, desk: Desk) => void

export const doors: Readonly<Record<DoorKind, MountDoor>> = {
  cas: mountCas,
  'discourse-connect': mountDiscourseConnect,
  'form-post': mountFormPost,
  handle: mountHandle,
  'hmac-query': mountHmacQuery,
  'signed-link': (router, desk) => router.get('/sso', (request, response) => finishLogin(desk, request, response)),
}
