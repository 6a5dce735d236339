import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build as bundle } from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A command of these tests around the shipped one, which the global set-up has built. */
export interface Built {
  /** The command line that kills itself: see `entry/killing-cli.ts`. */
  readonly killingCli: string
  remove(): void
}

/** Bundles the entry point of the tests that kill. Types are not checked: `npm run typecheck` does that. */
export async function build(): Promise<Built> {
  const { file, remove } = await bundled('killing-cli')
  return { killingCli: file, remove }
}

/** Bundles one entry point of `entry/`, which runs then beside the shipped command. */
export async function bundled(
  entry: 'killing-cli' | 'killing-server',
): Promise<{ readonly file: string; remove(): void }> {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-built-'))
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'), 'dir')
  const file = join(dir, `${entry}.mjs`)
  await bundle({
    entryPoints: [join(ROOT, `test/e2e/entry/${entry}.ts`)],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // The command line itself is the shipped one, which starts twice as fast as its modules.
    external: ['axios', 'better-sqlite3', 'ssh2', './program.ts'],
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(ROOT, `dist/cli/${entry}.js`)).href) },
    logLevel: 'warning',
  })
  return { file, remove: () => rmSync(dir, { recursive: true, force: true }) }
}
