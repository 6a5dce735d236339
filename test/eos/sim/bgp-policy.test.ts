import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { converge } from '../../../src/eos/sim/converge/converge.ts'
import type { SwitchState } from '../../../src/eos/sim/converge/network-state.ts'
import { linesOf } from '../../table.ts'

const PORTS = ['Ethernet1', 'Ethernet2']

/** A row of routers, each an AS of its own: r1 (65001) - r2 (65002) - r3 (65003), over 10.0.N.0/31. */
function row(blocks: readonly (readonly string[])[], model = 'multi-agent') {
  const inputs = blocks.map((lines, at) => {
    const config = [
      ...(model === 'multi-agent' ? ['service routing protocols model multi-agent', '!'] : []),
      ...(at > 0 ? ['interface Ethernet1', '   no switchport', `   ip address 10.0.${at}.1/31`, '!'] : []),
      ...(at < blocks.length - 1
        ? ['interface Ethernet2', '   no switchport', `   ip address 10.0.${at + 1}.0/31`, '!']
        : []),
      'ip routing',
      '!',
      ...lines,
    ].join('\n')
    const facts = {
      model: 'cEOSLab',
      eos: '4.32.2F',
      serial: '',
      systemMac: `00:1c:73:00:00:0${at}`,
      interfaces: PORTS,
    }
    return { name: `r${at + 1}`, config: parseConfig(`${config}\n`), facts, up: true }
  })
  const cables = blocks.slice(1).map((_, at) => ({
    a: { device: `r${at + 1}`, port: 'Ethernet2' },
    b: { device: `r${at + 2}`, port: 'Ethernet1' },
  }))
  const { switches } = converge(inputs, cables, [], 0)
  return inputs.map(({ name }) => {
    const state = switches.get(name)
    if (state === undefined) throw new Error(`no ${name}`)
    return state
  })
}

/** `router bgp` of the nth router with its neighbours and lines. */
function bgp(at: number, of: number, asn: (at: number) => number, ...lines: readonly string[]) {
  const left = at > 1 ? [`neighbor 10.0.${at - 1}.0 remote-as ${asn(at - 1)}`] : []
  const right = at < of ? [`neighbor 10.0.${at}.1 remote-as ${asn(at + 1)}`] : []
  return [
    `router bgp ${asn(at)}`,
    `   router-id 0.0.0.${at}`,
    ...[...left, ...right, ...lines].map((line) => `   ${line}`),
    '!',
  ]
}

const ASN = (at: number) => 65_000 + at
const loopback = (name: string, address: string) => [`interface ${name}`, `   ip address ${address}`, '!']

/** The BGP paths in use: prefix, next hop, AS path, communities. */
function learned(state: SwitchState | undefined) {
  return [...(state?.bgp.get('default')?.paths.best ?? [])]
    .flatMap(([prefix, [best]]) =>
      best === undefined || best.source === 'local'
        ? []
        : [`${prefix} ${best.asPath.join(' ')}${best.communities.map((community) => ` ${community}`).join('')}`],
    )
    .sort()
}

describe('communities', () => {
  const tagging = linesOf(`
    ip community-list CL-KEEP permit 65001:1
    ip community-list regexp CL-ANY permit 65001:.*
    route-map TAG permit 10
       set community 65001:1
    !
  `)
  const origin = [...loopback('Loopback1', '1.1.1.1/32'), ...loopback('Loopback2', '1.1.1.2/32')]

  test('travel where they are sent, are added to, matched exactly and by pattern, and set aside', () => {
    const [, r2, r3] = row([
      [
        ...origin,
        ...tagging,
        ...bgp(1, 3, ASN, 'neighbor 10.0.1.1 send-community', 'network 1.1.1.1/32 route-map TAG', 'network 1.1.1.2/32'),
      ],
      [
        ...tagging,
        'route-map OUT permit 10',
        '   match community CL-KEEP',
        '   set community 65002:2 additive',
        '!',
        ...bgp(2, 3, ASN, 'neighbor 10.0.2.1 send-community', 'neighbor 10.0.2.1 route-map OUT out'),
      ],
      bgp(3, 3, ASN),
    ])
    expect(learned(r2)).toEqual(['1.1.1.1/32 65001 65001:1', '1.1.1.2/32 65001'])
    expect(learned(r3)).toEqual(['1.1.1.1/32 65002 65001 65001:1 65002:2'])
  })

  test('no-export ends at the next AS, no-advertise at the next router; without send-community nothing travels', () => {
    const set = (community: string) => ['route-map TAG permit 10', `   set community ${community}`, '!']
    const told = (community: string, ...lines: readonly string[]) =>
      row([
        [...origin, ...set(community), ...bgp(1, 3, ASN, ...lines, 'network 1.1.1.1/32 route-map TAG')],
        bgp(2, 3, ASN),
        bgp(3, 3, ASN),
      ]).map(learned)
    expect(told('no-export', 'neighbor 10.0.1.1 send-community')).toEqual([[], [], []])
    expect(told('no-export')).toEqual([[], [], []])
    expect(told('65001:9')).toEqual([[], ['1.1.1.1/32 65001'], ['1.1.1.1/32 65002 65001']])
  })
})

describe('what is made from other routes', () => {
  const statics = ['ip route 10.9.1.0/24 Null0', 'ip route 10.9.2.0/24 Null0']

  test('an aggregate of BGP paths, alone with summary-only, with the AS numbers of what contributes', () => {
    const table = (...options: readonly string[]) =>
      row([
        [...statics, ...bgp(1, 3, ASN, 'redistribute static')],
        bgp(2, 3, ASN, `aggregate-address 10.9.0.0/16${options.map((option) => ` ${option}`).join('')}`),
        bgp(3, 3, ASN),
      ])
    const both = ['10.9.1.0/24 65002 65001', '10.9.2.0/24 65002 65001']
    expect(learned(table()[2])).toEqual(['10.9.0.0/16 65002 65001', ...both])
    expect(learned(table('summary-only')[2])).toEqual(['10.9.0.0/16 65002 65001'])
    expect(learned(table('as-set', 'summary-only')[2])).toEqual(['10.9.0.0/16 65002 65001'])
    expect(table()[1]?.routes.get('default')?.get('10.9.0.0/16')).toMatchObject({ type: 'bgpAggregate', drop: true })
    expect(table('advertise-only')[1]?.routes.get('default')?.has('10.9.0.0/16')).toBe(false)
  })

  test.each([
    [[], '10.9.0.0/16 65003 65002'],
    [['as-set'], '10.9.0.0/16 65003 65002 65001'],
  ])('an aggregate of paths that begin alike and end apart, with %j: %s', (options, expected) => {
    const aggregate = ['aggregate-address 10.9.0.0/16', ...options, 'summary-only'].join(' ')
    const switches = row([
      ['ip route 10.9.1.0/24 Null0', ...bgp(1, 4, ASN, 'redistribute static')],
      ['ip route 10.9.2.0/24 Null0', ...bgp(2, 4, ASN, 'redistribute static')],
      bgp(3, 4, ASN, aggregate),
      bgp(4, 4, ASN),
    ])
    expect(learned(switches[3])).toEqual([expected])
  })

  test('an aggregate of paths that begin apart has no AS number of theirs', () => {
    const switches = row([
      ['ip route 10.9.1.0/24 Null0', ...bgp(1, 3, ASN, 'redistribute static')],
      bgp(2, 3, ASN, 'aggregate-address 10.9.0.0/16 summary-only'),
      ['ip route 10.9.2.0/24 Null0', ...bgp(3, 3, ASN, 'redistribute static')],
    ])
    expect(learned(switches[0])).toContain('10.9.0.0/16 65002')
    expect(learned(switches[2])).toContain('10.9.0.0/16 65002')
  })

  test('static routes contribute with ribd and not with multi-agent; a better route of the prefix keeps it down', () => {
    const made = (model: string, ...more: readonly string[]) =>
      learned(
        row([[...statics, ...more, ...bgp(1, 2, ASN, 'aggregate-address 10.9.0.0/16')], bgp(2, 2, ASN)], model)[1],
      )
    expect(made('ribd')).toEqual(['10.9.0.0/16 65001'])
    expect(made('multi-agent')).toEqual([])
    expect(made('ribd', 'ip route 10.9.0.0/16 Null0 199')).toEqual([])
    expect(made('ribd', 'ip route 10.9.0.0/16 Null0 254')).toEqual(['10.9.0.0/16 65001'])
  })

  test('default-originate gives a default route without having one', () => {
    const [r1, r2] = row([bgp(1, 2, ASN, 'neighbor 10.0.1.1 default-originate'), bgp(2, 2, ASN)])
    expect(learned(r2)).toEqual(['0.0.0.0/0 65001'])
    expect(r1?.routes.get('default')?.has('0.0.0.0/0')).toBe(false)
    expect(r2?.bgp.get('default')?.peers.get('10.0.1.0')?.families.get('ipv4Unicast')?.received).toBe(1)
  })
})

describe('AS paths', () => {
  test('access-lists match them as text', () => {
    const filter = (pattern: string) => [
      `ip as-path access-list AS permit ${pattern} any`,
      'route-map IN permit 10',
      '   match as-path AS',
      '!',
    ]
    const taken = (pattern: string) =>
      learned(
        row([
          [...loopback('Loopback1', '1.1.1.1/32'), ...bgp(1, 3, ASN, 'network 1.1.1.1/32')],
          [...loopback('Loopback1', '2.2.2.2/32'), ...bgp(2, 3, ASN, 'network 2.2.2.2/32')],
          [...filter(pattern), ...bgp(3, 3, ASN, 'neighbor 10.0.2.0 route-map IN in')],
        ])[2],
      )
    expect(taken('^65002$')).toEqual(['2.2.2.2/32 65002'])
    expect(taken('_65001$')).toEqual(['1.1.1.1/32 65002 65001'])
    expect(taken('.*')).toHaveLength(2)
  })

  test('private numbers leave a path of nothing else, or any path with `all`', () => {
    const numbers = (at: number) => [65_001, 200, 300, 64_999][at - 1] ?? 0
    const path = (option: string, third: (at: number) => number) =>
      learned(
        row([
          [...loopback('Loopback1', '1.1.1.1/32'), ...bgp(1, 4, third, 'network 1.1.1.1/32')],
          bgp(2, 4, third, `neighbor 10.0.2.1 ${option}`),
          bgp(3, 4, third, `neighbor 10.0.3.1 ${option}`),
          bgp(4, 4, third),
        ])[3],
      )
    expect(path('send-community', numbers)).toEqual(['1.1.1.1/32 300 200 65001'])
    expect(path('remove-private-as', numbers)).toEqual(['1.1.1.1/32 300 200'])
    expect(path('remove-private-as all', (at) => [65_001, 65_002, 300, 400][at - 1] ?? 0)).toEqual(['1.1.1.1/32 300'])
  })

  test('with `replace-as` the own number takes the place of each private one; the number of the peer stays', () => {
    const path = (option: string, asns: readonly number[], lines: readonly string[] = []) => {
      const asn = (at: number) => asns[at - 1] ?? 0
      const states = row([
        [...loopback('Loopback1', '1.1.1.1/32'), ...bgp(1, 4, asn, 'network 1.1.1.1/32')],
        bgp(2, 4, asn),
        bgp(3, 4, asn, `neighbor 10.0.3.1 ${option}`),
        bgp(4, 4, asn, ...lines),
      ])
      return learned(states[3])
    }
    expect(path('remove-private-as all replace-as', [65_001, 200, 300, 400])).toEqual(['1.1.1.1/32 300 200 300'])
    const twice = ['neighbor 10.0.3.0 allowas-in 1']
    expect(path('remove-private-as all', [65_001, 65_002, 300, 65_001], twice)).toEqual(['1.1.1.1/32 300 65001'])
    expect(path('remove-private-as all replace-as', [65_001, 65_002, 300, 65_001], twice)).toEqual([
      '1.1.1.1/32 300 300 65001',
    ])
    expect(path('remove-private-as', [65_001, 65_002, 300, 65_001])).toEqual([])
  })

  test('a continue to an entry that is not there ends with what was set so far', () => {
    const map = linesOf(`
      route-map IN permit 10
         continue 30
         set as-path prepend 10
      !
      route-map IN permit 40
         set as-path prepend 40
      !
    `)
    const [, r2] = row([
      [...loopback('Loopback1', '1.1.1.1/32'), ...bgp(1, 2, ASN, 'network 1.1.1.1/32')],
      [...map, ...bgp(2, 2, ASN, 'neighbor 10.0.1.0 route-map IN in')],
    ])
    expect(learned(r2)).toEqual(['1.1.1.1/32 10 65001'])
  })
})
