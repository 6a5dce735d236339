import { wrong } from '../fault.ts'
import { orderOf } from '../value/compare.ts'
import type { Value } from '../value/value.ts'

/** The order of two version numbers as Ansible's `LooseVersion` sees them: numbers as numbers, words as words. */
export function versionOrder(left: string, right: string): number {
  return orderOf(parts(left), parts(right))
}

function parts(version: string): Value[] {
  const found = version.split(/(\d+|[a-z]+|\.)/).filter((part) => part !== '' && part !== '.')
  if (found.length === 0) throw wrong('the version number is empty')
  return found.map((part) => (/^\d+$/.test(part) ? BigInt(part) : part))
}
