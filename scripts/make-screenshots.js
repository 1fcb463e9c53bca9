#!/usr/bin/env node
// Takes the pictures of docs/screenshots anew: a whole town, one Chromium, the main steps of the road.
// Build first: npm run build && node scripts/make-screenshots.js
// With a folder, every step at both widths, uncut, for looking at: node scripts/make-screenshots.js FOLDER
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { idpMetadata } from '../dist/src/mock-idp/metadata.js'
import { DESKTOP, launch, PHONE, visitor } from '../dist/test/browser/chromium.js'
import { child, follow, signIn, typeCode, typePassword } from '../dist/test/browser/steps.js'
import { startTestTown } from '../dist/test/support/town.js'

const every = process.argv[2]
const folder = every ?? 'docs/screenshots'
/** Bytes: pictures are part of the repository. */
const LARGEST = 120_000
/** Pixels that a kept picture may be high. */
const TALLEST = { desktop: 840, phone: 1180 }
/** What the repository keeps. */
const kept = new Set([
  'desktop-start',
  'desktop-password',
  'desktop-choose',
  'desktop-self-test',
  'desktop-choose-idp',
  'phone-choose-idp',
  'phone-school',
  'phone-choose',
  'phone-journal',
  'phone-refused',
])

const REGION = 'https://vhod.svetlogorsk.example'
const second = await mkdtemp(join(tmpdir(), 'pictures-'))
await mkdir(folder, { recursive: true })
const [town, chromium] = await Promise.all([startTestTown({ idpHost: '127.0.0.1' }), launch()])
const { bridge, journals } = town.town

async function picture(page, screen, step) {
  const name = `${screen}-${step}`
  if (every === undefined && !kept.has(name)) return
  const path = join(folder, `${name}.png`)
  const { width } = page.viewportSize()
  const height = Math.min(await page.evaluate('document.documentElement.scrollHeight'), TALLEST[screen])
  const clip = every === undefined ? { x: 0, y: 0, width, height } : undefined
  await page.screenshot({ path, clip, fullPage: true, animations: 'disabled', caret: 'hide' })
  const { size } = await stat(path)
  console.log(`${path}  ${Math.ceil(size / 1000)} KB${clip && size > LARGEST ? '  TOO LARGE' : ''}`)
}

async function mothersRoad(screen, viewport) {
  const one = await visitor(chromium, { viewport })
  const { page } = one
  await page.goto(`${journals}/sgo/`)
  await picture(page, screen, 'journal-door')
  await page.goto(bridge)
  await picture(page, screen, 'start')
  await page.goto(`${bridge}/s/school-1`)
  await picture(page, screen, 'school')
  await page.goto(`${journals}/sgo/`)
  await follow(page, 'Войти через Госуслуги')
  await picture(page, screen, 'password')
  await typePassword(page, 'mother@mail.example')
  await page.locator('.code').waitFor()
  await picture(page, screen, 'code')
  await typeCode(page)
  await page.waitForURL(`${bridge}/continue/*`)
  await picture(page, screen, 'choose')
  await child(page, 'Соколова Вера')
  await page.locator('.child').waitFor()
  await picture(page, screen, 'journal')
  await page.goto(`${bridge}/self-test`)
  await page.waitForURL(`${bridge}/continue/*`)
  await picture(page, screen, 'self-test')
  await page.goto(bridge)
  await picture(page, screen, 'signed-in')
  await one.leave()
}

/** A second IdP that nobody asks: its metadata is enough for the page that offers both. */
async function choiceOfIdps(screen, viewport) {
  const metadata = join(second, 'region.xml')
  const { idp } = town.prepared
  await writeFile(metadata, idpMetadata(`${REGION}/idp`, REGION, [idp]))
  const two = await startTestTown({
    more: {
      identityProviders: [
        { metadata: 'idp.xml', title: 'Учебный поставщик', profile: 'esia' },
        { metadata, title: 'Вход Светлогорской области', profile: 'esia' },
      ],
    },
  })
  const one = await visitor(chromium, { viewport })
  await one.page.goto(`${two.town.bridge}/login?journal=sgo`)
  await picture(one.page, screen, 'choose-idp')
  await one.leave()
  await two.close()
}

async function strangersRoad(screen, viewport) {
  const one = await visitor(chromium, { viewport })
  await one.page.goto(`${bridge}/login?journal=sgo&school=school-1`)
  await signIn(one, 'nobody@mail.example')
  await picture(one.page, screen, 'refused')
  await one.leave()
}

for (const [screen, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  await mothersRoad(screen, viewport)
  await strangersRoad(screen, viewport)
  await choiceOfIdps(screen, viewport)
}
await Promise.all([chromium.close(), town.close(), rm(second, { recursive: true })])
