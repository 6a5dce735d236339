import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')

/** The sources as they are now, compiled into a folder of their own: a built command that is never out of date. */
export interface Built {
  /** The JavaScript of a file, by its path from the root of the checkout: `src/cli/main.ts`. */
  path(source: string): string
  remove(): void
}

/** Compiles `src/` and the entry points of these tests. Types are not checked: `npm run typecheck` does that. */
export async function build(): Promise<Built> {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-built-'))
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'), 'dir')
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ type: 'module' }))
  writeFileSync(
    join(dir, 'tsconfig.json'),
    JSON.stringify({
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: { rootDir: ROOT, outDir: join(dir, 'out'), noCheck: true, declaration: false, sourceMap: false },
      include: [join(ROOT, 'src'), join(ROOT, 'test/e2e/entry')],
    }),
  )
  await promisify(execFile)(process.execPath, [TSC, '-p', dir])
  return {
    path: (source) => join(dir, 'out', source.replace(/\.ts$/, '.js')),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}
