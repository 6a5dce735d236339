import jsonata from 'jsonata'
import { definedItems, type Json, type JsonObject } from '../../model/json.ts'
import { addedFunctions } from './added-functions.ts'
import { arrayFunctions } from './array-functions.ts'
import {
  boundedFunctions,
  CodedError,
  type Environment,
  type EvaluationClock,
  implementationOf,
  METER,
  Meter,
  meterOf,
  type NativeFunction,
  type OriginalFunction,
  refusal,
} from './bounded-functions.ts'
import { BUILT_IN, CALLABLE, REFUSED } from './function-names.ts'
import { LimitFault } from './limit-fault.ts'
import { LARGEST_VALUE } from './limits.ts'
import { isFunction, measure } from './measure.ts'
import { boundBy, childrenOf, type Names, type Node, namesOf, nodesOf, parse, refusedIn, stagesOf } from './names.ts'

// The functions of JSONata that make text longer, and those that take patterns: they say how long their result will be before they make it,
// and take strings only.
const textFunctions: Readonly<Record<string, NativeFunction>> = {
  pad: {
    signature: '<s-ns?:s>',
    arity: 3,
    run: ({ args: [text, width, filler] }) =>
      text === undefined ? undefined : pad(text as string, width as number, filler as string | undefined),
  },
  join: {
    signature: '<a<s>s?:s>',
    arity: 2,
    run: ({ args: [texts, separator] }) =>
      texts === undefined ? undefined : join(texts as readonly string[], (separator as string | undefined) ?? ''),
  },
  replace: {
    signature: '<s-ssn?:s>',
    arity: 4,
    run: ({ meter, args: [text, pattern, replacement, limit] }) => {
      if (text === undefined) return undefined
      meter.search(text, pattern)
      return replace(text as string, pattern as string, replacement as string, limit as number | undefined)
    },
  },
  split: {
    signature: '<s-sn?:a<s>>',
    arity: 3,
    run: ({ meter, args: [text, separator, limit] }) => {
      if (text === undefined) return undefined
      meter.search(text, separator)
      return split(text as string, separator as string, limit as number | undefined)
    },
  },
}

function pad(text: string, width: number, filler: string | undefined) {
  const unit = filler === undefined || filler === '' ? [' '] : [...filler]
  const missing = Math.abs(Math.trunc(width)) - [...text].length
  if (missing <= 0) return text
  const whole = Math.floor(missing / unit.length)
  requireLength(text.length + (whole + 1) * unit.length)
  const padding = unit.join('').repeat(whole) + unit.slice(0, missing % unit.length).join('')
  return width > 0 ? text + padding : padding + text
}

function join(texts: readonly string[], separator: string) {
  const between = separator.length * Math.max(0, texts.length - 1)
  requireLength(texts.reduce((sum, text) => sum + text.length, between))
  return texts.join(separator)
}

function replace(text: string, pattern: string, replacement: string, limit: number | undefined) {
  if (pattern === '') throw new CodedError('D3010', pattern)
  if (limit !== undefined && limit < 0) throw new CodedError('D3011', limit)
  const parts = text.split(pattern)
  const replaced = Math.min(parts.length - 1, Math.ceil(limit ?? Number.POSITIVE_INFINITY))
  requireLength(text.length + replaced * (replacement.length - pattern.length))
  const rest = parts.slice(replaced).join(pattern)
  return [...parts.slice(0, replaced), rest].join(replacement)
}

function split(text: string, separator: string, limit: number | undefined) {
  if (limit !== undefined && limit < 0) throw new CodedError('D3020', limit)
  return limit === undefined ? text.split(separator) : text.split(separator, limit)
}

function requireLength(length: number) {
  if (length > LARGEST_VALUE) throw new LimitFault('Expression evaluation memory limit exceeded')
}

interface Definition {
  readonly implementation: (...args: readonly unknown[]) => unknown
  readonly signature: { readonly definition: string }
}

type Functions = Readonly<Record<string, unknown>>

let shared: Promise<Functions> | undefined

/** They are made once and hold nothing of an evaluation. */
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

function arrayOf(names: readonly string[]) {
  return `[${names.map((name) => `$${name}`).join(',')}]`
}

async function definitionsOf(
  expression: jsonata.Expression,
  names: readonly string[],
): Promise<Record<string, Definition>> {
  const definitions = (await expression.evaluate(undefined)) as readonly Definition[]
  return Object.fromEntries(names.map((name, index) => [name, definitions[index] as Definition]))
}

function definitionIn(definitions: Readonly<Record<string, Definition>>, name: string) {
  const definition = definitions[name]
  if (definition === undefined) throw new TypeError(`JSONata has no function ${name}`)
  return definition
}

interface Mark {
  walked?: boolean
  walks?: boolean
  member?: boolean
  term?: boolean
  key?: boolean
}

const EXIT = Symbol.for('jsonata.__evaluate_exit')
const STEPS_PER_TERM = 4

// JSONata waits for its hooks, so there is one only: what never leaves a node is bounded by MOST_PENDING.
function hook(expression: jsonata.Expression, root: Node) {
  const marks = marksOf(root)
  const leave = (node: Node, input: unknown, environment: Environment, result: unknown) => {
    const meter = meterOf(environment)
    const mark = marks.get(node)
    if (mark === undefined) {
      meter.spend(1)
      measure(result)
      return
    }
    meter.spend(mark.term === true ? STEPS_PER_TERM : 1)
    if (mark.key === true) meter.group()
    if (mark.walks === true) walk(meter, node, input)
    if (mark.walked === true) meter.walk(result)
    else measure(result)
    if (mark.member === true) requireData(result)
  }
  // The declarations of jsonata know no symbols here.
  expression.assign(EXIT as unknown as string, leave)
}

function walk(meter: Meter, { type }: Node, input: unknown) {
  meter.walk(input)
  // Of `*`, JSONata copies what it has found for every member that is an array.
  if (type === 'wildcard') meter.spend(Math.floor(Object.keys(input ?? {}).length ** 2 / 512))
}

// Lambdas are objects to JavaScript, so that only what has become a function of its own is meant.
function requireData(value: unknown) {
  const isNotData = (one: unknown) => typeof one === 'function' || (isFunction(one) && !isLambda(one))
  if (Array.isArray(value) ? value.some(isNotData) : isNotData(value)) {
    throw new LimitFault('A member of an object cannot be a function')
  }
}

function isLambda(value: unknown) {
  return typeof value === 'object' && value !== null && '_jsonata_lambda' in value
}

function marksOf(root: Node): ReadonlyMap<Node, Mark> {
  const marks = new Map<Node, Mark>()
  for (const node of nodesOf(root)) {
    for (const [marked, mark] of marksBy(node)) marks.set(marked, { ...marks.get(marked), ...mark })
  }
  return marks
}

function marksBy(node: Node): readonly (readonly [Node, Mark])[] {
  const isWalker = ['binary', 'unary', 'condition', 'transform'].includes(node.type)
  const walked = [...(isWalker ? [node, ...childrenOf(node)] : []), ...stagesOf(node)]
  const pairs = pairsOf(node)
  const stored = definedItems(...pairs.map(([, value]) => value), node.update)
  return [
    ...(node.type === 'wildcard' || node.type === 'descendant' ? [[node, { walks: true }] as const] : []),
    ...walked.map((one) => [one, { walked: true }] as const),
    ...(node.terms ?? []).map(({ expression }) => [expression, { walked: true, term: true }] as const),
    ...pairs.map(([key]) => [key, { walked: true, key: true }] as const),
    ...stored.map((one) => [one, { member: true }] as const),
  ]
}

function pairsOf({ lhs, group }: Node) {
  return [...(lhs === undefined || 'type' in lhs ? [] : lhs), ...(group?.lhs ?? [])]
}

export interface CompiledExpression {
  readonly expression: jsonata.Expression
  readonly names: Names
  readonly writes: boolean
}

export type Compilation =
  | { readonly ok: true; readonly compiled: CompiledExpression }
  | { readonly ok: false; readonly message: string }

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

export interface EvaluationInput {
  /** The document that names at the top level of an expression are read of; absent where there is none. */
  readonly root?: Json
  readonly variables?: JsonObject
  readonly moment: EvaluationClock
}

export type EvaluationOutcome =
  | { readonly ok: true; readonly value: Json | undefined }
  | { readonly ok: false; readonly reason: string }

export async function evaluate(
  compiled: CompiledExpression,
  { root, variables = {}, moment }: EvaluationInput,
): Promise<EvaluationOutcome> {
  const { expression, writes } = compiled
  const meter = new Meter(moment)
  try {
    // A variable that has the name of a function is what is called, and JSONata writes into what it calls.
    const isShielded = writes || Object.keys(variables).some((name) => CALLABLE.includes(name))
    const document = isShielded && root !== undefined ? copy(root) : root
    const bindings = isShielded ? (copy(variables) as JsonObject) : variables
    const value: unknown = await expression.evaluate(document, { ...bindings, [METER]: meter })
    return { ok: true, value: value === undefined ? undefined : plainJson(value) }
  } catch (error) {
    return { ok: false, reason: reasonOf(error) }
  } finally {
    meter.stop()
  }
}

function reasonOf(error: unknown) {
  if (error instanceof LimitFault) return `: ${error.message}`
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  // Errors of JavaScript itself say different things in different versions of it.
  return typeof code === 'string' ? `. ${code}: ${String(message)}` : ': The value cannot be computed'
}

// Throws LimitFault for functions and for numbers that JSON cannot write.
function plainJson(value: unknown): Json {
  if (!measure(value).finite) throw new LimitFault('A number is not finite')
  return plain(value)
}

function plain(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return value === 0 ? 0 : value
  if (isFunction(value)) throw new LimitFault('A function is not JSON')
  if (Array.isArray(value)) return value.map((member) => (member === undefined ? null : plain(member)))
  const members = Object.entries(value ?? {}).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([key, member]) => [key, plain(member)]))
}

// Whether an expression could change the data that is bound to it. jsonata 2.2.2 writes into values it did not make: a flag on an array (`a[]`), a member into an empty array (`a{…}`), the position of a call into what is called, and whatever a transform's pattern reaches.
function couldWrite(root: Node) {
  const nodes = [...nodesOf(root)]
  const bound = new Set(nodes.flatMap(namedBy))
  return nodes.some((node) => writes(node) || (node.type === 'function' && !isCallOfFunction(node, bound)))
}

function writes({ type, group, keepArray, keepSingletonArray }: Node) {
  return type === 'transform' || group !== undefined || keepArray === true || keepSingletonArray === true
}

function isCallOfFunction({ procedure }: Node, bound: ReadonlySet<string>) {
  const name = String(procedure?.value)
  return procedure?.type === 'variable' && CALLABLE.includes(name) && !bound.has(name)
}

function namedBy(node: Node) {
  const { type, lhs, arguments: parameters } = node
  if (type === 'bind' && lhs !== undefined && 'type' in lhs) return [String(lhs.value)]
  if (type === 'lambda') return (parameters ?? []).map(({ value }) => String(value))
  return boundBy(node)
}

function copy(value: Json): Json {
  if (Array.isArray(value)) return value.map(copy)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copy(member)]))
}
