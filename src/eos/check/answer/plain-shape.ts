import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'

/** Whether a value is an object all of whose members are objects that `is` takes. */
export function isRecordOf(value: Json | undefined, is: (member: JsonObject) => boolean): value is JsonObject {
  if (!isJsonObject(value) || Object.hasOwn(value, '__proto__')) return false
  for (const name in value) {
    const member = value[name]
    if (!isJsonObject(member) || !is(member)) return false
  }
  return true
}

export const isTextOrNone = (value: Json | undefined): boolean => value === undefined || typeof value === 'string'

export const isIntOrNone = (value: Json | undefined): boolean => value === undefined || Number.isSafeInteger(value)
