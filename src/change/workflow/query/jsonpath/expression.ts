import type { Json } from '../../../../model/json.ts'
import type { Random } from '../../../../model/random.ts'
import { QueryFault } from '../language/query-fault.ts'
import { QuerySyntaxError } from './cursor.ts'
import { Arguments, type ArgumentValue, IntrinsicError, type IntrinsicFunction } from './intrinsic.ts'
import { ARRAY_INTRINSICS } from './intrinsic-array.ts'
import { type IntrinsicArgument, type IntrinsicCall, parseIntrinsic } from './intrinsic-call.ts'
import { JSON_INTRINSICS } from './intrinsic-json.ts'
import { NUMBER_INTRINSICS } from './intrinsic-number.ts'
import { TEXT_INTRINSICS, unescaped } from './intrinsic-text.ts'
import { parsePath } from './parse-path.ts'
import { type PathSelection, type Roots, select } from './select.ts'
import { shownJson } from './shown-json.ts'

/** What an expression is evaluated against. */
export interface ExpressionRoots {
  readonly roots: Roots
  readonly random: Random
}

/** The 18 intrinsic functions, by their names without `States.` */
export const INTRINSICS: ReadonlyMap<string, IntrinsicFunction> = new Map(
  Object.entries({ ...ARRAY_INTRINSICS, ...TEXT_INTRINSICS, ...JSON_INTRINSICS, ...NUMBER_INTRINSICS }),
)

/** Whether a text calls an intrinsic function. */
export function isIntrinsic(text: string): boolean {
  return text.startsWith('States.')
}

/**
 * The value of an expression: a path, or an intrinsic function. `field` is named in the fault of a path that is not
 * there, in AWS's recorded words. Throws QueryFault.
 */
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

/** The value of a path for InputPath and OutputPath, whose fault says where the path breaks off (recorded). */
export function selectValue(text: string, roots: Roots): Json {
  const found = selectOrFault(text, roots)
  if ('value' in found) return found.value
  throw new QueryFault('States.Runtime', `Invalid path '${text}' : ${found.miss}`)
}

/** What a path selects, a miss included. Throws QueryFault for a text that is no path. */
export function selectOrFault(text: string, roots: Roots): PathSelection {
  return select(parsedOrFault(text, parsePath), roots)
}

function parsedOrFault<T>(text: string, parse: (text: string) => T): T {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error
    throw new QueryFault('States.Runtime', `Invalid path '${text}' : ${error.message}`)
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

const failure = (call: IntrinsicCall, why: string): string =>
  `The function '${call.text}' had the following error: ${why}`

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
