import { type Call, CodedError, type NativeFunction } from './bounded-functions.ts'
import { isFunction } from './measure.ts'

/** The functions of JSONata on arrays that jsonata 2.2.2 does in quadratic time or memory, on the machine's stack, or with chance of its own: its `$sort` of 20,000 members holds 850 MB. */
export const arrayFunctions: Readonly<Record<string, NativeFunction>> = {
  max: { signature: '<a<n>:n>', arity: 1, run: ({ args: [numbers] }) => extreme(numbers, (a, b) => a > b) },
  min: { signature: '<a<n>:n>', arity: 1, run: ({ args: [numbers] }) => extreme(numbers, (a, b) => a < b) },
  zip: { signature: '<a+>', arity: 0, run: ({ args }) => zip(args as readonly (readonly unknown[])[]) },
  distinct: { signature: '<x:x>', arity: 1, run: distinct },
  spread: { signature: '<x-:a<o>>', arity: 1, run: spread },
  sort: { signature: '<af?:a>', arity: 2, run: sort },
  shuffle: { signature: '<a:a>', arity: 1, run: shuffle },
}

function extreme(numbers: unknown, isBetter: (a: number, b: number) => boolean) {
  if (numbers === undefined) return undefined
  let best: number | undefined
  for (const number of numbers as readonly number[]) if (best === undefined || isBetter(number, best)) best = number
  return best
}

function zip(arrays: readonly (readonly unknown[])[]) {
  const shortest = Math.min(...arrays.map((array) => (Array.isArray(array) ? array.length : 0)))
  return Array.from({ length: shortest }, (_, index) => arrays.map((array) => array[index]))
}

function distinct({ focus, args: [members] }: Call) {
  if (!Array.isArray(members) || members.length <= 1) return members
  const seen = new Set<unknown>()
  const results = 'sequence' in members && members.sequence === true ? focus.createSequence() : []
  for (const member of members) {
    const identity = identityOf(member)
    if (!seen.has(identity)) results.push(member)
    seen.add(identity)
  }
  return results
}

function identityOf(value: unknown): unknown {
  if (typeof value === 'string') return `"${value}`
  return typeof value === 'object' && value !== null && !isFunction(value) ? sortedText(value) : value
}

function sortedText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedText).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${sortedText(member)}`).join(',')}}`
}

function spread({ focus, args: [value] }: Call) {
  if (typeof value !== 'object' || value === null) return value
  const singles = focus.createSequence()
  const add = (of: unknown) => {
    if (Array.isArray(of)) for (const member of of) add(member)
    else if (typeof of !== 'object' || of === null || isFunction(of)) singles.push(of)
    else for (const [key, member] of Object.entries(of)) singles.push(Object.fromEntries([[key, member]]))
  }
  add(value)
  return singles
}

function sort({ focus, args: [members, order] }: Call): unknown {
  if (!Array.isArray(members) || members.length <= 1) return members
  if (order === undefined) return sortPlain(members)
  const isBehind = async (a: unknown, b: unknown) =>
    (order as { apply(focus: unknown, args: readonly unknown[]): unknown }).apply(focus, [a, b])
  return mergeSort(members, isBehind)
}

function sortPlain(members: readonly unknown[]): unknown[] {
  const type = typeof members[0]
  if ((type !== 'number' && type !== 'string') || members.some((member) => typeof member !== type)) {
    throw new CodedError('D3070')
  }
  return (members as readonly string[]).toSorted((a, b) => (a > b ? 1 : a < b ? -1 : 0))
}

async function mergeSort(
  members: readonly unknown[],
  isBehind: (a: unknown, b: unknown) => Promise<unknown>,
): Promise<readonly unknown[]> {
  if (members.length <= 1) return members
  const middle = Math.floor(members.length / 2)
  const left = await mergeSort(members.slice(0, middle), isBehind)
  const right = await mergeSort(members.slice(middle), isBehind)
  const merged: unknown[] = []
  let [l, r] = [0, 0]
  while (l < left.length && r < right.length) {
    if (await isBehind(left[l], right[r])) {
      merged.push(right[r])
      r += 1
    } else {
      merged.push(left[l])
      l += 1
    }
  }
  return [...merged, ...left.slice(l), ...right.slice(r)]
}

function shuffle({ meter, args: [members] }: Call) {
  if (!Array.isArray(members) || members.length <= 1) return members
  const shuffled: unknown[] = []
  for (const [index, member] of members.entries()) {
    const place = Math.floor(meter.moment.random.fraction() * (index + 1))
    if (place !== index) shuffled[index] = shuffled[place]
    shuffled[place] = member
  }
  return shuffled
}
