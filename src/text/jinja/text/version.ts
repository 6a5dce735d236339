import { orderOf } from '../call/compare.ts'
import type { Budget } from '../value/budget.ts'
import { wrong } from '../value/fault.ts'
import type { Value } from '../value/value.ts'

/** The order of two version numbers as Ansible's `LooseVersion` sees them: numbers as numbers, words as words. */
export function versionOrder(left: string, right: string, budget: Budget): number {
  budget.spend((left.length + right.length) >> 5)
  return orderOf(parts(left), parts(right), budget)
}

function parts(version: string): Value[] {
  const found = version.split(/(\d+|[a-z]+|\.)/).filter((part) => part !== '' && part !== '.')
  if (found.length === 0) throw wrong('the version number is empty')
  return found.map((part) => (/^\d+$/.test(part) ? BigInt(part) : part))
}
