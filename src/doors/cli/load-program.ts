import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { arch, versions } from 'node:process'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import { userCache } from '../../project/system/machine/user-cache.ts'
import { setV8Flag } from '../../project/system/machine/v8-flag.ts'

type Program = typeof import('./program.ts')

type Bundle = CodeUse | 'front' | 'verify'

// Commands that are asked for again and again, by scripts, by people who look, and at each tab of a shell, and use a small part of the
// program: V8 takes in all that it is given, so they have bundles of the same program without the other commands.
const QUICK: ReadonlyMap<string, CodeUse> = new Map([
  ['inventory read', 'quick'],
  ['__complete', 'quick'],
  ['ask', 'ask'],
  ['show', 'look'],
  ['executions', 'look'],
  ['history', 'look'],
  ['audit verify', 'look'],
])

/** Loads the command line from its bundle, with the code that V8 made of it at build time: on Node 20 this halves the start of a command, which otherwise opens some three hundred modules. V8 refuses code of another version of itself and compiles anew, and what is not in the code when it is called. */
export async function loadProgram(argv: readonly string[]): Promise<Program> {
  const use = QUICK.get(argv[0] ?? '') ?? QUICK.get(argv.slice(0, 2).join(' ')) ?? 'program'
  const bundle = built(use)
  // With the code that was made at build time V8 takes no other settings than it was made with: they come behind it.
  setV8Flag(`--interrupt-budget=${INTERRUPT_BUDGET}`)
  return bundle?.program ?? (partOfWhole('program', use) as Program | undefined) ?? (await import('./program.ts'))
}

// How many bytes of bytecode a function runs before V8 optimises it on a thread beside the program; fifteen times the default of V8 11. A
// change runs much code a few hundred times: to optimise all of that took a fifth of its CPU (docs/speed.md).
const INTERRUPT_BUDGET = 1_000_000

/**
 * Runs the bundle of a thread, and says whether there is one: modules that are loaded one by one have a text and a code in memory that a
 * bundle has once, and each thread has all of them anew.
 */
export function runThread(name: Exclude<Bundle, CodeUse>): boolean {
  return built(name) !== undefined
}

/** Throws where it is not there. */
export function loadPart(name: string): unknown {
  const part = partOfWhole(name, 'program')
  if (part === undefined) throw new Error(`${fileOf('whole')} has no ${name}`)
  return part
}

function built(name: Bundle) {
  const file = fileOf(name)
  const source = readIfThere(file)
  return source === undefined ? undefined : evaluate(source.toString('latin1'), readIfThere(`${file}.code`), name)
}

function partOfWhole(name: string, use: CodeUse) {
  const source = readIfThere(fileOf('whole'))?.toString('latin1')
  if (source === undefined) return undefined
  const kept = keptCode(source, use)
  const { program, script } = evaluate(source, kept?.code, 'whole')
  if (kept !== undefined && script.cachedDataRejected !== false) makeCode = () => kept.keep(script.createCachedData())
  return (program as unknown as Readonly<Record<string, (() => unknown) | undefined>>)[name]?.()
}

let makeCode: (() => void) | undefined

/** Keeps what V8 has made of a package's program, where nothing of it was kept: the next command starts in half of the time. */
export function keepCode(): void {
  makeCode?.()
  makeCode = undefined
}

// What a bundle exports, and its script, which can tell the code of all that has run since.
interface Evaluated {
  readonly program: Program
  readonly script: Script
}

export function evaluate(source: string, cachedData?: Buffer, name: Bundle | 'whole' = 'program'): Evaluated {
  const file = fileOf(name)
  const script = new Script(source, { filename: file, cachedData })
  const module = { exports: {} }
  const run = script.runInThisContext() as (...args: readonly unknown[]) => void
  run(module.exports, createRequire(file), module, file, dirname(file))
  return { program: module.exports as Program, script }
}

function fileOf(name: Bundle | 'whole') {
  return fileURLToPath(new URL(`${name}.cjs`, import.meta.url))
}

function readIfThere(path: string) {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

type CodeUse = 'program' | 'quick' | 'ask' | 'look'

interface KeptCode {
  readonly code?: Buffer
  keep(code: Buffer): void
}

// So many releases, and versions of Node, are kept for each use.
const KEPT = 4

/** The code of a package's program in the user's cache: a package is installed for any Node, and code is of one. V8 runs it in place of the text. */
export function keptCode(text: string, use: CodeUse): KeptCode | undefined {
  const digest = /^\(function \([^)]*\) \{\/\*([0-9a-f]{32})\*\//.exec(text.slice(0, 200))?.[1]
  const cache = userCache()
  if (digest === undefined || cache === undefined) return undefined
  const name = `${use}-${versions.v8}-${arch}-${digest}.code`
  const keep = (code: Buffer) => cache.write(name, code, KEPT)
  const code = cache.read(name)
  return code === undefined ? { keep } : { code, keep }
}
