import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { stateAreas } from '../../../src/eos/check/area/index.ts'
import { builtinChecks, catalogueChecks, ownChecks } from '../../../src/eos/check/builtin/index.ts'
import { checkNamed } from '../../../src/eos/check/builtin/known-checks.ts'
import { vlansPresent } from '../../../src/eos/check/builtin/vlans-present.ts'
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

describe('the inputs of vlans-present', () => {
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
    const { error } = vlansPresent.input.safeParse({ vlans })
    expect(error?.issues.map(({ path }) => path[0])).toEqual(['vlans'])
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
    expect(vlansPresent.input.parse({ vlans })).toEqual({ vlans: numbers, interfaces: [] })
  })

  test('a check is found by its name only', () => {
    expect(checkNamed('reachable')?.name).toBe('reachable')
    expect(checkNamed('constructor')).toBeUndefined()
  })
})
