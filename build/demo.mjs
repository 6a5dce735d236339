// `npm run demo`: the demo of the built command; with `--workers` that of several workers on PostgreSQL, which needs a checkout.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const args = process.argv.slice(2)
const at = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url))
const program = args.includes('--workers')
  ? ['--import', 'tsx', at('test/worker/demo.ts')]
  : [at('dist/cli/main.js'), 'demo', ...args]
if (!args.includes('--workers') && !existsSync(program[0])) {
  process.stderr.write('`dist` is missing: run `npm ci` or `npm run build`\n')
  process.exit(1)
}
const { status } = spawnSync(process.execPath, program, { stdio: 'inherit' })
process.exitCode = status ?? 1
