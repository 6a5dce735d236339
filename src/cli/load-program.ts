import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'

type Program = typeof import('./program.ts')

/** The command line as one file, and the code that V8 has made of it: the build makes both beside the modules. */
const BUNDLE = fileURLToPath(new URL('program.cjs', import.meta.url))
const CODE = `${BUNDLE}.code`

/**
 * Loads the command line from its bundle, with the code that V8 made of it at build time: on Node 20 this halves the
 * start of a command, which otherwise opens some three hundred modules. V8 refuses code of another version of itself and
 * compiles anew. The bundle is ASCII: the build escapes every other character. It is one function expression, as Node makes of a module:
 * to put that around a text of this size here would cost a copy of it. Without a bundle, as in a checkout that is not built, the modules
 * are loaded as they are.
 */
export async function loadProgram(): Promise<Program> {
  const source = readIfThere(BUNDLE)
  return source === undefined ? import('./program.ts') : evaluate(source.toString('latin1'), readIfThere(CODE)).program
}

/** Runs a bundle; its script can tell the code of all that has run since. */
export function evaluate(source: string, cachedData?: Buffer): { readonly program: Program; readonly script: Script } {
  const script = new Script(source, { filename: BUNDLE, ...(cachedData === undefined ? {} : { cachedData }) })
  const module = { exports: {} }
  const run = script.runInThisContext() as (...args: readonly unknown[]) => void
  run(module.exports, createRequire(BUNDLE), module, BUNDLE, dirname(BUNDLE))
  return { program: module.exports as Program, script }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
