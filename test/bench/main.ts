/** `npm run bench`, `npm run bench -- http`, `npm run bench -- growth`, `npm run bench -- check`; `--quick` for a look. */
const [what = 'judge'] = process.argv.slice(2).filter(word => !word.startsWith('--'))
const quick = process.argv.includes('--quick')

switch (what) {
  case 'judge':
    await (await import('./judge.js')).benchJudge(quick)
    break
  case 'http':
    await (await import('./http.js')).benchHttp(quick)
    break
  case 'growth':
    await (await import('./growth.js')).benchGrowth(quick)
    break
  case 'check':
    await (await import('./check.js')).benchCheck(quick)
    break
  case 'import':
    await (await import('./import.js')).benchImport(quick)
    break
  default:
    process.stderr.write(
      'What to measure is one of: judge (when nothing is said), http, growth, check, import. Add --quick for a short run.\n',
    )
    process.exitCode = 2
}
