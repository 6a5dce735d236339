import { describe, expect, test } from 'vitest'
import { movedData, Readings, sealReadings } from '../../../src/change/plan/readings.ts'
import { type LazyMap, type LazyScalar, type LazyValue, ValueFault } from '../../../src/model/once.ts'

const AT = { file: 'inventory.yaml', line: 1, column: 1 }
const KEY = 'install-key'

const scalar = (value: LazyScalar['value'], isFloat = false): LazyScalar => ({
  kind: 'scalar',
  value,
  isSecret: false,
  at: AT,
  ...(isFloat ? { isFloat } : {}),
})

function mapOf(members: Readonly<Record<string, () => LazyValue>>): LazyMap {
  return {
    kind: 'map',
    at: AT,
    keys: () => Object.keys(members),
    member: (key) => (Object.hasOwn(members, key) ? members[key]?.() : undefined),
  }
}

/** A fabric of one switch whose variable `x` is this. */
const fabricOf = (x: () => LazyValue): LazyMap => mapOf({ leaf1: () => mapOf({ vars: () => mapOf({ x }) }) })

const unreadable = (): LazyValue => {
  throw new ValueFault({ code: 'inventory-undefined', message: '`nobody` is not defined', at: AT }, true)
}

/** What was read of a fabric, sealed, and what has moved in another one. */
function pinned(before: LazyMap, read: (fabric: LazyMap) => unknown) {
  const readings = new Readings()
  read(readings.fabric(before))
  const { read: sealed, places } = sealReadings(KEY, readings, before)
  const plan = { content: { inventory: { read: sealed } }, evidence: { readAt: places } }
  return { sealed, moved: (now: LazyMap) => movedData(KEY, plan, now).map(({ message }) => message) }
}

describe('what is pinned', () => {
  const readX = (fabric: LazyMap) => {
    const vars = (fabric.member('leaf1') as LazyMap).member('vars') as LazyMap
    try {
      return vars.member('x')
    } catch {
      return undefined
    }
  }

  test('a value that could not be read: a template may have asked whether it is defined', () => {
    const { sealed, moved } = pinned(fabricOf(unreadable), readX)
    expect(Object.keys(sealed.leaf1 ?? {})).toEqual(['vars.x'])
    expect(moved(fabricOf(unreadable))).toEqual([])
    expect(moved(fabricOf(() => scalar(1)))).toEqual([
      'leaf1: vars.x (inventory.yaml:1) is no longer what the plan was made from',
    ])
  })

  test.each([
    ['a number and its text', scalar(1), scalar('1')],
    ['a float and a whole number', scalar(1, true), scalar(1)],
    ['the two zeros of floats', scalar(0, true), scalar(-0, true)],
    ['a large whole number and its neighbour', scalar(9007199254740993n), scalar(9007199254740992n)],
    ['null and its text', scalar(null), scalar('null')],
    ['no number and a text of it', scalar(Number.NaN, true), scalar('NaN')],
  ])('tells %s apart', (_what, a, b) => {
    const { moved } = pinned(
      fabricOf(() => a),
      readX,
    )
    expect(moved(fabricOf(() => a))).toEqual([])
    expect(moved(fabricOf(() => b))).toHaveLength(1)
  })

  test.each(['*', '__proto__', 'constructor', 'a b', ''])('asks for no switch %j: there can be none', (name) => {
    const { sealed } = pinned(
      fabricOf(() => scalar(1)),
      (fabric) => fabric.member(name),
    )
    expect(Object.getPrototypeOf(sealed)).toBe(Object.prototype)
    expect(sealed).toEqual({})
  })

  test('a switch that was looked for and is not there', () => {
    const { sealed, moved } = pinned(
      fabricOf(() => scalar(1)),
      (fabric) => fabric.member('leaf9'),
    )
    expect(Object.keys(sealed.leaf9 ?? {})).toEqual([''])
    expect(moved(mapOf({ leaf9: () => mapOf({}) }))).toEqual([
      'leaf9: it is in the inventory now, and the plan was made without it',
    ])
  })

  test('under another seal for each switch and each name: who has the plan sees no two alike', () => {
    const same = mapOf({ vars: () => mapOf({ x: () => scalar(7), y: () => scalar(7) }) })
    const fabric = mapOf({ leaf1: () => same, leaf2: () => same })
    const { sealed } = pinned(fabric, (of) => {
      for (const name of ['leaf1', 'leaf2']) {
        const vars = (of.member(name) as LazyMap).member('vars') as LazyMap
        for (const variable of ['x', 'y']) vars.member(variable)
      }
    })
    const seals = Object.values(sealed).flatMap((data) => Object.values(data))
    expect([seals.length, new Set(seals).size]).toEqual([4, 4])
  })

  test('a key with a dot is not the way through two mappings', () => {
    const nested = mapOf({ leaf1: () => mapOf({ vars: () => mapOf({ a: () => mapOf({ b: () => scalar(1) }) }) }) })
    const dotted = mapOf({ leaf1: () => mapOf({ vars: () => mapOf({ 'a.b': () => scalar(1) }) }) })
    const { sealed, moved } = pinned(dotted, (fabric) =>
      ((fabric.member('leaf1') as LazyMap).member('vars') as LazyMap).member('a.b'),
    )
    expect(Object.keys(sealed.leaf1 ?? {})).toEqual(['vars["a.b"]'])
    expect(moved(nested)).toHaveLength(1)
  })
})
