import { givenJson, isJsonObject, type Json } from '../../model/json.ts'
import type { ValueOrProblems } from '../../model/problem.ts'
import { accept } from './checked.ts'
import { readJson } from './json.ts'
import { isExact, isForbiddenKey, isWhole } from './misleading.ts'
import { DEPTH_LIMIT } from './nesting.ts'
import { decodeText, GENERATED_LIMIT } from './text.ts'

/** Reads a JSON document that a machine writes and nobody edits: some ten times as fast as {@link readJson}, and the value knows no places. */
export function readMachineJson(content: string | Uint8Array, file: string): ValueOrProblems<Json> {
  const read = decodeText(content, file, GENERATED_LIMIT)
  if (!read.ok) return read
  const value = parsed(read.value)
  if (value !== undefined && isSound(value, 0)) return accept(value)
  const located = readJson(read.value, file)
  return located.ok ? accept(located.value.value) : located
}

function parsed(text: string) {
  try {
    return givenJson(text)
  } catch {
    return undefined
  }
}

function isSound(value: Json, depth: number): boolean {
  if (typeof value === 'number') return isExact(value)
  if (typeof value === 'string') return isWhole(value)
  if (depth > DEPTH_LIMIT) return false
  if (Array.isArray(value)) return (value as readonly Json[]).every((one) => isSound(one, depth + 1))
  if (!isJsonObject(value)) return true
  return Object.entries(value).every(([key, one]) => !isForbiddenKey(key) && isWhole(key) && isSound(one, depth + 1))
}
