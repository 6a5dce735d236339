// `npm run demo`: the demo of the built command; with `--workers` that of several workers on PostgreSQL, which needs a checkout.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const args = process.argv.slice(2)
const at = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url))
const program = args.includes('--workers')
  ? ['--import', 'tsx', at('test/project/worker/demo.ts')]
  : [at('build/start.cjs'), typed(), 'demo', ...args]
if (!args.includes('--workers') && !existsSync(at('dist/doors/cli/main.js'))) {
  process.stderr.write('`dist` is missing: run `npm ci` or `npm run build`\n')
  process.exit(1)
}
const { status } = spawnSync(process.execPath, program, { stdio: 'inherit' })
process.exitCode = status ?? 1

/** The launcher as it is typed in the folder where npm was called. */
function typed() {
  const path = relative(process.env.INIT_CWD ?? process.cwd(), at('eosflow'))
  return path.startsWith('..') ? path : `./${path}`
}
