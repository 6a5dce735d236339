import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import type { ConfigNode } from '../../../src/eos/config/text/tree.ts'
import { withDefaults } from '../../../src/eos/sim/cli/exec/show-config.ts'
import { recordings } from '../../recordings.ts'
import { linesOf } from '../../table.ts'
import { simulate } from './simulate.ts'

const CONFIG = `! Command: show running-config
! device: sw1 (cEOSLab, EOS-4.32.2F)
!
username eva role network-admin secret sha512 $6$x$y
!
hostname sw1
!
vlan 10,20
!
vlan 30
   name USERS
!
vrf instance BLUE
!
interface Port-Channel1
   switchport mode trunk
   mlag 1
!
interface Ethernet1
   description up
   shutdown
   mtu 9000
   no switchport
   ip address 192.0.2.1/31
!
interface Ethernet2
   switchport access vlan 30
   spanning-tree portfast
!
interface Loopback0
   ip address 192.0.2.9/32
!
ip routing
!
ip route 198.51.100.0/24 192.0.2.0
ip route vrf BLUE 0.0.0.0/0 10.0.0.1 200 name out
!
router bgp 65001
   router-id 192.0.2.9
   neighbor 192.0.2.0 remote-as 65002
   neighbor 192.0.2.0 send-community
   !
   address-family ipv4
      neighbor 192.0.2.0 activate
!
end
`

describe('show running-config all', () => {
  const { text } = simulate(CONFIG, { managementOutside: true })
  const section = (pattern: string) => text(`show running-config all | section ${pattern}`)

  test('says which command it is', async () => {
    expect((await text('show running-config all')).split('\n', 1)).toEqual(['! Command: show running-config all'])
  })

  test('gives every VLAN a block, VLAN 1 too', async () => {
    const block = (id: number, name: string) => `vlan ${id}\n   name ${name}\n   state active\n   no private-vlan\n`
    expect(await section('^vlan')).toBe(
      `${block(10, 'VLAN0010')}${block(20, 'VLAN0020')}${block(30, 'USERS')}vlan internal allocation policy ascending\n${block(1, 'default')}`,
    )
  })

  test('a routed port shows its MTU and no VLANs; what is configured is in the place of its default', async () => {
    const lines = (await section('^interface Ethernet1$')).split('\n').map((line) => line.trim())
    expect(lines.slice(0, 4)).toEqual(['interface Ethernet1', 'description up', 'shutdown', 'default load-interval'])
    expect(lines).toEqual(expect.arrayContaining(['mtu 9000', 'no switchport', 'ip address 192.0.2.1/31', 'no speed']))
    expect(lines.filter((line) => /vlan|no shutdown|no description|mtu 1500|no ip address/.test(line))).toEqual([])
  })

  test('a switched port shows its VLANs and spanning-tree', async () => {
    const lines = (await section('^interface Ethernet2$')).split('\n').map((line) => line.trim())
    const wanted = linesOf(`
      no description
      no shutdown
      switchport access vlan 30
      switchport mode access
      switchport
    `)
    expect(lines).toEqual(expect.arrayContaining([...wanted, 'spanning-tree portfast', 'no spanning-tree bpduguard']))
    expect(lines.filter((line) => /portfast/.test(line))).toEqual([
      'spanning-tree portfast',
      'spanning-tree portfast auto',
    ])
    expect(lines.filter((line) => /^switchport access/.test(line))).toEqual(['switchport access vlan 30'])
  })

  test.each([
    ['^interface Port-Channel1$', ['switchport mode trunk', 'mlag 1', 'no port-channel min-links', 'sflow enable']],
    ['^interface Loopback0$', ['mtu 1500', 'ip address 192.0.2.9/32', 'no shutdown', 'no description']],
    ['^vrf instance', ['no description']],
    [
      '^mlag',
      linesOf(`
      no domain-id
      no peer-link
      heartbeat-interval 2000
      reload-delay 300
      no shutdown
    `),
    ],
    ['^username', ['username eva privilege 1 role network-admin secret sha512 $6$x$y']],
    [
      '^ip route ',
      ['ip route 198.51.100.0/24 192.0.2.0 1 tag 0', 'ip route vrf BLUE 0.0.0.0/0 10.0.0.1 200 tag 0 name out'],
    ],
    ['^spanning-tree mode', ['spanning-tree mode mstp']],
    ['^aaa authorization exec', []],
    [
      '^router bgp',
      linesOf(`
        router-id 192.0.2.9
        no shutdown
        maximum-paths 1 ecmp 128
        neighbor 192.0.2.0 remote-as 65002
        neighbor 192.0.2.0 send-community
        no neighbor 192.0.2.0 next-hop-self
        no neighbor 192.0.2.0 shutdown
        neighbor 192.0.2.0 activate
      `),
    ],
  ])('%s', async (pattern, wanted) => {
    const lines = (await section(pattern)).split('\n').map((line) => line.trim())
    expect(lines).toEqual(expect.arrayContaining([...wanted]))
  })

  test('a default that is configured otherwise is not printed', async () => {
    const all = await text('show running-config all')
    expect(all).toMatch(/^ip routing$/m)
    expect(all).not.toMatch(/^no ip routing$/m)
    expect(all).not.toMatch(/no router-id|no neighbor 192\.0\.2\.0 (send-community|remote-as)/)
  })
})

const corpus = recordings('eos-corpus/configs/')

/** VLAN ranges are taken apart; users and static routes get more words. */
const REWRITTEN = /^(vlan [\d,-]+$|username |ip route )/

function missing(said: readonly ConfigNode[], all: readonly ConfigNode[], at = ''): string[] {
  const present = new Map(merge(all).map((node) => [node.line, node]))
  return merge(said).flatMap((node) => {
    if (at === '' && REWRITTEN.test(node.line)) return []
    const found = present.get(node.line)
    return found === undefined
      ? [`${at} > ${node.line}`]
      : node.children.length > 0
        ? missing(node.children, found.children, `${at} > ${node.line}`)
        : []
  })
}

describe.skipIf(!existsSync(fileURLToPath(corpus)))('recorded configurations', () => {
  test('lose no line to a default', { tags: ['long', 'turn'] }, () => {
    const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.cfg'))
    let lines = 0
    const lost: string[] = []
    for (const file of files) {
      const tree = parseConfig(readFileSync(new URL(file, corpus), 'utf8'))
      lines += tree.children.length
      lost.push(...missing(tree.children, withDefaults(tree).children).map((line) => `${file}: ${line}`))
    }
    expect(files.length).toBeGreaterThan(450)
    expect(lines).toBeGreaterThan(17_000)
    expect(lost).toEqual([])
  })
})

/** A block that is repeated counts as one. */
function merge(nodes: readonly ConfigNode[]): readonly ConfigNode[] {
  const byLine = new Map<string, ConfigNode>()
  for (const node of nodes) {
    const known = byLine.get(node.line)
    byLine.set(node.line, known === undefined ? node : { ...known, children: [...known.children, ...node.children] })
  }
  return [...byLine.values()]
}
