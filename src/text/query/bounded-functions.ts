import type { Random } from '../../model/clock.ts'
import { LimitFault } from './limit-fault.ts'
import { BYTES_PER_STEP, LARGEST_VALUE, MOST_STEPS } from './limits.ts'
import { isFunction, type Measure, measure } from './measure.ts'

const LONGEST_PICTURE = 256
const LONGEST_TIMESTAMP = 64
const WIDE = /\[[^\]]*,[^\]]*\d{4}[^\]]*\]/

// Throws D3137.
function requirePicture(picture: unknown) {
  if (picture === undefined) return
  if (String(picture).length > LONGEST_PICTURE) throw refusal(`A picture has at most ${LONGEST_PICTURE} characters`)
  if (WIDE.test(String(picture))) throw refusal('A width in a picture has at most three digits')
}

// Throws D3137.
function requireReadablePicture(timestamp: unknown, picture: unknown) {
  requirePicture(picture)
  if (String(timestamp).length > LONGEST_TIMESTAMP) {
    throw refusal(`A timestamp has at most ${LONGEST_TIMESTAMP} characters`)
  }
  const [first, ...rest] = String(picture).split('[').slice(1)
  let before = componentOf(first ?? '')
  for (const part of rest) {
    const next = componentOf(part)
    if (!areApart(before, next)) throw refusal('Components of a picture that is read must be separated')
    before = next
  }
}

interface Component {
  readonly kind: 'digits' | 'fixed' | 'letters' | 'words' | 'zone'
  readonly literal: string
}

function componentOf(part: string): Component {
  const [marker = '', literal = ''] = part.split(']')
  return { kind: kindOf(marker), literal }
}

function kindOf(marker: string) {
  if (/^[Zz]/.test(marker)) return 'zone'
  if (/^.\s*[Ww]/.test(marker)) return 'words'
  if (/^P|^.\s*[NnAaIi]/.test(marker)) return 'letters'
  return /^[YMDdHhms]0*1$/.test(marker) ? 'fixed' : 'digits'
}

function areApart(before: Component, next: Component) {
  if (before.kind === 'words' || next.kind === 'words') return false
  if (before.literal === '') return next.kind === 'zone' || (before.kind === 'fixed' && next.kind === 'fixed')
  const isLetters = before.kind === 'letters' || next.kind === 'letters'
  return isLetters ? /[^A-Za-z]/.test(before.literal) : /\D/.test(before.literal)
}

export type OriginalFunction = (name: string) => (...args: readonly unknown[]) => unknown

/**
 * The functions of JSONata that say the time, and those that run without end for some arguments: JSONata itself answers
 * them, once the time is the execution's and the arguments are such that it ends.
 */
export function boundedFunctions(original: OriginalFunction): Readonly<Record<string, NativeFunction>> {
  const ask = (name: string, { focus }: Call, args: readonly unknown[]) => original(name).apply(focus, [...args])
  const search = (name: string): NativeFunction => ({
    signature: '<s-s:s>',
    arity: 2,
    run: (call) => {
      call.meter.search(call.args[0], call.args[1])
      return ask(name, call, call.args)
    },
  })
  return {
    substringBefore: search('substringBefore'),
    substringAfter: search('substringAfter'),
    contains: {
      signature: '<s-(sf):b>',
      arity: 2,
      run: (call) => {
        const [text, pattern] = call.args
        // A pattern that is a function is a regular expression of one pass: see ONE_PASS.
        if (typeof pattern === 'function') call.meter.spend(String(text).length)
        else call.meter.search(text, pattern)
        return ask('contains', call, call.args)
      },
    },
    now: {
      signature: '<s?s?:s>',
      arity: 2,
      run: (call) => {
        requirePicture(call.args[0])
        return ask('fromMillis', call, [call.meter.moment.now, ...call.args])
      },
    },
    millis: { signature: '<:n>', arity: 0, declared: 0, run: ({ meter }) => meter.moment.now },
    fromMillis: {
      signature: '<n-s?s?:s>',
      arity: 3,
      run: (call) => {
        requirePicture(call.args[1])
        return ask('fromMillis', call, call.args)
      },
    },
    toMillis: {
      signature: '<s-s?:n>',
      arity: 2,
      run: (call) => {
        const [text, picture] = call.args
        if (text === undefined) return undefined
        if (picture === undefined) return millisOf(text as string)
        requireReadablePicture(text, picture)
        // JSONata completes a partial date with the time of its own clock.
        const environment = { timestamp: new Date(call.meter.moment.now) }
        return original('toMillis').apply({ environment }, [text, picture])
      },
    },
    formatInteger: {
      signature: '<n-s:s>',
      arity: 2,
      run: (call) => {
        const [number, picture] = call.args
        requirePicture(picture)
        if (/^i/i.test(String(picture)) && Math.abs(number as number) > LARGEST_ROMAN) {
          throw refusal(`Roman numerals end at ${LARGEST_ROMAN}`)
        }
        return ask('formatInteger', call, call.args)
      },
    },
    formatNumber: {
      signature: '<n-so?:s>',
      arity: 3,
      run: (call) => {
        requirePicture(call.args[1])
        requireSymbols(call.args[2])
        return ask('formatNumber', call, call.args)
      },
    },
    string: {
      signature: '<x-b?:s>',
      arity: 2,
      declared: 1,
      run: (call) => {
        const { bytes, depth } = measure(call.args[0])
        // Pretty printing indents every line by its depth.
        if (call.args[1] === true && bytes * (depth + 1) > LARGEST_VALUE) {
          throw new LimitFault('Expression evaluation memory limit exceeded')
        }
        return ask('string', call, call.args)
      },
    },
  }
}

const LARGEST_ROMAN = 1_000_000

// Symbols of $formatNumber that are one character (XPath F&O 3.1, 4.7.2): an empty one is looked for without end.
const SYMBOLS = new Set([
  ...['decimal-separator', 'grouping-separator', 'exponent-separator', 'minus-sign', 'percent', 'per-mille'],
  ...['zero-digit', 'digit', 'pattern-separator'],
])

function requireSymbols(options: unknown) {
  for (const [name, symbol] of Object.entries(options ?? {})) {
    if (SYMBOLS.has(name) && (typeof symbol !== 'string' || symbol.length !== 1)) {
      throw refusal(`${name} must be one character`)
    }
  }
}

const DATE = /^(\d{4}(?:-\d{2}(?:-\d{2})?)?)$/
const DATE_TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}:?\d{2})?$/

// A time without an offset is UTC: JSONata takes the time zone of the machine.
function millisOf(text: string) {
  const [, dateTime, offset = 'Z'] = DATE_TIME.exec(text) ?? []
  const millis =
    dateTime === undefined
      ? DATE.test(text)
        ? Date.parse(text)
        : Number.NaN
      : Date.parse(dateTime + offset.replace(/^(.\d\d)(\d\d)$/, '$1:$2'))
  if (Number.isNaN(millis)) throw new CodedError('D3110', text)
  return millis
}

export interface Base {
  meter?: Meter
}

export interface Environment {
  readonly base: Base
  lookup(name: string | symbol): unknown
}

interface Focus {
  readonly environment: Environment
  createSequence(...members: unknown[]): unknown[]
}

export const METER = ' meter'

export function meterOf({ base, lookup }: Environment): Meter {
  base.meter ??= lookup(METER) as Meter
  return base.meter
}

export class CodedError extends Error {
  readonly code: string
  readonly value: unknown
  readonly index: number | undefined

  constructor(code: string, value?: unknown, index?: number) {
    super(code)
    this.name = 'CodedError'
    this.code = code
    this.value = value
    this.index = index
  }
}

/** What is wrong with an argument by its value: AWS reports these as D3137 (recorded for `$parse`, `$hash`, `$partition`). */
export function refusal(message: string): CodedError {
  const error = new CodedError('D3137')
  error.message = message
  return error
}

export interface Call {
  readonly meter: Meter
  readonly focus: Focus
  readonly args: readonly unknown[]
}

export interface NativeFunction {
  readonly signature: string
  readonly arity: 0 | 1 | 2 | 3 | 4
  readonly declared?: number
  readonly run: (call: Call) => unknown
}

const CONSTANT_TIME = new Set(['count', 'exists', 'type'])

const WALKS_MEMBERS = new Set(['keys', 'each', 'sift', 'merge', 'spread', 'lookup', 'clone'])

export function implementationOf(name: string, native: NativeFunction): (...args: never[]) => unknown {
  const perform = (focus: Focus, args: readonly unknown[]) => {
    const meter = meterOf(focus.environment)
    meter.spend(1)
    if (WALKS_MEMBERS.has(name) && isFunction(args[0])) {
      throw new CodedError('T0410', args[0], 1)
    }
    if (!isConstantTime(name, args)) for (const argument of args) admit(meter, argument)
    const result = native.run({ meter, focus, args })
    return result instanceof Promise ? result.then((value) => admit(meter, value)) : admit(meter, result)
  }
  const implementation = SHAPES[native.arity](perform)
  // JSONata passes $map's function as many arguments as it declares.
  if (native.declared !== undefined) Object.defineProperty(implementation, 'length', { value: native.declared })
  return implementation
}

function isConstantTime(name: string, args: readonly unknown[]) {
  return CONSTANT_TIME.has(name) || (name === 'lookup' && !Array.isArray(args[0]))
}

function admit(meter: Meter, value: unknown) {
  if (!meter.walk(value).finite) throw new LimitFault('A number is not finite')
  return value
}

type Perform = (focus: Focus, args: readonly unknown[]) => unknown

const SHAPES: Readonly<Record<NativeFunction['arity'], (perform: Perform) => (...args: never[]) => unknown>> = {
  0: (perform) =>
    function (this: Focus, ...args: unknown[]) {
      return perform(this, args)
    },
  1: (perform) =>
    function (this: Focus, a: unknown) {
      return perform(this, [a])
    },
  2: (perform) =>
    function (this: Focus, a: unknown, b: unknown) {
      return perform(this, [a, b])
    },
  3: (perform) =>
    function (this: Focus, a: unknown, b: unknown, c: unknown) {
      return perform(this, [a, b, c])
    },
  4: (perform) =>
    function (this: Focus, a: unknown, b: unknown, c: unknown, d: unknown) {
      return perform(this, [a, b, c, d])
    },
}

/** What an evaluation sees of time and chance: `now` is milliseconds since the epoch, which $now and $millis say. */
export interface EvaluationClock {
  readonly now: number
  readonly random: Random
}

export class Meter {
  readonly moment: EvaluationClock
  #left = MOST_STEPS
  #grouped = 0
  #over = false

  constructor(moment: EvaluationClock) {
    this.moment = moment
  }

  /** Ends the evaluation: members of a constructor that still run beside a failed one must not draw chance any more. */
  stop(): void {
    this.#over = true
  }

  /** Throws LimitFault when there are no more. */
  spend(steps: number): void {
    this.#left -= steps
    if (this.#over) throw new LimitFault('The evaluation is over')
    if (this.#left < 0) {
      throw new LimitFault(`Expression evaluation limit of ${MOST_STEPS} steps exceeded: Check for infinite loop`)
    }
  }

  walk(value: unknown): Measure {
    const measured = measure(value)
    this.spend(Math.floor(measured.bytes / BYTES_PER_STEP))
    return measured
  }

  search(text: unknown, pattern: unknown): void {
    if (typeof text !== 'string' || typeof pattern !== 'string') return
    if (pattern.length > BYTES_PER_STEP) this.spend(Math.floor((text.length * pattern.length) / BYTES_PER_STEP ** 2))
  }

  group(): void {
    this.#grouped += 1
    this.spend(Math.floor(this.#grouped / 64))
  }
}
