import { netmask, parseIp } from '../../../model/ip-address.ts'
import { textIn, wholeIn } from '../call/arguments.ts'
import { contains, isEqual, isTrue, orderOf } from '../call/compare.ts'
import { type Args, type filter, lenientFilter, plainFilter, safeFilter } from '../call/define.ts'
import { textOf } from '../call/print.ts'
import { flooredQuotient } from '../object/arithmetic.ts'
import { numberOf } from '../syntax/number.ts'
import { CHARACTER_CLASSES } from '../text/case.ts'
import { versionOrder } from '../text/version.ts'
import { refused, wrong } from '../value/fault.ts'
import { itemsOf } from '../value/iterate.ts'
import type { TemplateRuntime } from '../value/template-runtime.ts'
import {
  type CallArguments,
  Callable,
  Dict,
  hashOf,
  Markup,
  Range,
  sequenceOf,
  typeOf,
  Undefined,
  unmarked,
  type Value,
  View,
} from '../value/value.ts'
import { keyWork } from '../value/work.ts'
import { isTrueAsWord } from './ansible-text.ts'
import { FILTERS } from './names.ts'
import { patternTest } from './pattern.ts'
import { isThere, REFUSED_FILTERS, REFUSED_TESTS } from './refused.ts'

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (by) => by === 0,
  ne: (by) => by !== 0,
  lt: (by) => by < 0,
  le: (by) => by <= 0,
  gt: (by) => by > 0,
  ge: (by) => by >= 0,
}
const SIGNS: Readonly<Record<string, string>> = {
  '==': 'eq',
  '=': 'eq',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '!=': 'ne',
  '<>': 'ne',
}

function compareVersions(
  value: Value,
  [other = null, operator = 'eq', strict = null, kind = null]: Args,
  { budget }: TemplateRuntime,
): boolean {
  const isLoose = (strict === null || !isTrue(strict)) && (kind === null || kind === 'loose')
  if (!isLoose) throw refused('versions are compared loosely here', 'leave `strict` and `version_type` out')
  if (!isTrue(value) || !isTrue(other)) throw wrong('a version is empty')
  const sign = textIn(operator, 'the operator')
  const holds = OPERATORS[SIGNS[sign] ?? sign]
  if (holds === undefined) throw wrong(`there is no operator \`${sign}\``)
  return holds(versionOrder(textOf(value, budget), textOf(other, budget), budget))
}

export interface Test {
  (value: Value, given: CallArguments, host: TemplateRuntime): boolean
  readonly signature?: string
}

type Tests = Readonly<Record<string, Test>>

function tested(made: ReturnType<typeof filter>): Test {
  const answer = (value: Value, given: CallArguments, host: TemplateRuntime) => isTrue(made(value, given, host))
  return made.signature === undefined ? answer : Object.assign(answer, { signature: made.signature })
}

const test = (signature: string, run: (value: Value, args: Args, host: TemplateRuntime) => boolean): Test =>
  tested(plainFilter(signature, (value, args, host) => run(value, args.map(unmarked), host)))
const markupTest = (run: (value: Value, other: Value | undefined) => boolean, signature = ''): Test =>
  tested(safeFilter(signature, (value, [other]) => run(value, other)))
const lenient = (signature: string, run: (value: Value, args: Args, host: TemplateRuntime) => boolean): Test =>
  tested(lenientFilter(signature, run))

const isSequence = (value: Value) =>
  typeof value === 'string' ||
  sequenceOf(value) !== undefined ||
  value instanceof Dict ||
  value instanceof Range ||
  value instanceof View
const isNumber = (value: Value) => typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
const order = (holds: (order: number) => boolean) =>
  test('other', (value, [other = null], { budget }) => holds(orderOf(value, other, budget)))
const equal = test('other', (value, [other = null], { budget }) => isEqual(value, other, budget))
const unequal = test('other', (value, [other = null], { budget }) => !isEqual(value, other, budget))
const [less, lessOrEqual, greater, greaterOrEqual] = [
  order((by) => by < 0),
  order((by) => by <= 0),
  order((by) => by > 0),
  order((by) => by >= 0),
]

function remainder(value: Value, divisor: bigint): bigint {
  const number = numberOf(value)
  if (typeof number === 'number' && Number.isInteger(number)) return remainder(BigInt(number), divisor)
  if (typeof number !== 'bigint') throw wrong(`a whole number is needed, not a ${typeOf(value)}`)
  if (divisor === 0n) throw wrong('division by zero')
  return number - flooredQuotient(number, divisor) * divisor
}

// Jinja2's tests.
const JINJA: Tests = {
  defined: lenient('', (value) => !(value instanceof Undefined)),
  undefined: lenient('', (value) => value instanceof Undefined),
  none: test('', (value) => value === null),
  boolean: test('', (value) => typeof value === 'boolean'),
  true: test('', (value) => value === true),
  false: test('', (value) => value === false),
  integer: test('', (value) => typeof value === 'bigint'),
  float: test('', (value) => typeof value === 'number'),
  number: test('', isNumber),
  string: test('', (value) => typeof value === 'string'),
  mapping: test('', (value) => value instanceof Dict),
  iterable: test('', isSequence),
  sequence: test('', (value) => isSequence(value) && !(value instanceof View)),
  callable: test('', (value) => value instanceof Callable),
  escaped: markupTest((value) => value instanceof Markup),
  lower: test('', (value, _, { budget }) => CHARACTER_CLASSES.islower?.(textOf(value, budget)) === true),
  upper: test('', (value, _, { budget }) => CHARACTER_CLASSES.isupper?.(textOf(value, budget)) === true),
  odd: test('', (value) => remainder(value, 2n) === 1n),
  even: test('', (value) => remainder(value, 2n) === 0n),
  divisibleby: test('num', (value, [divisor]) => remainder(value, wholeIn(divisor, 'the divisor')) === 0n),
  sameas: markupTest(sameAs, 'other'),
  in: test('seq', (value, [container = null], { budget }) => contains(container, value, budget)),
  filter: test('', (value) => isThere(textIn(value), FILTERS, REFUSED_FILTERS)),
  test: test('', (value) => isThere(textIn(value), TESTS, REFUSED_TESTS)),
  eq: equal,
  equalto: equal,
  '==': equal,
  ne: unequal,
  '!=': unequal,
  lt: less,
  lessthan: less,
  '<': less,
  le: lessOrEqual,
  '<=': lessOrEqual,
  gt: greater,
  greaterthan: greater,
  '>': greater,
  ge: greaterOrEqual,
  '>=': greaterOrEqual,
}

function sameAs(value: Value, other: Value | undefined): boolean {
  const isOne = (one: Value | undefined) => one === null || typeof one === 'boolean'
  if (isOne(value) || isOne(other) || typeOf(value) !== typeOf(other ?? null)) return value === other
  if (typeof value === 'object') return value === other
  throw refused('`sameas` of texts and numbers depends on how Python keeps them', 'compare with `==`')
}

const subset = test('other', (value, [other = null], host) => isPartOf(value, other, host))
const superset = test('other', (value, [other = null], host) => isPartOf(other, value, host))

function isPartOf(part: Value, whole: Value, { budget }: TemplateRuntime): boolean {
  const hash = (item: Value) => {
    budget.spend(1 + keyWork(item))
    return hashOf(item)
  }
  const keys = new Set(itemsOf(whole, budget).map(hash))
  return itemsOf(part, budget)
    .map(hash)
    .every((key) => keys.has(key))
}

const version = test('version operator? strict? version_type?', compareVersions)
const pattern = tested(patternTest(false))

// Ansible's tests.
const CORE: Tests = {
  match: tested(patternTest(true)),
  search: pattern,
  regex: pattern,
  version,
  version_compare: version,
  any: test('', (value, _, { budget }) => itemsOf(value, budget).some(isTrue)),
  all: test('', (value, _, { budget }) => itemsOf(value, budget).every(isTrue)),
  truthy: test('convert_bool?', (value, [convert = false]) => (isTrue(convert) ? isTrueAsWord(value) : isTrue(value))),
  falsy: test('convert_bool?', (value, [convert = false]) => !(isTrue(convert) ? isTrueAsWord(value) : isTrue(value))),
  subset,
  issubset: subset,
  superset,
  issuperset: superset,
  contains: test('value', (value, [item = null], { budget }) => contains(value, item, budget)),
  nan: test('', (value) => typeof value === 'number' && Number.isNaN(value)),
  isnan: test('', (value) => typeof value === 'number' && Number.isNaN(value)),
}

type Ip = NonNullable<ReturnType<typeof parseIp>>
const networkIn = (value: Value | undefined): Ip | undefined => {
  const ip = typeof value === 'string' ? parseIp(value) : undefined
  return ip !== undefined && (ip.address & netmask(ip)) === ip.address ? ip : undefined
}
const addressIn = (value: Value): Ip | undefined => {
  const ip = typeof value === 'string' ? parseIp(value) : undefined
  return ip?.prefix === undefined ? ip : undefined
}
const prefixOf = (ip: Ip) => ip.prefix ?? (ip.version === 4 ? 32 : 128)

function isSubnet(inner: Value | undefined, outer: Value | undefined): boolean {
  const [a, b] = [networkIn(inner), networkIn(outer)]
  if (a === undefined || b === undefined || a.version !== b.version) return false
  return prefixOf(a) >= prefixOf(b) && (a.address & netmask(b)) === b.address
}

const inside = test('network', (value, [network]) => isSubnet(value, network))
const insideCount = (networks: Value | undefined, value: Value, { budget }: TemplateRuntime) =>
  itemsOf(networks ?? null, budget).filter((one) => isSubnet(value, one)).length
const address = (holds: (ip: Ip) => boolean) =>
  test('', (value) => {
    const ip = addressIn(value)
    return ip !== undefined && holds(ip)
  })

const ALL_ONES = 0xffff_ffffn

function isHostmask(ip: Ip | undefined): boolean {
  if (ip?.version !== 4 || ip.address === ALL_ONES) return false
  return ip.address !== 0n && (ip.address & (ip.address + 1n)) === 0n
}

function isNetmask(ip: Ip | undefined): boolean {
  if (ip?.version !== 4 || ip.address === 0n) return false
  const rest = ALL_ONES - ip.address
  return (rest & (rest + 1n)) === 0n
}

const UTILS: Tests = {
  in_network: inside,
  subnet_of: inside,
  supernet_of: test('network', (value, [network]) => isSubnet(network, value)),
  in_any_network: test('networks', (value, [networks], host) => insideCount(networks, value, host) > 0),
  in_one_network: test('networks', (value, [networks], host) => insideCount(networks, value, host) === 1),
  ip: test('', (value) => networkIn(value) !== undefined),
  ipv4: test('', (value) => networkIn(value)?.version === 4),
  ipv6: test('', (value) => networkIn(value)?.version === 6),
  ip_address: address(() => true),
  ipv4_address: address(({ version: family }) => family === 4),
  ipv6_address: address(({ version: family }) => family === 6),
  ipv4_netmask: test('', (value) => isNetmask(addressIn(value))),
  ipv4_hostmask: test('', (value) => isHostmask(addressIn(value))),
  ipv6_ipv4_mapped: address((ip) => ip.version === 6 && ip.address >> 32n === 0xffffn),
  loopback: address((ip) => (ip.version === 4 ? ip.address >> 24n === 127n : ip.address === 1n)),
  multicast: address((ip) => (ip.version === 4 ? ip.address >> 28n === 14n : ip.address >> 120n === 0xffn)),
  unspecified: address((ip) => ip.address === 0n),
  mac: test('', (value) =>
    /^(?:(?:[\da-f]{2}[:-]){5}[\da-f]{2}\n?$|[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}\n?$|[\da-f]{12}\n?$)/i.test(
      textIn(value),
    )),
}

const TYPES = ['float', 'int', 'str', 'list', 'dict', 'tuple', 'bool']

function failureOf(value: Value, wanted: Value, type: Value, budget: TemplateRuntime['budget']): string | undefined {
  if (value === null || value instanceof Undefined) return 'was expected but not set'
  if (wanted !== null && !isEqual(value, wanted, budget)) return 'has another value than the one that was expected'
  const name = typeof type === 'string' ? type.toLowerCase() : ''
  return TYPES.includes(name) && name !== typeOf(value) ? `is a ${typeOf(value)} and not a ${name}` : undefined
}

const AVD: Tests = {
  defined: lenient(
    'test_value? var_type? fail_action? var_name?',
    (value, [wanted = null, type = null, action = null, name = null], { budget }) => {
      const failure = failureOf(value, wanted, type, budget)
      if (failure === undefined) return true
      if (action === null || textOf(action, budget).toLowerCase() !== 'error') return false
      throw wrong(
        `${name === null ? 'a variable' : `\`${textOf(name, budget)}\``} ${failure}`,
        'give it a value that fits',
      )
    },
  ),
}

/** Every test by every name that Ansible gives it. */
export const TESTS: Tests = {
  ...JINJA,
  ...CORE,
  ...prefixed(CORE, 'ansible.builtin', 'ansible.legacy'),
  ...prefixed(Object.fromEntries(Object.entries(UTILS).map(([name, one]) => [name, written(one)])), 'ansible.utils'),
  ...prefixed(AVD, 'arista.avd'),
}

function written(one: Test): Test {
  const asked: Test = (value, given, host) => {
    if (sequenceOf(value) !== undefined || value instanceof Dict) textOf(value, host.budget)
    return one(value, given, host)
  }
  return one.signature === undefined ? asked : Object.assign(asked, { signature: one.signature })
}

function prefixed(tests: Tests, ...collections: readonly string[]): Tests {
  return Object.fromEntries(
    collections.flatMap((collection) => Object.entries(tests).map(([name, one]) => [`${collection}.${name}`, one])),
  )
}
