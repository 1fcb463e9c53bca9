import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { projectFile } from '../../base/project-file.js'

/** A file that pages refer to. The address changes with the content, so browsers may keep it for ever. */
export interface Asset {
  /** Path that a route answers, without the query. */
  readonly path: string
  /** Path and query that a page writes. */
  readonly href: string
  readonly type: string
  readonly body: string
}

function asset(name: string, type: string): Asset {
  const body = readFileSync(projectFile(`src/web/assets/${name}`), 'utf8')
  const path = `/assets/${name}`
  return { path, href: `${path}?v=${createHash('sha256').update(body).digest('hex').slice(0, 12)}`, type, body }
}

export const stylesheet = asset('bridge.css', 'text/css; charset=utf-8')
export const mark = asset('bridge.svg', 'image/svg+xml; charset=utf-8')

/** Posts the form of the page that it stands on. */
export const submitScript = asset('submit.js', 'text/javascript; charset=utf-8')

/** Types the code that stands behind the # of a slip's address. */
export const codeScript = asset('code.js', 'text/javascript; charset=utf-8')

/** Everything under `/assets/`. Read once at start: a missing file is an error then, not a bare page later. */
export const assets: readonly Asset[] = [stylesheet, mark, submitScript, codeScript]
