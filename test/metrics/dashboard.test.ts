/** The dashboard and the alarms ask for figures that a running bridge gives, and name commands that there are. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { parse } from 'yaml'
import { projectFile } from '../../src/base/project-file.js'
import { Browser } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { startTestTown } from '../support/town.js'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly annotations: { readonly summary: string; readonly action: string }
}

const { groups } = parse(readFileSync(projectFile('deploy/prometheus/alerts.yaml'), 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[]
}
const rules = groups.flatMap(group => group.rules)
const { panels } = JSON.parse(readFileSync(projectFile('deploy/grafana/bridge.json'), 'utf8')) as {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[]
}
const asked: readonly (readonly [string, string])[] = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
]

describe('dashboard and alarms', () => {
  let text: string
  before(async () => {
    const town = await startTestTown({ more: { metrics: { port: 0 } } })
    await walk(new Browser(), `${town.town.bridge}/login?journal=sgo`, 'father@mail.example')
    await walk(new Browser(), `${town.town.bridge}/login?journal=sgo`, 'nobody@mail.example')
    text = await (await fetch(`http://127.0.0.1:${town.server.metricsPort}/metrics`)).text()
    await town.close()
  })

  for (const [title, expr] of asked) {
    it(`${title}: every figure, and every value that it compares, is given`, () => {
      const selectors = [...expr.matchAll(/\b((?:bridge|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)]
      if (!expr.startsWith('up{')) expect(selectors).not.to.deep.equal([])
      for (const [, name, matchers = ''] of selectors) {
        const family = name!.replace(/_(?:bucket|sum|count)$/, '')
        expect(text, name).to.match(new RegExp(`^# TYPE (?:${name}|${family}) `, 'm'))
        for (const [, label, value] of matchers.matchAll(/(\w+)="([^"]+)"/g)) {
          expect(text, `${name}{${label}}`).to.match(new RegExp(`^${name}\\{.*\\b${label}="${value}"`, 'm'))
        }
      }
    })
  }

  it('every alarm has a name of its own, says what happened and what to do, with commands that there are', () => {
    expect(new Set(rules.map(({ alert }) => alert))).to.have.property('size', rules.length)
    const main = readFileSync(projectFile('src/cli/main.ts'), 'utf8')
    for (const { alert, annotations } of rules) {
      expect(annotations.summary, alert).to.match(/\.$/)
      expect(annotations.action, alert).to.match(/[.;]/)
      for (const [, command] of annotations.action.matchAll(/npx --no-install bridge ([\w-]+)/g)) {
        const name = command!.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
        expect(main, `${alert}: ${command}`).to.match(new RegExp(`\\b${name}\\b`))
      }
    }
  })
})
