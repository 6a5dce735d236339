import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'

/**
 * Whether a value is an object all of whose members are objects that `is` takes. What a schema makes of a long answer is a copy member by member: who
 * finds it plain by this reads the answer itself, and asks the schema about all others, which knows what is missing and why.
 */
export function isRecordOf(value: Json | undefined, is: (member: JsonObject) => boolean): value is JsonObject {
  if (!isJsonObject(value) || Object.hasOwn(value, '__proto__')) return false
  for (const name in value) {
    const member = value[name]
    if (!isJsonObject(member) || !is(member)) return false
  }
  return true
}

/** Whether a member is a text, or not there. */
export const isTextOrNone = (value: Json | undefined): boolean => value === undefined || typeof value === 'string'

/** Whether a member is an integer that is exact in JavaScript, or not there. */
export const isIntOrNone = (value: Json | undefined): boolean => value === undefined || Number.isSafeInteger(value)
