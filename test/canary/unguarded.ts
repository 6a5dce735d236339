import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { evaluate } from '../../src/cli/load-program.ts'
import { fileOf } from '../house/sources.ts'
import { temporaryFolder } from '../lab/folder.ts'
import type { Main } from './lab.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What takes secrets out, by an export of its file, and the text that replaces that file: it leaves everything as it is. */
const GUARDS: Readonly<Record<string, string>> = {
  redactLines: `
    export const redact = (text) => text
    export const redactLine = (line) => line
    export const redactLines = (text) => text
    export const holdsSecret = () => false
    export const keyedPlaceholder = () => (secret) => secret`,
  secretlessVerdict: `
    export const secretlessVerdict = (verdict) => verdict`,
  Scrubber: `
    export class Scrubber {
      register() {}
      leave() {}
      scrub(text) { return text }
      stream() { return { write: (chunk) => chunk, end: () => '' } }
    }`,
  scrubbedCommand: `
    export const scrubbedCommand = ({ cmd }) => cmd
    export const scrubbedText = (text) => text`,
}

/** The files of the guards, each with the export that it is known by. */
const guardIn = new Map(Object.keys(GUARDS).map((name) => [fileOf(name), name]))

/**
 * The command line made of the same sources without what takes secrets out of them: what such a build shows is what the guards
 * keep back. No setting and no variable of the shipped command does this.
 */
export async function unguardedMain(): Promise<Main> {
  const dir = temporaryFolder()
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'), 'dir')
  const outfile = join(dir, 'program.cjs')
  const replaced = new Set<string>()
  await build({
    entryPoints: [join(ROOT, 'src/cli/program.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['@dbos-inc/dbos-sdk', '@opentelemetry/*', 'axios', 'better-sqlite3', 'pg', 'ssh2'],
    define: { 'import.meta.url': 'bundleUrl' },
    banner: {
      js: "(function (exports, require, module, __filename, __dirname) { const bundleUrl = require('node:url').pathToFileURL(__filename).href",
    },
    footer: { js: '})' },
    logLevel: 'error',
    plugins: [without(replaced)],
  })
  if (replaced.size !== Object.keys(GUARDS).length) throw new Error(`only ${[...replaced].join(', ')} were replaced`)
  return evaluate(readFileSync(outfile, 'utf8')).program.main
}

function without(replaced: Set<string>): Plugin {
  return {
    name: 'unguarded',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const file = path.slice(ROOT.length)
        const contents = GUARDS[guardIn.get(file) ?? '']
        if (contents === undefined) return undefined
        replaced.add(file)
        return { contents, loader: 'js' }
      })
    },
  }
}
