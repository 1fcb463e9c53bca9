/** A test that needs a program which is not on the machine says so in one line; where all are promised, it fails instead. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const said = new Set<string>()

/** @returns whether the program is there; false means: skip */
export function has(program: string, debianPackage: string): boolean {
  return isThere(program) || missing(program, debianPackage)
}

/** The same for a module of Debian's own Python, whatever other Pythons there are. */
export function hasPythonModule(python: string, name: string, debianPackage: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${name}`], { stdio: 'ignore' })
    return true
  } catch {
    return missing(`${name} for ${python}`, debianPackage)
  }
}

export function missing(program: string, debianPackage: string): false {
  const sentence = `${program} is not on this machine: its tests are skipped (Debian: apt-get install ${debianPackage})`
  if (process.env['REQUIRE_ALL'] === '1') throw new Error(sentence)
  if (!said.has(sentence)) process.stderr.write(`${sentence}\n`)
  said.add(sentence)
  return false
}

function isThere(program: string): boolean {
  if (program.startsWith('/')) return existsSync(program)
  try {
    execFileSync(process.platform === 'win32' ? 'where' : 'which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
