import jsonata from 'jsonata'
import { addedFunctions } from './added-functions.ts'
import { arrayFunctions } from './array-functions.ts'
import { boundedFunctions, type OriginalFunction } from './bounded-functions.ts'
import { BUILT_IN, CALLABLE, REFUSED } from './function-names.ts'
import { implementationOf, type NativeFunction } from './native.ts'
import { refusal } from './runtime.ts'
import { textFunctions } from './text-functions.ts'

/** A function as jsonata 2.2.2 keeps it. */
interface Definition {
  readonly implementation: (...args: readonly unknown[]) => unknown
  readonly signature: { readonly definition: string }
}

/** What is bound to the name of a function in every expression. */
export type Functions = Readonly<Record<string, unknown>>

let shared: Promise<Functions> | undefined

/** The functions of every expression, ready to be bound. They are made once and hold nothing of an evaluation. */
export function functions(): Promise<Functions> {
  shared ??= makeFunctions()
  return shared
}

async function makeFunctions(): Promise<Functions> {
  const originals = await definitionsOf(jsonata(arrayOf(BUILT_IN)), BUILT_IN)
  const original: OriginalFunction = (name) => definitionIn(originals, name).implementation
  const natives: Record<string, NativeFunction> = {}
  for (const name of BUILT_IN) natives[name] = meteredOriginal(definitionIn(originals, name))
  Object.assign(natives, textFunctions, arrayFunctions, boundedFunctions(original), addedFunctions)
  const expression = jsonata(arrayOf(CALLABLE))
  for (const [name, native] of Object.entries(natives)) {
    expression.registerFunction(name, implementationOf(name, native) as () => unknown, native.signature)
  }
  const definitions = await definitionsOf(expression, CALLABLE)
  return { ...definitions, ...refusedFunctions() }
}

function meteredOriginal({ implementation, signature }: Definition): NativeFunction {
  const arity = implementation.length
  return {
    signature: signature.definition,
    arity: arity === 1 || arity === 2 || arity === 3 || arity === 4 ? arity : 0,
    run: ({ focus, args }) => implementation.apply(focus, [...args]),
  }
}

/** Reached only by a name that the check of the expression cannot see. */
function refusedFunctions(): Functions {
  return Object.fromEntries(
    Object.entries(REFUSED).map(([name, message]) => {
      const implementation = (): never => {
        throw refusal(message)
      }
      return [name, { _jsonata_function: true, implementation }]
    }),
  )
}

function arrayOf(names: readonly string[]): string {
  return `[${names.map((name) => `$${name}`).join(',')}]`
}

async function definitionsOf(
  expression: jsonata.Expression,
  names: readonly string[],
): Promise<Record<string, Definition>> {
  const definitions = (await expression.evaluate(undefined)) as readonly Definition[]
  return Object.fromEntries(names.map((name, index) => [name, definitions[index] as Definition]))
}

function definitionIn(definitions: Readonly<Record<string, Definition>>, name: string): Definition {
  const definition = definitions[name]
  if (definition === undefined) throw new TypeError(`JSONata has no function ${name}`)
  return definition
}
