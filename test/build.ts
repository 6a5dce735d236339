import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds `dist` before the tests when it is older than `src`: what is tested is what is shipped. */
export function setup() {
  if (newest('src') <= newest('dist')) return
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  // Types are judged by `npm run typecheck`: without them and the declarations the compiler takes a tenth of the time.
  const emit = [tsc, '-p', 'tsconfig.json', '--noCheck', '--declaration', 'false']
  const { stdout } = spawnSync(process.execPath, emit, { cwd: root, encoding: 'utf8' })
  // The bundle stands before the modules, so an old one would be tested instead of this source.
  const bundle = spawnSync(process.execPath, ['build/bundle.mjs'], { cwd: root, encoding: 'utf8' })
  if (bundle.status !== 0) throw new Error(`the bundle was not made:\n${bundle.stderr}`)
  // What matters here is that there is a command line of this source.
  if (newest('src') > newest('dist')) throw new Error(`the build wrote nothing:\n${stdout}`)
}

/** The time of the newest file in a folder of the checkout, milliseconds since the epoch; 0 when there is none. */
export function newest(folder: string) {
  const dir = join(root, folder)
  if (!existsSync(dir)) return 0
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Math.max(0, ...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs))
}
