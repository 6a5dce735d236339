import type { Problem } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { type LazyValue, ValueFault } from '../../model/once.ts'

// How a secret is shown.
const SECRET = '<secret>'

export type ShownValue = { readonly value: Json } | { readonly problem: Problem }

// Names of what is a secret whatever its source calls it: `password`, `sha512_password`, `snmp_community`, `radius_key`.
const NAMED = /(?:pass(?:word|wd|phrase)?|secret|token|community|(?:^|_)key)$/i

export function shownValue(name: string, read: () => LazyValue | undefined): ShownValue {
  try {
    const value = read()
    return { value: value === undefined ? null : jsonOf(value, name) }
  } catch (error) {
    if (error instanceof ValueFault) return { problem: error.problem }
    throw error
  }
}

function jsonOf(value: LazyValue, name: string): Json {
  if (value.kind === 'map') {
    const members = value.keys().flatMap((key): [string, Json][] => {
      const member = value.member(key)
      return member === undefined ? [] : [[key, jsonOf(member, key)]]
    })
    return Object.fromEntries(members)
  }
  if (value.kind === 'list') {
    return Array.from({ length: value.length }, (_, index) => {
      const item = value.item(index)
      return item === undefined ? null : jsonOf(item, name)
    })
  }
  const isText = typeof value.value === 'string' && value.value !== ''
  if (value.isSecret || (isText && NAMED.test(name))) return SECRET
  return typeof value.value === 'bigint' ? String(value.value) : value.value
}
