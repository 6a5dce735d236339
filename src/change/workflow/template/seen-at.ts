import type { Json, JsonObject } from '../../../model/json.ts'
import { type LazyValue, ValueFault } from '../../../model/lazy-value.ts'
import type { LazyVariables } from './render.ts'

const WHOLE = /^\{\{\s*([A-Za-z]\w*)((?:\.[A-Za-z_]\w*|\[\s*(?:'[^'\\]*'|"[^"\\]*"|\d+)\s*\])+)\s*\}\}$/
const STEP = /\.([A-Za-z_]\w*)|\[\s*(?:'([^']*)'|"([^"]*)"|(\d+))\s*\]/g

/** The value that a text means which is one path into what is seen, and nothing else: `{{ device.vars.vlans }}`. */
export function seenAt(text: string, params: JsonObject, seen: LazyVariables): Json | undefined {
  const [, name = '', path = ''] = WHOLE.exec(text) ?? []
  const root = Object.hasOwn(seen, name) && !Object.hasOwn(params, name) ? seen[name] : undefined
  if (root === undefined) return undefined
  try {
    const found = [...path.matchAll(STEP)].reduce<LazyValue | undefined>(
      (value, [, plain, single, double, index]) => partOf(value, plain ?? single ?? double ?? Number(index)),
      root,
    )
    return found === undefined ? undefined : jsonOf(found)
  } catch (thrown) {
    if (thrown instanceof ValueFault) return undefined
    throw thrown
  }
}

function partOf(value: LazyValue | undefined, step: string | number) {
  if (value?.kind === 'map') return value.member(String(step))
  return value?.kind === 'list' && typeof step === 'number' ? value.item(step) : undefined
}

function jsonOf(value: LazyValue): Json {
  if (value.kind === 'list') {
    return Array.from({ length: value.length }, (_, index) => {
      const item = value.item(index)
      return item === undefined ? null : jsonOf(item)
    })
  }
  if (value.kind === 'map') {
    return Object.fromEntries(
      value.keys().map((key): [string, Json] => {
        const member = value.member(key)
        return [key, member === undefined ? null : jsonOf(member)]
      }),
    )
  }
  return typeof value.value === 'bigint' ? String(value.value) : value.value
}
