import { LimitFault } from './limit-fault.ts'
import { isFunction } from './measure.ts'
import type { Meter } from './meter.ts'
import { CodedError, type Focus, meterOf } from './runtime.ts'

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
