import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stateAreas } from '../../../src/check/area/index.ts'
import { commandsOfAreas, readAreas } from '../../../src/check/area/read-areas.ts'
import { canonicalJson } from '../../../src/model/canonical-json.ts'
import type { Json } from '../../../src/model/json.ts'
import { STATE_AREAS } from '../../../src/workflow/state-areas.ts'
import { reply } from '../check-table.ts'
import { box } from './readings/box.ts'
import { links } from './readings/links.ts'
import type { Planted } from './readings/reading.ts'
import { routing } from './readings/routing.ts'
import { switching } from './readings/switching.ts'

const READINGS = { ...box, ...links, ...routing, ...switching }

const readingOf = (name: string) => {
  const reading = READINGS[name]
  if (reading === undefined) throw new Error(`no reading is prepared for the area ${name}`)
  return reading
}

/** The same JSON with the members of every object in another order: EOS keeps none. */
function reordered(value: Json, turn: number): Json {
  if (Array.isArray(value)) return value.map((one: Json) => reordered(one, turn))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, member]): [string, Json] => [key, reordered(member, turn)])
  const at = entries.length === 0 ? 0 : turn % entries.length
  return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)])
}

/** The same JSON with another value at a place; undefined takes the member away. */
function replaced(value: Json, [step, ...rest]: readonly (string | number)[], is: Json | undefined): Json {
  if (step === undefined) return is ?? null
  const put = (member: Json): Json => (rest.length === 0 && is !== undefined ? is : replaced(member, rest, is))
  if (Array.isArray(value)) return value.map((one: Json, index) => (index === step ? put(one) : one))
  if (value === null || typeof value !== 'object') throw new Error(`there is no ${step}`)
  const members = value as Readonly<Record<string, Json>>
  if (rest.length === 0 && is === undefined) {
    return Object.fromEntries(Object.entries(members).filter(([key]) => key !== step))
  }
  return { ...members, [step]: put(members[step] ?? null) }
}

const STILL = { count: 7, time: 1_700_000_000.5 }

describe.each(stateAreas.map((area) => [area.name, area] as const))('the area %s', (name, area) => {
  const { replies, state, planted } = readingOf(name)
  const changed = ({ at: [answer, ...path], is }: Planted) =>
    replies(STILL).map((one, index) => (index === answer ? replaced(one, path, is) : one))

  test('keeps what is state', () => {
    const answers = replies(STILL)
    expect(answers).toHaveLength(area.commands.length)
    expect(area.read(answers.map(reply))).toEqual(state)
  })

  test('reads an unchanged network the same, whatever its counters, times and order, and tells no change', () => {
    const moving = fc.record({ count: fc.nat(), time: fc.double({ min: 0, max: 2e9, noNaN: true }) })
    fc.assert(
      fc.property(moving, fc.nat(9), (numbers, turn) => {
        const answers = replies(numbers).map((answer) => reply(reordered(answer, turn)))
        expect(canonicalJson(area.read(answers))).toBe(canonicalJson(state))
        expect(JSON.stringify(area.read(answers))).toBe(JSON.stringify(area.read(replies(numbers).map(reply))))
        expect(area.describe(state, area.read(answers))).toEqual({ comparable: true, changes: [] })
      }),
      { numRuns: 30 },
    )
  })

  test.each(planted)('tells one thing in one line: $line', (one) => {
    const after = area.read(changed(one).map(reply))
    const comparison = area.describe(state, after)
    expect(comparison).toMatchObject({ comparable: true, changes: [{ text: one.line }] })
    expect(area.describe(after, after)).toEqual({ comparable: true, changes: [] })
  })

  test.each<[string, Json]>([
    ['a refusal', 'Invalid input'],
    ['an empty answer', {}],
    ['another shape', { vlans: 7, vrfs: [], interfaceStatuses: null }],
    ['an error inside a successful answer', { errors: ['Not supported'] }],
  ])('keeps why it could not be read, and is never "no change" then: %s', (_, answer) => {
    const read = area.read(area.commands.map(() => reply(answer)))
    expect(Object.keys(read as object)).toEqual(['unreadable'])
    expect(canonicalJson(read)).toContain(area.commands[0]?.cmd)
    expect(area.describe(read, read)).toMatchObject({ comparable: false, fault: 'unreadable' })
    expect(area.describe(undefined, state)).toMatchObject({ comparable: false, fault: 'missing' })
  })
})

test('there are 30 areas, each prepared here, in order, and known to workflows', () => {
  expect(stateAreas).toHaveLength(30)
  const names = stateAreas.map(({ name }) => name)
  expect(names).toEqual(names.toSorted())
  expect(Object.keys(READINGS).sort()).toEqual(names)
  expect([...STATE_AREAS].sort()).toEqual(names)
})

test('null is what is not told', () => {
  const port = { linkStatus: 'connected', bandwidth: null, duplex: null, vlanInformation: null }
  const [interfaces, routes] = ['interfaces', 'routes'].map((name) => stateAreas.find((area) => area.name === name))
  expect(interfaces?.read([reply({ interfaceStatuses: { Ethernet1: port } })])).toEqual({
    Ethernet1: { link: 'connected', mode: '', vlan: 0, bandwidth: 0, duplex: '' },
  })
  const via = { nexthopAddr: null, interface: 'Ethernet1', vtepAddr: null, vni: null }
  const connected = { routeType: 'connected', preference: null, metric: null, vias: [via] }
  expect(routes?.read([reply({ vrfs: { default: { routes: { '10.1.0.8/31': connected } } } })])).toEqual({
    default: { routes: { '10.1.0.8/31': 'connected via Ethernet1' }, hosts: 0 },
  })
})

test('all areas together ask each command once, and each reads its own answers', () => {
  const names = stateAreas.map(({ name }) => name)
  const commands = commandsOfAreas(names)
  expect(new Set(commands.map(({ cmd }) => cmd)).size).toBe(commands.length)
  expect(commands.filter(({ format }) => format === 'text').map(({ cmd }) => cmd)).toEqual([
    'show agent logs crash',
    'show ntp status',
  ])
  const own = new Map(
    stateAreas.flatMap(({ name, commands: asked }) => {
      const answers = readingOf(name).replies(STILL)
      return asked.map((command, index) => [command.cmd, answers[index] ?? null] as const)
    }),
  )
  const read = readAreas(
    names,
    commands.map(({ cmd }) => reply(own.get(cmd) ?? null)),
  )
  expect(Object.keys(read)).toEqual(names)
  for (const name of names) expect(read[name], name).toEqual(readingOf(name).state)
})
