import { bitsOf, type Ip, parseIp } from '../../../model/ip-address.ts'
import { firstOf, holdsNet, isPowerOfTwo, type Net } from '../address/query.ts'
import {
  type Args,
  contains,
  type filter,
  holds,
  isEqual,
  isTrue,
  lenientFilter,
  ORDERS,
  plainFilter,
  prefixed,
  safeFilter,
  textIn,
  wholeIn,
} from '../call/arguments.ts'
import { textOf } from '../call/print.ts'
import { flooredQuotient } from '../object/arithmetic.ts'
import type { ComparisonOperator } from '../syntax/nodes.ts'
import { numberOf } from '../syntax/number.ts'
import { CHARACTER_CLASSES, versionOrder } from '../text/methods.ts'
import {
  type Budget,
  type CallArguments,
  Callable,
  Dict,
  hashOf,
  itemsOf,
  keyWork,
  Markup,
  Range,
  refused,
  sequenceOf,
  type TemplateRuntime,
  typeOf,
  Undefined,
  unmarked,
  type Value,
  View,
  wrong,
} from '../value/value.ts'
import { FILTERS } from './names.ts'
import { isThere, REFUSED_FILTERS, REFUSED_TESTS } from './refused.ts'
import { isTrueAsWord, patternTest } from './text.ts'

const SIGNS = {
  eq: '==',
  '=': '==',
  ne: '!=',
  '<>': '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
} as const

function compareVersions(
  value: Value,
  [other = null, operator = 'eq', strict = null, kind = null]: Args,
  budget: Budget,
) {
  const isLoose = (strict === null || !isTrue(strict)) && (kind === null || kind === 'loose')
  if (!isLoose) throw refused('versions are compared loosely here', 'leave `strict` and `version_type` out')
  if (!isTrue(value) || !isTrue(other)) throw wrong('a version is empty')
  const sign = textIn(operator, 'the operator')
  const known = Object.hasOwn(SIGNS, sign) ? SIGNS[sign as keyof typeof SIGNS] : sign
  if (!Object.hasOwn(ORDERS, known)) throw wrong(`there is no operator \`${sign}\``)
  const order = versionOrder(textOf(value, budget), textOf(other, budget), budget)
  return ORDERS[known as keyof typeof ORDERS](order)
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

const test = (signature: string, run: (value: Value, args: Args, budget: Budget) => boolean): Test =>
  tested(plainFilter(signature, (value, args, budget) => run(value, args.map(unmarked), budget)))
const markupTest = (run: (value: Value, other: Value | undefined) => boolean, signature = ''): Test =>
  tested(safeFilter(signature, (value, [other]) => run(value, other)))
const lenient = (signature: string, run: (value: Value, args: Args, budget: Budget) => boolean): Test =>
  tested(lenientFilter(signature, run))

const isSequence = (value: Value) =>
  typeof value === 'string' ||
  sequenceOf(value) !== undefined ||
  value instanceof Dict ||
  value instanceof Range ||
  value instanceof View
const isNumber = (value: Value) => typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
const comparing = (operator: ComparisonOperator) =>
  test('other', (value, [other = null], budget) => holds(operator, value, other, budget))

function remainder(value: Value, divisor: bigint) {
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
  lower: test('', (value, _, budget) => CHARACTER_CLASSES.islower?.(textOf(value, budget)) === true),
  upper: test('', (value, _, budget) => CHARACTER_CLASSES.isupper?.(textOf(value, budget)) === true),
  odd: test('', (value) => remainder(value, 2n) === 1n),
  even: test('', (value) => remainder(value, 2n) === 0n),
  divisibleby: test('num', (value, [divisor]) => remainder(value, wholeIn(divisor, 'the divisor')) === 0n),
  sameas: markupTest(sameAs, 'other'),
  in: test('seq', (value, [container = null], budget) => contains(container, value, budget)),
  filter: test('', (value) => isThere(textIn(value), FILTERS, REFUSED_FILTERS)),
  test: test('', (value) => isThere(textIn(value), TESTS, REFUSED_TESTS)),
  ...named(comparing('=='), 'eq', 'equalto', '=='),
  ...named(comparing('!='), 'ne', '!='),
  ...named(comparing('<'), 'lt', 'lessthan', '<'),
  ...named(comparing('<='), 'le', '<='),
  ...named(comparing('>'), 'gt', 'greaterthan', '>'),
  ...named(comparing('>='), 'ge', '>='),
}

function named(one: Test, ...names: readonly string[]): Tests {
  return Object.fromEntries(names.map((name) => [name, one]))
}

function sameAs(value: Value, other: Value | undefined) {
  const isOne = (one: Value | undefined) => one === null || typeof one === 'boolean'
  if (isOne(value) || isOne(other) || typeOf(value) !== typeOf(other ?? null)) return value === other
  if (typeof value === 'object') return value === other
  throw refused('`sameas` of texts and numbers depends on how Python keeps them', 'compare with `==`')
}

function isPartOf(part: Value, whole: Value, budget: Budget) {
  const hash = (item: Value) => {
    budget.spend(1 + keyWork(item))
    return hashOf(item)
  }
  const keys = new Set(itemsOf(whole, budget).map(hash))
  return itemsOf(part, budget)
    .map(hash)
    .every((key) => keys.has(key))
}

// Ansible's tests.
const CORE: Tests = {
  match: tested(patternTest(true)),
  ...named(tested(patternTest(false)), 'search', 'regex'),
  ...named(test('version operator? strict? version_type?', compareVersions), 'version', 'version_compare'),
  any: test('', (value, _, budget) => itemsOf(value, budget).some(isTrue)),
  all: test('', (value, _, budget) => itemsOf(value, budget).every(isTrue)),
  truthy: test('convert_bool?', (value, [convert = false]) => isTruthy(value, convert)),
  falsy: test('convert_bool?', (value, [convert = false]) => !isTruthy(value, convert)),
  ...named(
    test('other', (value, [other = null], budget) => isPartOf(value, other, budget)),
    'subset',
    'issubset',
  ),
  ...named(
    test('other', (value, [other = null], budget) => isPartOf(other, value, budget)),
    'superset',
    'issuperset',
  ),
  contains: test('value', (value, [item = null], budget) => contains(value, item, budget)),
  ...named(
    test('', (value) => typeof value === 'number' && Number.isNaN(value)),
    'nan',
    'isnan',
  ),
}

function isTruthy(value: Value, convert: Value) {
  return isTrue(convert) ? isTrueAsWord(value) : isTrue(value)
}

const networkIn = (value: Value | undefined): Net | undefined => {
  const ip = typeof value === 'string' ? parseIp(value) : undefined
  const net = ip === undefined ? undefined : { ...ip, prefix: ip.prefix ?? bitsOf(ip) }
  return net !== undefined && firstOf(net) === net.address ? net : undefined
}
const addressIn = (value: Value) => {
  const ip = typeof value === 'string' ? parseIp(value) : undefined
  return ip?.prefix === undefined ? ip : undefined
}

function isSubnet(inner: Value | undefined, outer: Value | undefined) {
  const [a, b] = [networkIn(inner), networkIn(outer)]
  return a !== undefined && b !== undefined && holdsNet(b, a)
}

const inside = test('network', (value, [network]) => isSubnet(value, network))
const insideCount = (networks: Value | undefined, value: Value, budget: Budget) =>
  itemsOf(networks ?? null, budget).filter((one) => isSubnet(value, one)).length
const address = (holds: (ip: Ip) => boolean) =>
  test('', (value) => {
    const ip = addressIn(value)
    return ip !== undefined && holds(ip)
  })

const ALL_ONES = 0xffff_ffffn

function isHostmask(ip: Ip | undefined) {
  if (ip?.version !== 4 || ip.address === ALL_ONES) return false
  return ip.address !== 0n && isPowerOfTwo(ip.address + 1n)
}

function isNetmask(ip: Ip | undefined) {
  return ip?.version === 4 && ip.address !== 0n && isPowerOfTwo(ALL_ONES - ip.address + 1n)
}

const UTILS: Tests = {
  ...named(inside, 'in_network', 'subnet_of'),
  supernet_of: test('network', (value, [network]) => isSubnet(network, value)),
  in_any_network: test('networks', (value, [networks], budget) => insideCount(networks, value, budget) > 0),
  in_one_network: test('networks', (value, [networks], budget) => insideCount(networks, value, budget) === 1),
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

function failureOf(value: Value, wanted: Value, type: Value, budget: Budget) {
  if (value === null || value instanceof Undefined) return 'was expected but not set'
  if (wanted !== null && !isEqual(value, wanted, budget)) return 'has another value than the one that was expected'
  const name = typeof type === 'string' ? type.toLowerCase() : ''
  return TYPES.includes(name) && name !== typeOf(value) ? `is a ${typeOf(value)} and not a ${name}` : undefined
}

const AVD: Tests = {
  defined: lenient(
    'test_value? var_type? fail_action? var_name?',
    (value, [wanted = null, type = null, action = null, name = null], budget) => {
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
