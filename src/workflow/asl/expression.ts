import type { Json } from '../../model/json.ts'
import { isJsonObject } from '../../model/json.ts'
import type { Path } from '../../source/located.ts'
import type { QueryLanguageName } from './dialect.ts'
import type { Part, Reading } from './part.ts'

const VARIABLE = /^[\p{ID_Start}_][\p{ID_Continue}\u200c\u200d]*$/u
const LONGEST_VARIABLE = 80

/** Whether a string is a JSONata expression: `{%` and `%}` are its first and last characters (states-language.net, "JSONata"). */
export function isExpression(value: Json | undefined): value is string {
  return typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}')
}

/** Reports what is wrong with the expressions or paths in a template, at any depth. */
export function checkTemplate(part: Part, key: string, language: QueryLanguageName): void {
  const value = part.raw(key)
  if (value === undefined) return
  const path = [...part.path, key]
  if (language === 'JSONata') checkExpressions(part.reading, value, path)
  else checkPayload(part.reading, value, path)
}

/** Reports what is wrong with the names and the values of an `Assign`. */
export function checkAssign(part: Part, language: QueryLanguageName): void {
  const assign = part.object('Assign')
  if (assign === undefined) return
  for (const key of assign.keys) {
    const name = language === 'JSONPath' && key.endsWith('.$') ? key.slice(0, -2) : key
    if (name === 'states') assign.failWhole(`Variable name 'states' is reserved`)
    else if (!VARIABLE.test(name) || name.length > LONGEST_VARIABLE) {
      assign.failWhole(`Variable name '${name}' is not a Unicode identifier of at most ${LONGEST_VARIABLE} characters`)
    }
  }
  checkTemplate(part, 'Assign', language)
}

/** Reports a member that is not a JSONPath. */
export function checkPath(part: Part, key: string): void {
  const path = part.text(key)
  if (path !== undefined && !path.startsWith('$')) part.fail(key, 'Value must be a valid JSONPath.')
}

/** Reports a member that does not name exactly one place. */
export function checkReferencePath(part: Part, key: string): void {
  const path = part.text(key)
  if (path !== undefined && !path.startsWith('$')) {
    part.fail(key, `Value is not a Reference Path: Reference path didn't start with '$'`)
  }
}

/** Reports a member that is neither a path nor a call of an intrinsic function. */
export function checkPathOrCall(part: Part, key: string): void {
  const path = part.text(key)
  if (path !== undefined && !path.startsWith('$') && !path.startsWith('States.')) {
    part.fail(key, `The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`)
  }
}

function checkExpressions(reading: Reading, value: Json, path: Path): void {
  if (isExpression(value)) return
  for (const [step, member] of membersOf(value)) checkExpressions(reading, member, [...path, step])
}

function checkPayload(reading: Reading, value: Json, path: Path): void {
  for (const [step, member] of membersOf(value)) {
    if (typeof step === 'string' && step.endsWith('.$')) {
      if (typeof member !== 'string' || !/^(\$|States\.)/.test(member)) {
        reading.fail(
          path,
          `The value for the field '${step}' must be a valid JSONPath or a valid intrinsic function call`,
        )
      }
    } else checkPayload(reading, member, [...path, step])
  }
}

function membersOf(value: Json): readonly (readonly [string | number, Json])[] {
  if (Array.isArray(value)) return value.map((member: Json, index) => [index, member] as const)
  return isJsonObject(value) ? Object.entries(value) : []
}
