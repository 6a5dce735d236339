import { parsedInt } from '../syntax/number.ts'
import { refused, type Value, wrong } from '../value/value.ts'

// The forms in which netaddr 0.8 reads a hardware address of six bytes, and how many digits each part has.
const FORMS: readonly (readonly [RegExp, number])[] = [
  [form(6, 2, ':'), 2],
  [form(6, 2, '-'), 2],
  [form(3, 4, ':'), 4],
  [form(3, 4, '-'), 4],
  [form(3, 4, '\\.'), 4],
  [/^([\da-f]{5,6})[-:]([\da-f]{5,6})\n?$/i, 6],
  [/^([\da-f]{11,12})\n?$/i, 12],
]

function form(parts: number, digits: number, sign: string) {
  const part = `([\\da-f]{1,${digits}})`
  return new RegExp(`^${Array.from({ length: parts }, () => part).join(sign)}\\n?$`, 'i')
}

// Forms of eight bytes, which are read by netaddr and not here.
const EIGHT_BYTES = /^(?:[\da-f]{1,2}(?:[:-][\da-f]{1,2}){7}|[\da-f]{1,4}(?:[:.-][\da-f]{1,4}){3}|[\da-f]{15,16})\n?$/i

type Query = (hex: string) => Value

const inPairs = (hex: string): string[] => hex.match(/../g) ?? []
const inHalves: Query = (hex) => hex.replace(/^(.{6})/, '$1:')
const withDashes: Query = (hex) => inPairs(hex.toUpperCase()).join('-')

const QUERIES: Readonly<Record<string, Query>> = {
  bare: (hex) => hex.toUpperCase(),
  bool: () => true,
  int: (hex) => BigInt(`0x${hex}`),
  cisco: (hex) => hex.replace(/^(.{4})(.{4})/, '$1.$2.'),
  eui48: withDashes,
  win: withDashes,
  linux: (hex) => inPairs(hex).join(':'),
  unix: (hex) =>
    inPairs(hex)
      .map((pair) => Number.parseInt(pair, 16).toString(16))
      .join(':'),
  pgsql: inHalves,
  postgresql: inHalves,
  psql: inHalves,
}

/** `hwaddr(value, query)` of ansible.utils 2: a hardware address in the style that is asked for. */
export function hwaddr(value: string, query: string): Value {
  const hex = hardwareAddress(value)
  if (hex === undefined && query !== '' && query !== 'bool') throw wrong(`\`${value}\` is not a hardware address`)
  if (query === '') return hex === undefined ? null : value
  const answer = Object.hasOwn(QUERIES, query) ? QUERIES[query] : undefined
  if (answer === undefined) throw wrong(`it does not know \`${query}\``, `it knows ${Object.keys(QUERIES).join(', ')}`)
  return hex === undefined ? null : answer(hex)
}

/** The twelve digits of a hardware address; undefined for what is none. */
export function hardwareAddress(value: string): string | undefined {
  for (const [form, digits] of FORMS) {
    const parts = form.exec(value)?.slice(1)
    if (parts !== undefined) return parts.map((part) => part.toLowerCase().padStart(digits, '0')).join('')
  }
  if (EIGHT_BYTES.test(value))
    throw refused('a hardware address of eight bytes is not read here', 'give one of six bytes')
  const number = parsedInt(value, 10)
  if (number === undefined || number < 0n || number >= 1n << 64n) return undefined
  if (number >= 1n << 48n) throw refused('a hardware address of eight bytes is not read here', 'give one of six bytes')
  return number.toString(16).padStart(12, '0')
}
