import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { converge } from '../../../src/eos/sim/converge/converge.ts'
import { SHOW_COMMANDS } from '../../../src/eos/sim/show/registry.ts'
import { linesOf } from '../../table.ts'
import { NOW, readFabric, settle } from './converge-fabric.ts'
import { BOOTED, block, contextOf, valueAt } from './recorded.ts'

/** `a:Ethernet1 - b:Ethernet2` as a cable. */
function cable(text: string) {
  const [a, b] = text.split(' - ').map((end) => ({ device: end.split(':')[0] ?? '', port: end.split(':')[1] ?? '' }))
  return { a: a ?? { device: '', port: '' }, b: b ?? { device: '', port: '' } }
}

interface Bridge {
  readonly mac: string
  readonly lines: readonly string[]
}

/** Switches with ten switched ports each, and what one of them answers. */
function bridged(bridges: Readonly<Record<string, Bridge>>, cables: readonly string[]) {
  const interfaces = Array.from({ length: 10 }, (_, at) => `Ethernet${at + 1}`)
  const inputs = Object.entries(bridges).map(([name, { mac, lines }]) => {
    const facts = { model: 'vEOS', eos: '4.34.2F', serial: '', systemMac: mac, interfaces }
    return { name, config: parseConfig(`${lines.join('\n')}\n`), facts, up: true }
  })
  const network = converge(inputs, cables.map(cable), [], NOW)
  return (name: string, words: string) => {
    const [input, state] = [inputs.find((one) => one.name === name), network.switches.get(name)]
    const command = SHOW_COMMANDS.find((one) => one.words === words)
    if (input === undefined || state === undefined || command === undefined) throw new Error(`${name}: ${words}`)
    const context = { name, facts: input.facts, running: input.config, state, now: NOW, bootedAt: BOOTED }
    return { json: command.json?.(context, {}) ?? null, text: command.text?.(context, {}) ?? '' }
  }
}

const TEN_GIGABIT = ['Ethernet1', 'Ethernet2', 'Ethernet5', 'Ethernet6', 'Ethernet7'].flatMap((port) =>
  block(`interface ${port}`, 'speed 10g'),
)

describe('texts as recorded', () => {
  test('rapid PVST: two links to the root, and one to a switch behind', () => {
    const lines = ['spanning-tree mode rapid-pvst']
    const show = bridged(
      {
        ceos1: { mac: '00:1c:73:42:11:9f', lines },
        ceos2: { mac: '00:1c:73:8b:68:28', lines },
        ceos3: { mac: '00:1c:73:8b:68:99', lines },
      },
      ['ceos2:Ethernet1 - ceos1:Ethernet1', 'ceos2:Ethernet2 - ceos1:Ethernet2', 'ceos2:Ethernet3 - ceos3:Ethernet1'],
    )
    expect(show('ceos2', 'show spanning-tree').text).toBe(`VL1
  Spanning tree enabled protocol rapid-pvst
  Root ID    Priority    32769
             Address     001c.7342.119f
             Cost        20000 (Ext) 0 (Int)
             Port        1 (Ethernet1)
             Hello Time  2.000 sec  Max Age 20 sec  Forward Delay 15 sec

  Bridge ID  Priority    32769  (priority 32768 sys-id-ext 1)
             Address     001c.738b.6828
             Hello Time  2.000 sec  Max Age 20 sec  Forward Delay 15 sec

Interface        Role       State      Cost      Prio.Nbr Type
---------------- ---------- ---------- --------- -------- --------------------
Et1              root       forwarding 20000     128.1    P2p
Et2              alternate  discarding 20000     128.2    P2p
Et3              designated forwarding 20000     128.3    P2p
`)
    expect(show('ceos2', 'show spanning-tree blockedports').json).toEqual({
      spanningTreeInstances: { VL1: { spanningTreeBlockedPorts: ['Ethernet2'] } },
    })
    const counters = valueAt(show('ceos2', 'show spanning-tree counters').json, 'interfaces') ?? null
    expect(valueAt(counters, 'Ethernet1', 'bpduSent')).toBe(0)
    expect(valueAt(counters, 'Ethernet3', 'bpduReceived')).toBe(0)
  })

  test('MSTP: one region counts its cost inside; ports to hosts are edges', () => {
    const show = bridged(
      {
        spine1: { mac: '2c:c2:60:56:df:93', lines: ['spanning-tree mst 0 priority 4096', ...TEN_GIGABIT] },
        spine2: { mac: '2c:c2:60:94:d7:6c', lines: ['spanning-tree mst 0 priority 8192', ...TEN_GIGABIT] },
        leaf3: { mac: '2c:c2:60:94:d7:99', lines: TEN_GIGABIT },
        leaf4: { mac: '2c:c2:60:94:d7:9a', lines: TEN_GIGABIT },
      },
      linesOf(`
        spine2:Ethernet1 - spine1:Ethernet1
        spine2:Ethernet2 - leaf3:Ethernet1
        spine2:Ethernet5 - leaf4:Ethernet1
        spine2:Ethernet6 - host6:eth0
        spine2:Ethernet7 - host7:eth0
      `),
    )
    expect(show('spine2', 'show spanning-tree').text).toBe(`MST0
  Spanning tree enabled protocol mstp
  Root ID    Priority    4096
             Address     2cc2.6056.df93
             Cost        0 (Ext) 2000 (Int)
             Port        1 (Ethernet1)
             Hello Time  2.000 sec  Max Age 20 sec  Forward Delay 15 sec

  Bridge ID  Priority     8192  (priority 8192 sys-id-ext 0)
             Address     2cc2.6094.d76c
             Hello Time  2.000 sec  Max Age 20 sec  Forward Delay 15 sec

Interface        Role       State      Cost      Prio.Nbr Type
---------------- ---------- ---------- --------- -------- --------------------
Et1              root       forwarding 2000      128.1    P2p
Et2              designated forwarding 2000      128.2    P2p
Et5              designated forwarding 2000      128.5    P2p
Et6              designated forwarding 2000      128.6    P2p Edge
Et7              designated forwarding 2000      128.7    P2p Edge
`)
    expect(valueAt(show('leaf3', 'show spanning-tree root [detail]').json, 'instances')).toEqual({
      MST0: {
        rootBridge: {
          priority: 4096,
          systemIdExtension: 0,
          macAddress: '2c:c2:60:56:df:93',
          helloTime: 2,
          maxAge: 20,
          forwardDelay: 15,
        },
      },
    })
  })

  test('the root says so, and has neither cost nor port', () => {
    const show = bridged({ s1: { mac: '00:1c:73:a5:db:35', lines: [] } }, ['s1:Ethernet2 - host:eth0'])
    expect(show('s1', 'show spanning-tree').text).toBe(`MST0
  Spanning tree enabled protocol mstp
  Root ID    Priority    32768
             Address     001c.73a5.db35
             This bridge is the root

  Bridge ID  Priority    32768  (priority 32768 sys-id-ext 0)
             Address     001c.73a5.db35
             Hello Time  2.000 sec  Max Age 20 sec  Forward Delay 15 sec

Interface        Role       State      Cost      Prio.Nbr Type
---------------- ---------- ---------- --------- -------- --------------------
Et2              designated forwarding 20000     128.2    P2p Edge
`)
  })

  test('without a switched port that is up there is no tree', () => {
    const show = bridged({ s1: { mac: '00:1c:73:a5:db:35', lines: [] } }, [])
    expect(show('s1', 'show spanning-tree').json).toEqual({ spanningTreeInstances: {} })
    expect(show('s1', 'show spanning-tree mst detail').json).toEqual({ spanningTreeMstInstances: {} })
  })
})

describe('the election', () => {
  const ring = (...lines: readonly (readonly string[])[]) =>
    bridged(
      {
        a: { mac: '00:1c:73:00:00:0a', lines: lines[0] ?? [] },
        b: { mac: '00:1c:73:00:00:0b', lines: lines[1] ?? [] },
        c: { mac: '00:1c:73:00:00:0c', lines: lines[2] ?? [] },
      },
      ['a:Ethernet1 - b:Ethernet1', 'b:Ethernet2 - c:Ethernet1', 'c:Ethernet2 - a:Ethernet2'],
    )
  const roles = (show: ReturnType<typeof ring>, name: string, tree = 'MST0') => {
    const ports = valueAt(show(name, 'show spanning-tree').json, 'spanningTreeInstances', tree, 'interfaces') ?? {}
    return Object.entries(ports).map(([port, one]) => `${port} ${valueAt(one, 'role')} ${valueAt(one, 'state')}`)
  }

  test('of a ring one port discards: on the bridge with the greater identifier of the two ends', () => {
    const show = ring()
    expect(roles(show, 'a')).toEqual(['Ethernet1 designated forwarding', 'Ethernet2 designated forwarding'])
    expect(roles(show, 'b')).toEqual(['Ethernet1 root forwarding', 'Ethernet2 designated forwarding'])
    expect(roles(show, 'c')).toEqual(['Ethernet1 alternate discarding', 'Ethernet2 root forwarding'])
  })

  test('a priority moves the root, a cost the way to it', () => {
    expect(roles(ring([], [], ['spanning-tree mst 0 priority 4096']), 'a')).toEqual([
      'Ethernet1 designated forwarding',
      'Ethernet2 root forwarding',
    ])
    const dear = ring([], [], block('interface Ethernet2', 'spanning-tree cost 100000'))
    expect(roles(dear, 'c')).toEqual(['Ethernet1 root forwarding', 'Ethernet2 alternate discarding'])
  })

  test('each VLAN of rapid PVST has a root of its own', () => {
    const trunks = ['Ethernet1', 'Ethernet2'].flatMap((port) => block(`interface ${port}`, 'switchport mode trunk'))
    const lines = ['spanning-tree mode rapid-pvst', ...block('vlan 10'), ...trunks]
    const show = ring(lines, ['spanning-tree vlan-id 10 priority 4096', ...lines], lines)
    expect(roles(show, 'a', 'VL10')).toEqual(['Ethernet1 root forwarding', 'Ethernet2 designated forwarding'])
    expect(roles(show, 'a', 'VL1')).toEqual(['Ethernet1 designated forwarding', 'Ethernet2 designated forwarding'])
  })

  test('two regions: the smaller bridge of the other is its regional root, and the cost to it is counted inside', () => {
    const region = block('spanning-tree mst configuration', 'name OTHER')
    const show = ring([], region, region)
    expect(show('c', 'show spanning-tree').text).toContain('             Cost        20000 (Ext) 20000 (Int)\n')
  })
})

test('an MLAG pair is one bridge: its MLAG is one port, and the peer-link none', () => {
  const fabric = readFabric()
  const network = settle(fabric)
  const tree = (name: string) => contextOf(fabric, network, name).state.spanningTree().get('MST0')
  expect(tree('leaf1')?.bridge.macAddress).toBe(tree('leaf2')?.bridge.macAddress)
  expect(tree('leaf1')?.ports.map(({ name }) => name)).not.toContain('Port-Channel1000')
  expect(tree('leaf1')?.ports.map(({ name }) => name)).toContain('Port-Channel1')
})
