/**
 * `npm run bench`, `npm run bench -- http`, `npm run bench -- growth`, `npm run bench -- check`; `--quick` for a look. `import` and
 * `http` take the address of an empty PostgreSQL database besides, and its password from PGPASSWORD.
 */
const [what = 'judge', database] = process.argv.slice(2).filter(word => !word.startsWith('--'))
const quick = process.argv.includes('--quick')

switch (what) {
  case 'judge':
    await (await import('./judge.js')).benchJudge(quick)
    break
  case 'http':
    await (await import('./http.js')).benchHttp(quick, database)
    break
  case 'growth':
    await (await import('./growth.js')).benchGrowth(quick)
    break
  case 'check':
    await (await import('./check.js')).benchCheck(quick)
    break
  case 'import':
    await (await import('./import.js')).benchImport(quick, database)
    break
  case 'move':
    await (await import('./move.js')).benchMove(quick)
    break
  case 'rotate':
    await (await import('./rotate.js')).benchRotate(quick)
    break
  case 'scale':
    await (await import('./scale.js')).benchScale(quick)
    break
  case 'metadata':
    await (await import('./metadata.js')).benchMetadata(quick)
    break
  case 'nodes':
    await (await import('./nodes.js')).benchNodes(quick)
    break
  default:
    process.stderr.write(
      'What to measure is one of: judge (when nothing is said), http, growth, check, import, metadata, move, rotate, scale, nodes. Add --quick for a short run.\n',
    )
    process.exitCode = 2
}
