// Starts a command of the build, or says that there is none.
import { existsSync } from 'node:fs'

export async function launch(args) {
  const built = new URL('../dist/src/cli/main.js', import.meta.url)
  if (!existsSync(built)) {
    console.error('There is no build yet. Run: npm run build')
    process.exitCode = 2
    return
  }
  // whoever reads only the first lines of our output has read enough: `bridge explain … | head`
  process.stdout.on('error', error => {
    if (error.code !== 'EPIPE') throw error
  })
  const { runCommand } = await import(built.href)
  process.exitCode = await runCommand(args)
}
