import { describe, expect, test } from 'vitest'
import { normalizeConfig } from '../../../src/eos/config/device-form.ts'
import { mergeConfig, replaceReport } from '../../../src/eos/config/merge.ts'
import { bgpTables } from '../../../src/eos/config/rules/bgp.ts'
import { interfaceTables } from '../../../src/eos/config/rules/interface.ts'
import { managementTables } from '../../../src/eos/config/rules/management.ts'
import { rootTable } from '../../../src/eos/config/rules/root.ts'
import { rootOrders } from '../../../src/eos/config/rules/root-orders.ts'
import { routingTables } from '../../../src/eos/config/rules/routing.ts'
import { meaningOf } from '../../../src/eos/config/rules/rules.ts'
import { serviceTables } from '../../../src/eos/config/rules/services.ts'
import type { ModeTable } from '../../../src/eos/config/rules/table.ts'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import { dedented, linesOf } from '../../table.ts'
import { simulate } from '../sim/simulate.ts'

const text = (...rows: readonly string[]) => rows.map((row) => `${row}\n`).join('')
const normal = (version: string, ...rows: readonly string[]) =>
  renderConfig(normalizeConfig(parseConfig(text(...rows)), { version }))
const merged = (version: string, before: readonly string[], ...typed: readonly string[]) =>
  renderConfig(mergeConfig(parseConfig(text(...before)), typed, { version }))

const GROUP = linesOf(`
  router bgp 65000
     neighbor PG peer group
     neighbor PG route-map RM-IN in
     neighbor PG local-as 65009 no-prepend replace-as
     neighbor 10.0.0.2 peer group PG
     neighbor 10.0.0.3 remote-as 65003
`)

test('a line that a mode above prints goes to the mode that it is typed in, if that knows it', () => {
  const running = ['router bgp 65000', '   router-id 10.0.0.1', '   redistribute connected']
  const vrf = ['   vrf OFFICE', '      rd 10.0.0.1:1', '      router-id 10.0.0.1', '      redistribute connected']
  const printed = parseConfig(text(...running))
  const typed = ['router bgp 65000', ...vrf].map((row) => row.trim())
  const made = mergeConfig(printed, typed, { version: '4.31.2F', printed })
  expect(renderConfig(made)).toBe(text(...running, '   !', ...vrf))
})

describe('a member of a peer group that says no', () => {
  test.each(['route-map in', 'local-as', 'next-hop-unchanged'])('[3T1] to %s is kept', (setting) => {
    const rows = [...GROUP, `   no neighbor 10.0.0.2 ${setting}`]
    expect(normal('4.31.2F', ...rows).split('\n')).toContain(`   no neighbor 10.0.0.2 ${setting}`)
  })

  test('[3T1] is kept where its address family has it, and its process the member', () => {
    const family = [...GROUP, '   !', '   address-family ipv4', '      neighbor PG route-map A in']
    const rows = [...family, '      no neighbor 10.0.0.2 route-map A in']
    expect(normal('4.31.2F', ...rows)).toBe(text(...family, '      no neighbor 10.0.0.2 route-map in'))
  })

  test('takes the place of what it has itself, where its group gives the same setting', () => {
    const own = [...GROUP, '   neighbor 10.0.0.2 local-as 65010']
    expect(merged('4.31.2F', own, 'router bgp 65000', '   no neighbor 10.0.0.2 local-as')).toBe(
      text(...GROUP, '   no neighbor 10.0.0.2 local-as'),
    )
    const other = [...GROUP, '   neighbor 10.0.0.2 weight 5']
    expect(merged('4.31.2F', other, 'router bgp 65000', '   no neighbor 10.0.0.2 weight')).toBe(text(...GROUP))
  })

  test('is no override where the neighbour is in no group, or leaves its own', () => {
    const typed = ['router bgp 65000', '   no neighbor 10.0.0.3 local-as', '   no neighbor 10.0.0.2 peer group PG']
    expect(merged('4.31.2F', GROUP, ...typed)).toBe(text(...GROUP.filter((row) => !row.includes('0.2'))))
  })
})

const tables: readonly ModeTable[] = [
  rootTable,
  ...interfaceTables,
  ...bgpTables,
  ...managementTables,
  ...routingTables,
  ...serviceTables,
]

/** Two commands of a pattern that differ in their last word; undefined for one that leaves no word open. */
function twoBlocks(pattern: string): readonly [string, string] | undefined {
  const words = pattern
    .replace(/\[([^\]]*)\]/g, '$1')
    .split(' ')
    .filter((word) => word !== '$')
  const open = words.findLastIndex((word) => word === '*' || word === '_')
  if (open < 0) return undefined
  const filled = (value: string) =>
    words
      .map((word, at) => (at === open ? value : word === '*' || word === '_' ? '7' : (word.split('|')[0] ?? '')))
      .join(' ')
  return [filled('7'), filled('8')]
}

describe('two blocks that differ in their last word', () => {
  const patterns = tables.flatMap(({ mode, blocks = {} }) =>
    Object.keys(blocks).map((pattern) => [mode, pattern] as const),
  )
  const open = patterns.flatMap(([mode, pattern]) => {
    const two = twoBlocks(pattern)
    return two === undefined ? [] : [{ mode, pattern, two }]
  })

  test('are looked at for every pattern that leaves a word open', () => {
    expect([patterns.length, open.length]).toEqual([180, 113])
  })

  test('[3T3] are two settings, but for the one BGP process of a switch', () => {
    const one = open.filter(({ mode, two: [a, b] }) => meaningOf(mode, a).key === meaningOf(mode, b).key)
    expect(one.map(({ mode, pattern }) => [mode, pattern])).toEqual([['root', 'router bgp _']])
  })

  test.each(['interface Ethernet12', 'qos profile P'])(
    '[3T3] stay two under %s, and a third one adds itself alone',
    (header) => {
      for (const queue of ['tx-queue', 'uc-tx-queue', 'mc-tx-queue']) {
        const two = [
          header,
          `   ${queue} 0`,
          '      bandwidth percent 10',
          '   !',
          `   ${queue} 1`,
          '      bandwidth percent 20',
        ]
        expect(normal('4.31.2F', ...two)).toBe(text(...two))
        const third = ['   !', `   ${queue} 2`, '      bandwidth percent 30']
        expect(merged('4.31.2F', two, header, ...third.slice(1))).toBe(text(...two, ...third))
      }
    },
  )
})

describe('a default that a version prints', () => {
  const BGP = ['router bgp 65001']
  test.each([
    ['4.23.0F', BGP, '   graceful-restart restart-time 300', false],
    ['4.24.0F', BGP, '   graceful-restart restart-time 300', true],
    ['4.30.5M', ['interface Vlan10'], '   mtu 1500', false],
    ['4.31.0F', ['interface Vlan10'], '   mtu 1500', true],
    ['4.31.0F', ['interface Ethernet1'], '   no shutdown', false],
    [
      '4.31.0F',
      linesOf(`
        interface defaults
           ethernet
              shutdown
        !
        interface Ethernet1
      `),
      '   no shutdown',
      true,
    ],
    [
      '4.31.0F',
      linesOf(`
        interface defaults
           ethernet
              shutdown
        !
        interface Loopback1
      `),
      '   no shutdown',
      false,
    ],
  ])('[3T5] %s %j: %s', (version, block, line, isPrinted) => {
    expect(normal(version, ...block, line)).toBe(text(...block, ...(isPrinted ? [line] : [])))
  })

  test.each([
    ['4.25.4M', 'logging host 10.0.0.1'],
    ['4.26.0F', 'logging host 10.0.0.1 514'],
  ])('[3T5] the port of a log server on %s', (version, stored) => {
    expect(normal(version, 'logging host 10.0.0.1 514')).toBe(text(stored))
  })
})

test('[3T6] both lines of a port that has a profile and overrides it stay', () => {
  const port = ['interface Ethernet1', '   profile P', '   profile override speed']
  expect(normal('4.33.1F', ...port)).toBe(text(...port))
})

describe('maximum-routes', () => {
  test.each(['4.24.0F', '4.28.0F', '4.33.2F'])('[3T7] is not added to a neighbour on %s', async (version) => {
    const { text: shown } = simulate(
      `! device: a (vEOS, EOS-${version})\n!\nrouter bgp 65001\n   neighbor G peer group\n   neighbor 10.0.0.2 remote-as 65002\n!\nend\n`,
      { managementOutside: true },
    )
    expect(
      await shown('configure', 'router bgp 65001', 'neighbor 10.0.0.3 remote-as 65003', 'show running-config'),
    ).toContain('   neighbor 10.0.0.2 remote-as 65002\n   neighbor 10.0.0.3 remote-as 65003\n!\n')
  })
})

describe('a line stays in its block', () => {
  const ISIS = linesOf(`
    router isis A
       net 49.0001.0000.0000.0001.00
       !
       address-family ipv4 unicast
          timers local-convergence-delay protected-prefixes
          fast-reroute ti-lfa mode link-protection
  `)
  test('[3T8] typed as it is indented, and on a switch', async () => {
    expect(merged('4.31.2F', [], ...ISIS)).toBe(text(...ISIS))
    const { text: shown } = simulate(undefined, { managementOutside: true })
    const typed = ISIS.filter((row) => row.trim() !== '!')
    expect(await shown('configure', ...typed, 'show running-config')).toContain(text(...ISIS))
  })

  test('[3T8] and a text as deep as the command that reads it', async () => {
    const code = linesOf(`
      router general
         control-functions
            code
            function A() {
               return true;
            }
            EOF
    `)
    const { text: shown } = simulate(undefined, { managementOutside: true })
    const input = 'function A() {\n   return true;\n}'
    const typed = ['router general', 'control-functions', { cmd: 'code', input }]
    expect(await shown('configure', ...typed, 'show running-config')).toContain(text(...code))
  })
})

describe('what a switch prints is kept as it stands', () => {
  const own = dedented(`
    ! Command: show running-config
    ! device: sw1 (vEOS, EOS-4.31.2F)
    !
    terminal length 0
    !
    hostname sw1
    !
    frobnicate one
       deep two
    !
    interface Ethernet1
       no shutdown
       mtu 1500
       dim 1
       dim 2
       no frob
       lacp timer normal
    !
    interface Loopback0
       ip address 10.0.0.1 255.255.255.255
    !
    router ospf 1
       router-id 10.0.0.1
    !
    end
  `)

  test('[3T4] replaced by itself it is the same, and nothing is refused', () => {
    const { tree, refused } = replaceReport(parseConfig(own), own.split('\n'), { version: '4.31.2F' })
    expect([renderConfig(tree), refused]).toEqual([own, []])
  })

  test('a switch that boots it prints it, and replaced by itself it has no diff', async () => {
    const { json, text: shown } = simulate(own, { managementOutside: true })
    expect(await shown('show running-config')).toBe(own)
    const typed = own.split('\n').filter((row) => !/^(?:!.*|end|)$/.test(row))
    const answer = await json('configure session a', 'rollback clean-config', ...typed)
    expect(answer.error).toBeUndefined()
    expect(await shown('configure session a', 'show session-config diffs')).toBe('')
  })

  test('[3T4] a line of it that the candidate lacks goes', () => {
    const candidate = own.replace('terminal length 0\n!\n', '').replace('   mtu 1500\n', '')
    const { tree } = replaceReport(parseConfig(own), candidate.split('\n'), { version: '4.31.2F' })
    expect(renderConfig(tree)).toBe(candidate)
  })

  test('[3T5] a default that it does not print is no change', () => {
    const lines = own.replace('   dim 1', '   no spanning-tree portfast\n   dim 1').split('\n')
    expect(renderConfig(replaceReport(parseConfig(own), lines, { version: '4.31.2F' }).tree)).toBe(own)
  })

  test('a block that it prints twice is no change, and one block where something else changes', () => {
    const twice = dedented(`
      interface Vlan9
         mtu 9000
      !
      vlan 9
      !
      interface Vlan9
         no autostate
    `)
    const again = (lines: string) =>
      renderConfig(replaceReport(parseConfig(twice), lines.split('\n'), { version: '4.31.2F' }).tree)
    expect(again(twice)).toBe(twice)
    expect(again(twice.replace('9000', '9100'))).toBe(
      dedented(`
        interface Vlan9
           mtu 9100
           no autostate
        !
        vlan 9
      `),
    )
  })
})

test('the sections of each release are the same in another order', () => {
  expect(rootOrders.map(({ until }) => until?.join('.'))).toEqual([undefined, '4.32.2', '4.27.0', '4.23.5'])
  for (const { sections } of rootOrders) expect(new Set(sections).size).toBe(rootOrders[0]?.sections.length)
})

test.each([
  ['4.23.5M', ['hostname', 'ntp', 'username', 'vlan', 'interface', 'ip', 'router', 'banner', 'management']],
  ['4.26.0F', ['hostname', 'ntp', 'username', 'vlan', 'interface', 'ip', 'router', 'banner', 'management']],
  ['4.32.0F', ['username', 'hostname', 'vlan', 'banner', 'management', 'interface', 'ip', 'ntp', 'router']],
  ['4.32.2.1F', ['username', 'management', 'hostname', 'vlan', 'banner', 'interface', 'ip', 'ntp', 'router']],
])('[3T14] the sections on %s', (version, words) => {
  const rows = [
    ['banner login', 'hello', 'EOF'],
    ['hostname a'],
    ['interface Loopback0'],
    ['ip routing'],
    ['management api http-commands', '   no shutdown'],
    ['ntp server 10.0.0.1'],
    ['router ospf 1', '   max-lsa 12000'],
    ['username admin nopassword'],
    ['vlan 5'],
  ]
  const { children } = parseConfig(normal(version, ...rows.flat()))
  expect(children.map(({ line }) => line.split(' ')[0])).toEqual(words)
})
