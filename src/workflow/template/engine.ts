import { createRequire } from 'node:module'
import type * as MiniJinja from 'minijinja-js'
import { withMemoryLimit } from './memory-limit.ts'

const require = createRequire(import.meta.url)
const PACKAGE = 'minijinja-js'

/** How many MiB the templates of one process may use at once. */
export const MEMORY_MIB = 64

/** What is used of `WebAssembly`, which the types of Node know by name alone. */
interface WasmNamespace {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: WasmImports) => object
  readonly RuntimeError: new () => Error
}

type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const wasm = Reflect.get(globalThis, 'WebAssembly') as WasmNamespace

/** The engine stopped in the middle of a rendering: out of memory, or out of stack. */
export class EngineStopped extends Error {}

/**
 * Does something with a new environment that may take so many steps. Steps bound time; memory and stack are bounded by
 * the engine itself, which is WebAssembly and does not survive their end: then it is thrown away, the next use gets a
 * new one, and this throws {@link EngineStopped}. What the engine says about a template is thrown as it is.
 */
export function withEnvironment<T>(fuel: number, use: (environment: MiniJinja.Environment) => T): T {
  const environment = newEnvironment(fuel)
  let stopped = false
  try {
    return use(environment)
  } catch (thrown) {
    stopped = thrown instanceof wasm.RuntimeError || thrown instanceof RangeError
    throw stopped ? new EngineStopped() : thrown
  } finally {
    free(environment, stopped)
  }
}

/** An engine that was stopped holds its environment for borrowed, and says so when that is freed. */
function free(environment: MiniJinja.Environment, stopped: boolean): void {
  try {
    environment.free()
    if (!stopped) return
  } catch {
    engine = undefined
    throw new EngineStopped()
  }
  engine = undefined
}

function newEnvironment(fuel: number): MiniJinja.Environment {
  engine ??= newEngine()
  const environment = new engine.Environment()
  environment.undefinedBehavior = 'strict'
  environment.fuel = fuel
  environment.trimBlocks = true
  environment.lstripBlocks = true
  environment.keepTrailingNewline = true
  environment.debug = true
  environment.enablePyCompat()
  environment.removeGlobal('debug')
  return environment
}

let engine: typeof MiniJinja | undefined
let compiled: object | undefined

/**
 * A new instance of the engine. The package makes it while it is loaded and takes no options, so for that moment it sees
 * another `WebAssembly`: one whose module has an end to its memory, and whose instance does not print what it dies of.
 */
function newEngine(): typeof MiniJinja {
  const seen = Object.create(wasm, {
    Module: {
      value: function limitedModule(bytes: Uint8Array): object {
        compiled ??= new wasm.Module(withMemoryLimit(bytes, MEMORY_MIB * 16))
        return compiled
      },
    },
    Instance: {
      value: function silentInstance(module: object, imports: WasmImports): object {
        return new wasm.Instance(module, withoutPrinting(imports))
      },
    },
  })
  const before = Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly') ?? {}
  delete require.cache[require.resolve(PACKAGE)]
  Object.defineProperty(globalThis, 'WebAssembly', { ...before, value: seen })
  try {
    return require(PACKAGE) as typeof MiniJinja
  } finally {
    Object.defineProperty(globalThis, 'WebAssembly', before)
  }
}

function withoutPrinting(imports: WasmImports): WasmImports {
  return Object.fromEntries(
    Object.entries(imports).map(([module, members]) => [module, { ...members, ...silenced(members) }]),
  )
}

function silenced(members: WasmImports[string]): WasmImports[string] {
  const printing = Object.keys(members).filter((name) => name.startsWith('__wbg_error_'))
  return Object.fromEntries(printing.map((name) => [name, () => undefined]))
}
