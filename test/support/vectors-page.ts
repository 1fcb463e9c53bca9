/** docs/integrators/test-vectors.md and its twin for programs, as `node scripts/print-docs.js` writes them. */
import { VECTOR, vectors, type Vector } from './vectors.js'

/** Path in the project, and what must stand in the file. */
export const vectorPages = (): ReadonlyMap<string, string> =>
  new Map([
    ['docs/integrators/test-vectors.md', printPage(vectors())],
    ['docs/integrators/test-vectors.json', printJson(vectors())],
  ])

const INTRODUCTION = `# Примеры для проверки · Test vectors

<!-- Printed by \`node scripts/print-docs.js\`; changes by hand get lost. -->

Для тех, кто пишет приёмник [подписанной ссылки](signed-link.md) сам. Настройте его так, покажите ему каждый пропуск сверху вниз и сверьте, что он
сделал. То же самое для программы: [\`test-vectors.json\`](test-vectors.json).

*For whoever writes a receiver of the [signed link](signed-link.md). Set it up like this, bring the tokens from top to bottom and compare.*

| настройка | значение |
|---|---|
| \`alg\` | \`HS256\` |
| ключ · key | \`${VECTOR.key}\` |
| мост · \`iss\` | \`${VECTOR.bridge}\` |
| \`aud\` | \`${VECTOR.audience}\` |
| часы · clock | \`${VECTOR.now}\` (${new Date(VECTOR.now * 1_000).toISOString().replace('.000', '')}), стоят · stand still |
| расхождение часов · skew | 30 секунд |
| \`state\` | не обязателен; где в таблице «да», обязателен · optional; demanded where the table says «да» |

Впустить — значит открыть сессию этого логина и ответить 303 на чистый адрес. Отказать — не открыть ничего. Слово отказа стоит на странице
приёмника; своему приёмнику слова не обязательны, отказ обязателен. Верный \`state\` сюда не поместился: его рисует ваш журнал.

Тесты моста печатают эту страницу нашей же подписью и показывают каждый пропуск приёмникам для PHP, Node.js, Python, Java и C#.

*To let in is to open a session for that login and answer 303 to a clean address. To refuse is to open nothing; the word is what our receivers
say. The bridge's tests make this page with the bridge's own signer and bring every token to the receivers for PHP, Node.js, Python, Java and C#.*
`

const code = (text: string): string => `\`${text}\``
const outcome = ({ login, refused }: Vector): string =>
  login === undefined ? `отказ · no: ${code(refused!)}` : `впустить · in: ${code(login)}`

function printPage(all: readonly Vector[]): string {
  const rows = all.map(vector => {
    const { id, ru, en, requireState } = vector
    return `| [${code(id)}](#${id}) | ${ru} · *${en}* | ${requireState ? 'да' : ''} | ${outcome(vector)} |`
  })
  const tokens = all.map(({ id, token }) => `### ${id}\n\n\`\`\`\n${token}\n\`\`\`\n`)
  const head =
    '| пропуск · token | что с ним · what is with it | `state` | приёмник · the receiver |\n|---|---|---|---|'
  return [INTRODUCTION, `${head}\n${rows.join('\n')}\n`, '## Пропуска · Tokens\n', ...tokens].join('\n')
}

function printJson(all: readonly Vector[]): string {
  const rows = all.map(({ id, token, requireState = false, login, refused }) => ({
    ...{ id, requireState, ...(login === undefined ? { refused } : { login }), token },
  }))
  return `${JSON.stringify({ alg: 'HS256', ...VECTOR, skew: 30, vectors: rows }, undefined, 2)}\n`
}
