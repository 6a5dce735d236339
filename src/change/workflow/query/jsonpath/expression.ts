import { createHash } from 'node:crypto'
import type { Random } from '../../../../model/clock.ts'
import { givenJson, isJsonObject, type Json, type JsonObject } from '../../../../model/json.ts'
import { QueryFault } from '../language/language.ts'
import { type IntrinsicArgument, type IntrinsicCall, parseIntrinsic } from './intrinsic-call.ts'
import { parsePath, QuerySyntaxError } from './parse-path.ts'
import { identityOf, type PathSelection, type Roots, select, shownJson } from './select.ts'

class IntrinsicError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'IntrinsicError'
  }
}

interface ArgumentValue {
  readonly value: Json
  readonly raw?: string
}

interface IntrinsicFunction {
  readonly least: number
  readonly most: number
  apply(given: Arguments, random: Random): Json
}

class Arguments {
  readonly #name: string
  readonly #given: readonly ArgumentValue[]

  constructor(name: string, given: readonly ArgumentValue[]) {
    this.#name = name
    this.#given = given
  }

  get count(): number {
    return this.#given.length
  }

  any(position: number): Json {
    return this.#given[position]?.value ?? null
  }

  from(position: number): readonly Json[] {
    return this.#given.slice(position).map(({ value }) => value)
  }

  text(position: number): string {
    const value = this.any(position)
    return typeof value === 'string' ? value : this.#refuse(position, 'a string')
  }

  template(position: number): string {
    return this.#given[position]?.raw ?? this.text(position)
  }

  array(position: number): readonly Json[] {
    const value = this.any(position)
    return Array.isArray(value) ? value : this.#refuse(position, 'an array')
  }

  object(position: number): JsonObject {
    const value = this.any(position)
    return isJsonObject(value) ? value : this.#refuse(position, 'an object')
  }

  integer(position: number): number {
    const value = this.any(position)
    const rounded = typeof value === 'number' ? Math.round(value) + 0 : Number.NaN
    return Number.isSafeInteger(rounded) ? rounded : this.#refuse(position, 'an integer')
  }

  #refuse(position: number, wanted: string): never {
    throw new IntrinsicError(`Invalid arguments in States.${this.#name}: argument ${position + 1} must be ${wanted}`)
  }
}

// The longest text for Base64 and Hash, characters (Step Functions developer guide, "Intrinsic functions").
const MAX_TEXT = 10_000

// `States.Hash` names to Node names.
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['MD5', 'md5'],
  ['SHA-1', 'sha1'],
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
])

function printed(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(printed).join(', ')}]`
  if (!isJsonObject(value)) return String(value)
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}=${printed(member)}`)
    .join(', ')}}`
}

const ESCAPABLE = "'{}\\"

function unescaped(raw: string) {
  return raw.replace(/\\([\s\S]?)/g, (_, escaped: string) => escapedCharacter(escaped))
}

function escapedCharacter(escaped: string) {
  if (escaped !== '' && ESCAPABLE.includes(escaped)) return escaped
  throw new IntrinsicError(`Invalid escape in a text: \\${escaped}`)
}

function format(given: Arguments) {
  const values = given.from(1)
  let used = 0
  const text = given.template(0).replace(/\\([\s\S]?)|\{\}/g, (match, escaped: string | undefined) => {
    if (match !== '{}') return escapedCharacter(escaped ?? '')
    const value = values[used++]
    return value === undefined ? '' : printed(value)
  })
  if (used === values.length) return text
  throw new IntrinsicError(`Invalid arguments in States.Format: ${used} places for ${values.length} values`)
}

function split(given: Arguments): Json {
  const separators = new Set(given.text(1))
  const pieces = ['']
  for (const character of given.text(0)) {
    if (separators.has(character)) pieces.push('')
    else pieces.push(`${pieces.pop() ?? ''}${character}`)
  }
  return pieces.filter((piece) => piece !== '')
}

function limited(given: Arguments, name: string) {
  const text = given.text(0)
  if (text.length <= MAX_TEXT) return text
  throw new IntrinsicError(`Invalid arguments in States.${name}: more than ${MAX_TEXT} characters`)
}

function decode(given: Arguments) {
  const text = limited(given, 'Base64Decode')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new IntrinsicError('Invalid arguments in States.Base64Decode: not Base64')
  }
  return Buffer.from(text, 'base64').toString('utf8')
}

function hash(given: Arguments) {
  const algorithm = ALGORITHMS.get(given.text(1))
  if (algorithm === undefined) {
    throw new IntrinsicError(
      `Invalid arguments in States.Hash: the algorithms are ${[...ALGORITHMS.keys()].join(', ')}`,
    )
  }
  return createHash(algorithm).update(limited(given, 'Hash'), 'utf8').digest('hex')
}

const TEXT_INTRINSICS: Readonly<Record<string, IntrinsicFunction>> = {
  Format: { least: 1, most: Number.POSITIVE_INFINITY, apply: format },
  StringSplit: { least: 2, most: 2, apply: split },
  Base64Encode: {
    least: 1,
    most: 1,
    apply: (given) => Buffer.from(limited(given, 'Base64Encode'), 'utf8').toString('base64'),
  },
  Base64Decode: { least: 1, most: 1, apply: decode },
  Hash: { least: 2, most: 2, apply: hash },
}

// The longest array that `States.ArrayRange` makes (Step Functions developer guide, "Intrinsic functions for arrays").
const MAX_RANGE = 1000

function range(given: Arguments): Json {
  const [first, last, step] = [given.integer(0), given.integer(1), given.integer(2)]
  if (step === 0) throw new IntrinsicError('Invalid arguments in States.ArrayRange: the step must not be 0')
  const count = Math.max(0, Math.floor((last - first) / step) + 1)
  if (count > MAX_RANGE) {
    throw new IntrinsicError(`Invalid arguments in States.ArrayRange: more than ${MAX_RANGE} items`)
  }
  return Array.from({ length: count }, (_, index) => first + index * step)
}

function partition(given: Arguments): Json {
  const [items, size] = [given.array(0), given.integer(1)]
  if (size < 1) throw new IntrinsicError('Invalid arguments in States.ArrayPartition: the size must be positive')
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

function getItem(given: Arguments) {
  const [items, index] = [given.array(0), given.integer(1)]
  const item = items[index]
  if (item === undefined) {
    throw new IntrinsicError(`Invalid arguments in States.ArrayGetItem: no item ${index} in ${items.length}`)
  }
  return item
}

function contains(given: Arguments): Json {
  const wanted = identityOf(given.any(1))
  return given.array(0).some((item) => identityOf(item) === wanted)
}

function unique(given: Arguments): Json {
  return [...new Map(given.array(0).map((item) => [identityOf(item), item])).values()]
}

// Every index counts from 0.
const ARRAY_INTRINSICS: Readonly<Record<string, IntrinsicFunction>> = {
  Array: { least: 0, most: Number.POSITIVE_INFINITY, apply: (given) => given.from(0) },
  ArrayPartition: { least: 2, most: 2, apply: partition },
  ArrayContains: { least: 2, most: 2, apply: contains },
  ArrayRange: { least: 3, most: 3, apply: range },
  ArrayGetItem: { least: 2, most: 2, apply: getItem },
  ArrayLength: { least: 1, most: 1, apply: (given) => given.array(0).length },
  ArrayUnique: { least: 1, most: 1, apply: unique },
}

// How deep a value read from a text may nest, so that nothing that walks it afterwards can run out of stack.
const MAX_DEPTH = 200

function parse(given: Arguments) {
  const text = given.text(0)
  if (text.trim() === '') return null
  const value = parsed(text)
  if (isTooDeep(value)) throw new IntrinsicError(`States.StringToJson: nested deeper than ${MAX_DEPTH}`)
  return value
}

function parsed(text: string) {
  try {
    return givenJson(text)
  } catch (error) {
    throw new IntrinsicError(`States.StringToJson: ${(error as SyntaxError).message}`)
  }
}

function isTooDeep(value: Json) {
  let level: readonly Json[] = [value]
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    level = level.flatMap((item) => (isJsonObject(item) || Array.isArray(item) ? Object.values(item) : []))
  }
  return level.length > 0
}

function merge(given: Arguments): Json {
  if (given.any(2) !== false)
    throw new IntrinsicError('States.JsonMerge: only shallow merging, with false, is supported')
  return { ...given.object(0), ...given.object(1) }
}

// An empty text is null (recorded).
const JSON_INTRINSICS: Readonly<Record<string, IntrinsicFunction>> = {
  StringToJson: { least: 1, most: 1, apply: parse },
  JsonToString: { least: 1, most: 1, apply: (given) => JSON.stringify(given.any(0)) },
  JsonMerge: { least: 3, most: 3, apply: merge },
}

// A number from the first argument on, below the second.
function random(given: Arguments, source: Random) {
  const [first, end] = [given.integer(0), given.integer(1)]
  if (first >= end) throw new IntrinsicError('Invalid arguments in States.MathRandom: the start must be below the end')
  const fraction = given.count === 3 ? seeded(given.integer(2)) : source.fraction()
  return first + Math.floor(fraction * (end - first))
}

function seeded(seed: number) {
  return createHash('sha256').update(String(seed)).digest().readUIntBE(0, 6) / 2 ** 48
}

function add(given: Arguments) {
  const sum = given.integer(0) + given.integer(1)
  if (Number.isSafeInteger(sum)) return sum
  throw new IntrinsicError('Invalid arguments in States.MathAdd: the sum is too large')
}

// A version 4 UUID (RFC 9562).
function uuid(source: Random) {
  const hex = source.hex(16)
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}

const NUMBER_INTRINSICS: Readonly<Record<string, IntrinsicFunction>> = {
  MathAdd: { least: 2, most: 2, apply: add },
  MathRandom: { least: 2, most: 3, apply: random },
  UUID: { least: 0, most: 0, apply: (_, source) => uuid(source) },
}

export interface ExpressionRoots {
  readonly roots: Roots
  readonly random: Random
}

/** The 18 intrinsic functions, by their names without `States.` */
export const INTRINSICS: ReadonlyMap<string, IntrinsicFunction> = new Map(
  Object.entries({ ...ARRAY_INTRINSICS, ...TEXT_INTRINSICS, ...JSON_INTRINSICS, ...NUMBER_INTRINSICS }),
)

export function isIntrinsic(text: string): boolean {
  return text.startsWith('States.')
}

/** `field` is named in the fault of a path that is not there, in AWS's recorded words. Throws QueryFault. */
export function evaluate(text: string, field: string, against: ExpressionRoots): Json {
  if (isIntrinsic(text)) return called(parsedOrFault(text, parseIntrinsic), against)
  const found = selectOrFault(text, against.roots)
  if ('value' in found) return found.value
  const input = shownJson(against.roots.input)
  throw new QueryFault(
    'States.Runtime',
    `The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${input}'`,
  )
}

export function selectValue(text: string, roots: Roots): Json {
  const found = selectOrFault(text, roots)
  if ('value' in found) return found.value
  throw new QueryFault('States.Runtime', `Invalid path '${text}' : ${found.miss}`)
}

/** Throws QueryFault for a text that is no path. */
export function selectOrFault(text: string, roots: Roots): PathSelection {
  return select(parsedOrFault(text, parsePath), roots)
}

/** Throws QueryFault for a text that is none. */
export function parsedOrFault<T>(
  text: string,
  parse: (text: string) => T,
  fault: QueryFault['error'] = 'States.Runtime',
): T {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error
    throw new QueryFault(fault, `Invalid path '${text}' : ${error.message}`)
  }
}

function called(call: IntrinsicCall, against: ExpressionRoots): Json {
  try {
    const intrinsic = INTRINSICS.get(call.name)
    if (intrinsic === undefined) throw new IntrinsicError(`There is no function States.${call.name}`)
    const given = call.arguments
    if (given.length < intrinsic.least || given.length > intrinsic.most) {
      throw new IntrinsicError(`Invalid number of arguments for States.${call.name}`)
    }
    const values = given.map((argument) => argumentValue(argument, call, against))
    return intrinsic.apply(new Arguments(call.name, values), against.random)
  } catch (error) {
    if (!(error instanceof IntrinsicError)) throw error
    throw new QueryFault('States.IntrinsicFailure', failure(call, error.message))
  }
}

const failure = (call: IntrinsicCall, why: string) => `The function '${call.text}' had the following error: ${why}`

function argumentValue(argument: IntrinsicArgument, call: IntrinsicCall, against: ExpressionRoots): ArgumentValue {
  switch (argument.kind) {
    case 'value':
      return { value: argument.value }
    case 'quoted':
      return { value: unescaped(argument.raw), raw: argument.raw }
    case 'call':
      return { value: called(argument.call, against) }
    case 'path': {
      const found = select(argument.path, against.roots)
      if ('value' in found) return found
      const input = shownJson(against.roots.input)
      const why = `The JsonPath argument for the field '${argument.path.text}' could not be found in the input '${input}'`
      throw new QueryFault('States.Runtime', failure(call, why))
    }
  }
}
