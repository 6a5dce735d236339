import { describe, expect, test } from 'vitest'
import { block, routed, row, valueAt } from './recorded.ts'

/** One router of a row: its number, its area, and the lines of its ports. */
function router(at: number, area: string, ports: Readonly<Record<string, readonly string[]>>, ...lines: string[]) {
  return [
    `hostname r${at}`,
    '!',
    ...block('interface Loopback0', `ip address 10.0.0.${at}/32`, 'isis enable CORE', 'isis passive'),
    ...Object.entries(ports).flatMap(([port, more]) => routed(port, ...more)),
    ...['ip routing', '!'],
    ...block('router isis CORE', `net ${area}.0000.0000.000${at}.00`, ...lines),
  ]
}

const link = (address: string, ...more: readonly string[]) => [
  `ip address ${address}`,
  'isis enable CORE',
  'isis network point-to-point',
  ...more,
]

describe('IS-IS', () => {
  const show = row(
    '4.32.2F',
    router(1, '49.0001', { Ethernet2: link('10.1.0.0/31', 'isis metric 50') }, 'is-type level-2'),
    router(2, '49.0002', { Ethernet1: link('10.1.0.1/31'), Ethernet2: link('10.2.0.0/31') }, 'is-type level-2'),
    router(3, '49.0003', { Ethernet1: link('10.2.0.1/31') }, 'is-type level-2', 'router-id ipv4 3.3.3.3'),
  )

  test('neighbours are shown by their system, as ANTA has recorded them', () => {
    const neighbors = valueAt(
      show('r2', 'show isis neighbors', { vrf: 'all' }).json,
      'vrfs',
      'default',
      'isisInstances',
    )
    expect(neighbors).toEqual({
      CORE: {
        neighbors: {
          '0000.0000.0001': {
            adjacencies: [
              {
                hostname: 'r1',
                circuitId: '80',
                interfaceName: 'Ethernet1',
                state: 'up',
                lastHelloTime: 1_767_323_045,
                routerIdV4: '10.0.0.1',
              },
            ],
          },
          '0000.0000.0003': {
            adjacencies: [
              {
                hostname: 'r3',
                circuitId: '81',
                interfaceName: 'Ethernet2',
                state: 'up',
                lastHelloTime: 1_767_323_045,
                routerIdV4: '3.3.3.3',
              },
            ],
          },
        },
      },
    })
  })

  test('interfaces have their levels, with how many are near', () => {
    const brief = show('r1', 'show isis interface brief', { vrf: 'all' }).json
    const interfaces = valueAt(brief, 'vrfs', 'default', 'isisInstances', 'CORE', 'interfaces') ?? null
    expect(valueAt(interfaces, 'Loopback0')).toMatchObject({
      snpa: '0:0:0:0:0:0',
      mtu: 65_532,
      interfaceType: 'loopback',
      intfLevels: { 2: { ipv4Metric: 10, passive: true } },
    })
    expect(valueAt(interfaces, 'Ethernet2')).toMatchObject({
      snpa: 'P2P',
      interfaceType: 'point-to-point',
      intfLevels: { 2: { ipv4Metric: 50, numAdjacencies: 1, passive: false } },
    })
  })

  test('routes add the metrics of the way and of the far interface', () => {
    const routes = valueAt(show('r1', 'show ip route').json, 'vrfs', 'default', 'routes') ?? null
    expect(valueAt(routes, '10.0.0.3/32')).toMatchObject({
      routeType: 'isisLevel2',
      preference: 115,
      metric: 70,
      vias: [{ nexthopAddr: '10.1.0.1', interface: 'Ethernet2' }],
    })
    expect(show('r1', 'show ip route').text).toContain(' I L2     10.0.0.3/32 [115/70] via 10.1.0.1, Ethernet2')
  })

  test.each([
    ['level 1 of one area', ['is-type level-1'], [], '49.0001', 1],
    ['level 1 of two areas', ['is-type level-1'], [], '49.0002', 0],
    ['both levels of one area', [], [], '49.0001', 2],
    ['both levels of two areas', [], [], '49.0002', 1],
    ['a circuit of one level', [], ['isis circuit-type level-2'], '49.0001', 1],
    ['a passive end', [], ['isis passive'], '49.0001', 0],
    ['another MTU', [], ['mtu 9214'], '49.0001', 0],
  ])('%s: how many adjacencies', (_what, lines, more, area, count) => {
    const pair = row(
      '4.32.2F',
      router(1, '49.0001', { Ethernet2: link('10.1.0.0/31') }, ...lines),
      router(2, area, { Ethernet1: link('10.1.0.1/31', ...more) }, ...lines),
    )
    const neighbors = valueAt(
      pair('r1', 'show isis neighbors').json,
      'vrfs',
      'default',
      'isisInstances',
      'CORE',
      'neighbors',
    )
    const adjacencies = valueAt(neighbors ?? null, '0000.0000.0002', 'adjacencies')
    expect(Array.isArray(adjacencies) ? adjacencies.length : 0).toBe(count)
  })

  test('without `router isis` there is nothing', () => {
    expect(row('4.32.2F', ['hostname r1'])('r1', 'show isis neighbors', { vrf: 'all' }).json).toEqual({ vrfs: {} })
  })
})
