import { isJsonObject, type Json } from '../../../../model/json.ts'

export function identityOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(identityOf).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value === 0 ? 0 : value)
  const members = Object.keys(value).sort()
  return `{${members.map((name) => `${JSON.stringify(name)}:${identityOf(value[name] ?? null)}`).join(',')}}`
}

export function sameJson(left: Json, right: Json): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object') return false
  return identityOf(left) === identityOf(right)
}
