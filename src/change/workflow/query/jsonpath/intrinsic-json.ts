import { givenJson } from '../../../../model/given-json.ts'
import { isJsonObject, type Json } from '../../../../model/json.ts'
import { type Arguments, IntrinsicError, type IntrinsicFunction } from './intrinsic.ts'

/** How deep a value read from a text may nest, so that nothing that walks it afterwards can run out of stack. */
const MAX_DEPTH = 200

function parse(given: Arguments): Json {
  const text = given.text(0)
  if (text.trim() === '') return null
  const value = parsed(text)
  if (isDeeper(value, MAX_DEPTH)) throw new IntrinsicError(`States.StringToJson: nested deeper than ${MAX_DEPTH}`)
  return value
}

function parsed(text: string): Json {
  try {
    return givenJson(text)
  } catch (error) {
    throw new IntrinsicError(`States.StringToJson: ${(error as SyntaxError).message}`)
  }
}

function isDeeper(value: Json, limit: number): boolean {
  let level: readonly Json[] = [value]
  for (let depth = 0; depth <= limit && level.length > 0; depth++) {
    level = level.flatMap((item) => (isJsonObject(item) || Array.isArray(item) ? Object.values(item) : []))
  }
  return level.length > 0
}

function merge(given: Arguments): Json {
  if (given.any(2) !== false)
    throw new IntrinsicError('States.JsonMerge: only shallow merging, with false, is supported')
  return { ...given.object(0), ...given.object(1) }
}

/** The intrinsic functions about JSON. An empty text is null (recorded). */
export const JSON_INTRINSICS: Readonly<Record<string, IntrinsicFunction>> = {
  StringToJson: { least: 1, most: 1, apply: parse },
  JsonToString: { least: 1, most: 1, apply: (given) => JSON.stringify(given.any(0)) },
  JsonMerge: { least: 3, most: 3, apply: merge },
}
