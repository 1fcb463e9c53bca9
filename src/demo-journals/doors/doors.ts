/** By which protocol the bridge brings people here: what each adds to a journal's addresses. One file a kind, one line here. */
import type { Router } from 'express'
import { finishLogin, type Desk } from '../arrival.js'
import type { DoorKind } from '../options.js'
import { mountCas } from './cas.js'
import { mountHandle } from './handle.js'

export type MountDoor = (router: Router, desk: Desk) => void

export const doors: Readonly<Record<DoorKind, MountDoor>> = {
  cas: mountCas,
  handle: mountHandle,
  'signed-link': (router, desk) => router.get('/sso', (request, response) => finishLogin(desk, request, response)),
}
