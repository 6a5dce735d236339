import { createHash } from 'node:crypto'
import { givenJson } from '../../model/json.ts'
import { CodedError, type NativeFunction, refusal } from './bounded-functions.ts'
import { LimitFault } from './limit-fault.ts'
import { LONGEST_SEQUENCE } from './limits.ts'

const MULTIPLIER = 0x5deece66dn
const INCREMENT = 0xbn
const MASK = (1n << 48n) - 1n

const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

/** What they give for odd arguments is as AWS was observed to answer: no step, a step of 0 or the wrong direction, and a partition by 0 give nothing; fractions are cut off; a range of one member is that member. */
export const addedFunctions: Readonly<Record<string, NativeFunction>> = {
  partition: {
    signature: '<xn?:a<a>>',
    arity: 2,
    run: ({ args: [members, size] }) => partition(members, size as number | undefined),
  },
  range: {
    signature: '<nnn?:a<n>>',
    arity: 3,
    run: ({ focus, args: [start, end, step] }) => {
      // A sequence of JSONata: one member alone is no array.
      const sequence = focus.createSequence()
      for (const member of range(start, end, step as number | undefined)) sequence.push(member)
      return sequence
    },
  },
  hash: {
    signature: '<ss?:s>',
    arity: 2,
    run: ({ args: [text, algorithm] }) => hash(text, algorithm as string | undefined),
  },
  random: {
    signature: '<n?:n>',
    arity: 1,
    run: ({ meter, args: [seed] }) =>
      seed === undefined ? meter.moment.random.fraction() : javaRandom(seed as number),
  },
  uuid: {
    signature: '<:s>',
    arity: 0,
    declared: 0,
    run: ({ meter }) => uuid(meter.moment.random.hex(16)),
  },
  parse: {
    signature: '<s-:x>',
    arity: 1,
    run: ({ args: [text] }) => (text === undefined ? undefined : parseJson(text as string)),
  },
}

function partition(members: unknown, size: number | undefined): unknown[] | undefined {
  if (members === undefined) return undefined
  if (!Array.isArray(members)) throw new CodedError('T0412', members, 1)
  if (members.length === 0) return undefined
  const length = Math.trunc(size ?? members.length)
  if (length < 0) throw refusal('Second argument must be zero or greater')
  if (length === 0) return undefined
  return Array.from({ length: Math.ceil(members.length / length) }, (_, index) =>
    members.slice(index * length, (index + 1) * length),
  )
}

function range(start: unknown, end: unknown, step: number | undefined) {
  if (typeof start !== 'number') throw new CodedError('T0410', start, 1)
  if (typeof end !== 'number') throw new CodedError('T0410', end, 2)
  const [from, to, by] = [Math.trunc(start), Math.trunc(end), Math.trunc(step ?? 0)]
  const count = by === 0 ? 0 : Math.floor((to - from) / by) + 1
  if (count > LONGEST_SEQUENCE) throw new LimitFault(`A sequence may not have more than ${LONGEST_SEQUENCE} members`)
  return Array.from({ length: Math.max(0, count) }, (_, index) => from + index * by)
}

function hash(text: unknown, algorithm: string | undefined) {
  if (typeof text !== 'string') throw new CodedError('T0410', text, 1)
  if (algorithm === undefined) return undefined
  const name = Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined
  if (name === undefined) {
    throw refusal(`Hash algorithm '${algorithm}' must be one of ${Object.keys(ALGORITHMS).join(', ')}`)
  }
  return createHash(name).update(text, 'utf8').digest('hex')
}

// A UUID of version 4 (RFC 9562, 5.4) from 16 random bytes in hex.
function uuid(hex: string) {
  const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4]
  const digits = `${hex.slice(0, 12)}4${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function parseJson(text: string): unknown {
  try {
    return givenJson(text)
  } catch {
    throw refusal('Invalid JSON')
  }
}

function javaRandom(seed: number) {
  const first = step(BigInt.asUintN(48, BigInt(Math.trunc(seed))) ^ MULTIPLIER)
  const second = step(first)
  return (Number(first >> 22n) * 2 ** 27 + Number(second >> 21n)) * 2 ** -53
}

function step(state: bigint) {
  return (state * MULTIPLIER + INCREMENT) & MASK
}
