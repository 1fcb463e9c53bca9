#!/usr/bin/env node
// Writes what is printed from the code: bridge.example.yaml, docs/configuration.md, docs/refusals.md, docs/ru/otkazy.md,
// docs/metadata-checks.md, docs/integrators/test-vectors.md and .json.
import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const built = new URL('../dist/src/settings/print-docs.js', import.meta.url)
if (!existsSync(built)) {
  console.error('There is no build yet. Run: npm run build')
  process.exit(2)
}
const { printedDocs } = await import(built.href)
const { vectorPages } = await import(new URL('../dist/test/support/vectors-page.js', import.meta.url).href)
for (const [path, text] of [...printedDocs(), ...vectorPages()]) {
  writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), text)
  console.log(`wrote ${path}`)
}
