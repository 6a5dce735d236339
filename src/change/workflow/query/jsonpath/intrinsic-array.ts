import type { Json } from '../../../../model/json.ts'
import { type Arguments, IntrinsicError, type IntrinsicFunction } from './intrinsic.ts'
import { identityOf } from './same-json.ts'

/** The longest array that `States.ArrayRange` makes (Step Functions developer guide, "Intrinsic functions for arrays"). */
const MAX_RANGE = 1000

function range(given: Arguments): Json {
  const [first, last, step] = [given.integer(0), given.integer(1), given.integer(2)]
  if (step === 0) throw new IntrinsicError('Invalid arguments in States.ArrayRange: the step must not be 0')
  const count = Math.max(0, Math.floor((last - first) / step) + 1)
  if (count > MAX_RANGE) {
    throw new IntrinsicError(`Invalid arguments in States.ArrayRange: more than ${MAX_RANGE} items`)
  }
  return Array.from({ length: count }, (_, index) => first + index * step)
}

function partition(given: Arguments): Json {
  const [items, size] = [given.array(0), given.integer(1)]
  if (size < 1) throw new IntrinsicError('Invalid arguments in States.ArrayPartition: the size must be positive')
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

function getItem(given: Arguments): Json {
  const [items, index] = [given.array(0), given.integer(1)]
  const item = items[index]
  if (item === undefined) {
    throw new IntrinsicError(`Invalid arguments in States.ArrayGetItem: no item ${index} in ${items.length}`)
  }
  return item
}

function contains(given: Arguments): Json {
  const wanted = identityOf(given.any(1))
  return given.array(0).some((item) => identityOf(item) === wanted)
}

function unique(given: Arguments): Json {
  return [...new Map(given.array(0).map((item) => [identityOf(item), item])).values()]
}

/** The intrinsic functions about arrays. Every index counts from 0. */
export const ARRAY_INTRINSICS: Readonly<Record<string, IntrinsicFunction>> = {
  Array: { least: 0, most: Number.POSITIVE_INFINITY, apply: (given) => given.from(0) },
  ArrayPartition: { least: 2, most: 2, apply: partition },
  ArrayContains: { least: 2, most: 2, apply: contains },
  ArrayRange: { least: 3, most: 3, apply: range },
  ArrayGetItem: { least: 2, most: 2, apply: getItem },
  ArrayLength: { least: 1, most: 1, apply: (given) => given.array(0).length },
  ArrayUnique: { least: 1, most: 1, apply: unique },
}
