import type jsonata from 'jsonata'
import { functions } from './functions.ts'
import { hook } from './hooks.ts'
import { type Names, namesOf } from './names.ts'
import { refusedIn } from './refused.ts'
import { couldWrite } from './shield.ts'
import { parse } from './syntax.ts'

/** An expression that can be evaluated any number of times, also side by side. */
export interface CompiledExpression {
  readonly expression: jsonata.Expression
  readonly names: Names
  /** Whether its data must be copied before it sees them. */
  readonly writes: boolean
}

/** A compiled expression, or why there is none. */
export type Compilation =
  | { readonly ok: true; readonly compiled: CompiledExpression }
  | { readonly ok: false; readonly message: string }

/** How many expressions are kept compiled: more than any workflow has, and a bound for a process that runs many. */
const MOST_COMPILED = 2_000

const compilations = new Map<string, Promise<Compilation>>()

/** Compiles the text of an expression, once: what was not used longest is forgotten first. */
export function compile(text: string): Promise<Compilation> {
  const known = compilations.get(text)
  if (known !== undefined) compilations.delete(text)
  const compilation = known ?? compileAnew(text)
  compilations.set(text, compilation)
  if (compilations.size > MOST_COMPILED) {
    for (const oldest of compilations.keys()) {
      compilations.delete(oldest)
      break
    }
  }
  return compilation
}

async function compileAnew(text: string): Promise<Compilation> {
  const parsed = parse(text)
  if (!parsed.ok) return { ok: false, message: parsed.message }
  const { expression, root } = parsed
  const names = namesOf(root)
  const [refused] = refusedIn(root, names)
  if (refused !== undefined) return { ok: false, message: refused.message }
  for (const [name, definition] of Object.entries(await functions())) expression.assign(name, definition)
  hook(expression, root)
  return { ok: true, compiled: { expression, names, writes: couldWrite(root) } }
}
