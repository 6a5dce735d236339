import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { stateAreas } from '../../../src/eos/check/area/index.ts'
import { builtinChecks, catalogueChecks, ownChecks } from '../../../src/eos/check/builtin/index.ts'
import { checkNamed, readCheckSpecs } from '../../../src/eos/check/builtin/known-checks.ts'
import type { Json } from '../../../src/model/json.ts'

describe('the registry', () => {
  test('finds each check by its name, which no other one has', () => {
    expect(ownChecks.map(({ name }) => name)).toEqual([
      'assert',
      'bgp-established',
      'expected-change',
      'interfaces-up',
      'lldp-as-before',
      'mlag-healthy',
      'reachable',
      'vlans-present',
    ])
    expect(catalogueChecks).toHaveLength(208)
    expect(catalogueChecks.filter(({ name }) => !/^Verify[A-Z0-9]/.test(name))).toEqual([])
    expect(builtinChecks.filter((check) => checkNamed(check.name) !== check)).toEqual([])
  })

  test('holds every check that the page of the state areas names', () => {
    const page = readFileSync(new URL('../../../docs/state-areas.md', import.meta.url), 'utf8')
    const told = [...page.matchAll(/`(Verify\w+)`/g)].map(([, name]) => name)
    expect(told).toHaveLength(11)
    expect(told.filter((name) => !catalogueChecks.some((check) => check.name === name))).toEqual([])
  })

  test('and the state areas', () => {
    expect(stateAreas.map(({ name }) => name)).toEqual([
      'agents',
      'arp',
      'bfd',
      'bgp',
      'bgp-advertised',
      'bgp-limits',
      'bgp-prefixes',
      'environment',
      'errors',
      'evpn',
      'exits',
      'gateways',
      'hardware-capacity',
      'interfaces',
      'ipv6-routes',
      'isis',
      'lldp',
      'mac',
      'mlag',
      'ntp',
      'optics',
      'ospf',
      'portchannel',
      'reload-cause',
      'route-counts',
      'routes',
      'spanning-tree',
      'traffic',
      'vlan',
      'vxlan',
    ])
  })

  test.each(builtinChecks.map((check) => [check.name, check] as const))('%s says what it is and takes', (_, check) => {
    expect(check.summary).toMatch(/^[A-Z].*\.$/)
    expect(check.docs.length).toBeGreaterThan(20)
    if (check.needs !== undefined) expect(stateAreas.map(({ name }) => name)).toContain(check.needs)
    expect(check.input).toBeInstanceOf(z.ZodObject)
    const shape = check.input instanceof z.ZodObject ? check.input.shape : {}
    for (const [key, field] of Object.entries(shape)) {
      expect((field as z.ZodType).description, `${check.name}.${key}`).toBeTruthy()
    }
    expect(z.toJSONSchema(check.input, { io: 'input' })).toMatchObject({ type: 'object', additionalProperties: false })
  })
})

describe('the checks of a workflow', () => {
  test('are names, or names with inputs', () => {
    const list = [
      'reachable',
      { 'vlans-present': { vlans: [12, '10-11'], interfaces: ['Vxlan1'] } },
      { 'mlag-healthy': null },
    ]
    expect(readCheckSpecs(list)).toEqual({
      ok: true,
      specs: [
        { name: 'reachable', input: {} },
        { name: 'vlans-present', input: { vlans: [10, 11, 12], interfaces: ['Vxlan1'] } },
        { name: 'mlag-healthy', input: { consistent: false } },
      ],
    })
  })

  test('read to themselves again', () => {
    const first = readCheckSpecs(['bgp-established', { 'vlans-present': { vlans: '7,10-12' } }])
    const specs = first.ok ? first.specs : []
    expect(specs).toHaveLength(2)
    const kept: Json = JSON.parse(JSON.stringify(specs))
    const again = (kept as { name: string; input: Json }[]).map(({ name, input }) => ({ [name]: input }))
    expect(readCheckSpecs(again)).toEqual(first)
  })

  test.each([
    ['no list', { reachable: {} }, { path: [], message: 'the checks must be a list' }],
    [
      'a slip of the pen',
      ['reachable', 'bgp-establisched'],
      { path: [1], message: 'there is no check `bgp-establisched`', hint: 'did you mean `bgp-established`?' },
    ],
    [
      'an unknown name with inputs',
      [{ VerifyMlagStatsu: {} }],
      {
        path: [0, 'VerifyMlagStatsu'],
        message: 'there is no check `VerifyMlagStatsu`',
        hint: 'did you mean `VerifyMlagStatus`?',
      },
    ],
    [
      'no name',
      [7],
      {
        path: [0],
        message: 'a check must be its name, or its name with its inputs',
        hint: 'for example `- vlans-present: { vlans: 10 }`',
      },
    ],
    [
      'two names in one item',
      [{ reachable: {}, 'mlag-healthy': {} }],
      {
        path: [0],
        message: 'a check must be its name, or its name with its inputs',
        hint: 'for example `- vlans-present: { vlans: 10 }`',
      },
    ],
    [
      'an unknown input',
      [{ 'bgp-established': { peer: ['10.0.0.1'] } }],
      {
        path: [0, 'bgp-established', 'peer'],
        message: 'the check `bgp-established` has no input `peer`',
        hint: 'did you mean `peers`?',
      },
    ],
    [
      'a missing input',
      ['vlans-present'],
      {
        path: [0, 'vlans'],
        message:
          'the check `vlans-present` does not accept `vlans`: expected VLAN numbers from 1 to 4094, such as 10 or 10,20-29',
        hint: 'The VLANs: a number, a list such as 10,20-29, or a YAML list of both.',
      },
    ],
    [
      'an input of another kind',
      [{ 'bgp-established': { minimum: 0 } }],
      {
        path: [0, 'bgp-established', 'minimum'],
        message: 'the check `bgp-established` does not accept `minimum`: Too small: expected number to be >=1',
        hint: 'How many of the judged peers must be Established at least.',
      },
    ],
  ])('%s is a fault with its path', (_, list, fault) => {
    expect(readCheckSpecs(list)).toEqual({ ok: false, faults: [fault] })
  })

  const NO_LISTS: readonly Json[] = [
    0,
    4095,
    '0',
    '4095',
    '20-10',
    '10-',
    'ten',
    '10,ten',
    '',
    [],
    '1-5000',
    1.5,
    ['10', 'x'],
    null,
  ]
  test.each(NO_LISTS.map((vlans) => ({ vlans })))('the VLAN list $vlans is refused', ({ vlans }) => {
    const read = readCheckSpecs([{ 'vlans-present': { vlans } }])
    expect(read.ok ? [] : read.faults.map(({ path }) => path.slice(0, 3))).toEqual([[0, 'vlans-present', 'vlans']])
  })

  test.each([
    [10, [10]],
    ['10', [10]],
    ['10,20-22', [10, 20, 21, 22]],
    [
      ['20-22', 10, '21'],
      [10, 20, 21, 22],
    ],
    ['1-4094', Array.from({ length: 4094 }, (_, index) => index + 1)],
  ])('the VLAN list %j is read', (vlans, numbers) => {
    const read = readCheckSpecs([{ 'vlans-present': { vlans } }])
    expect(read.ok && read.specs[0]?.input).toEqual({ vlans: numbers, interfaces: [] })
  })

  test('every fault of a list is found at once', () => {
    const read = readCheckSpecs(['nothing', { 'vlans-present': { vlan: 7 } }, 'reachable'])
    expect(read.ok ? [] : read.faults.map(({ path }) => path)).toEqual([
      [0],
      [1, 'vlans-present', 'vlans'],
      [1, 'vlans-present', 'vlan'],
    ])
  })

  test('a check is found by its name only', () => {
    expect(checkNamed('reachable')?.name).toBe('reachable')
    expect(checkNamed('constructor')).toBeUndefined()
  })
})
