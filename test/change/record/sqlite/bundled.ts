import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { temporaryFolder } from '../../../lab/folder.ts'

/** Bundles a program of these tests, because a process that first translates its own source takes most of a kill's time. */
export function bundled(name: string) {
  const sqlite = import.meta.resolve('better-sqlite3')
  const outfile = join(temporaryFolder(), 'program.mjs')
  buildSync({
    entryPoints: [new URL(name, import.meta.url).pathname],
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { 'better-sqlite3': fileURLToPath(sqlite) },
    external: [fileURLToPath(sqlite)],
    outfile,
  })
  return outfile
}
