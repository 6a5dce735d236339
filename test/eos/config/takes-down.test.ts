import { describe, expect, test } from 'vitest'
import { perhapsTakingDown, takingDown } from '../../../src/eos/config/takes-down.ts'
import { linesOf, table } from '../../table.ts'

/** A change of one line, `+` or `-`, behind ` > ` between the blocks that hold it. */
function lineOf(text: string) {
  const [line = '', ...above] = text.slice(1).split(' > ').toReversed()
  return { sign: text.startsWith('+') ? ('+' as const) : ('-' as const), path: above.toReversed(), line }
}

const asked = (...texts: readonly string[]) => {
  const changes = texts.map(lineOf)
  const found = takingDown(changes)
  return texts.filter((_, at) => found.includes(changes[at] as never))
}

describe('a line by itself, in a block that is there', () => {
  test.each(table`
    +vlan 120                                               false
    +vlan 120-124,130                                       false
    -vlan 120                                               true
    +no vlan 120                                            true
    +interface Ethernet1 > description to spine1            false
    -interface Ethernet1 > description to spine1            false
    +interface Ethernet1 > shutdown                         true
    +interface Ethernet1 > no switchport                    true
    +interface Ethernet1 > mtu 9000                         true
    +interface Ethernet1 > switchport access vlan 120       false
    +interface Ethernet1 > spanning-tree portfast           false
    +interface Ethernet1 > spanning-tree portfast network   true
    +interface Ethernet1 > spanning-tree bpduguard enable   true
    +interface Ethernet1 > storm-control broadcast level 1  true
    -interface Port-Channel10 > mlag 10                     true
    +interface Vlan120                                      false
    -interface Vlan4094 > ip address 10.255.0.1/31          true
    +interface Vxlan1 > vxlan vlan 120 vni 10120            false
    +interface Vxlan1 > vxlan source-interface Loopback0    true
    +router bgp 65001 > neighbor 10.0.0.1 shutdown          true
    +router bgp 65001 > vlan 120                            false
    -router bgp 65001 > vlan 120                            true
    +router bgp 65001 > no vlan 120                         true
    +router bgp 65001 > vrf PROD > rd 10.0.0.1:1            true
    +mlag configuration > reload-delay 300                  true
    +ip route 0.0.0.0/0 10.0.0.1                            true
    +ip name-server vrf MGMT 192.0.2.1                      false
    +ntp server 192.0.2.1                                   false
    -snmp-server host 192.0.2.1                             false
    +ip access-list EDGE > 10 permit ip any any             true
    +daemon TerminAttr > no shutdown                        true
  `)('[3A6] %s: %s', (text = '', expected) => {
    expect(asked(text)).toEqual(expected === 'true' ? [text] : [])
  })
})

/** Lines of each kind below a VLAN, its SVI and its EVPN instance: whether each may take something down where the block is there, and where it is new. */
const BELOW = table`
  vlan 110                                   name PROD  false  false
  vlan 110                                   trunk group FOO  true  false
  vlan 110                                   private-vlan isolated primary vlan 70  true  false
  vlan 110                                   state suspend  true  true
  vlan 110                                   state active  true  false
  vlan 110                                   shutdown  true  true
  vlan 110                                   address locking ipv4  true  false
  interface Vlan110                          description GW  false  false
  interface Vlan110                          ip access-group DENYALL in  true  false
  interface Vlan110                          vrf PROD  true  false
  interface Vlan110                          ip address 10.1.10.1/24  true  false
  interface Vlan110                          ip address virtual 10.1.10.1/24  true  false
  interface Vlan110                          mtu 9000  true  false
  interface Vlan110                          autostate  true  false
  interface Vlan110                          shutdown  true  true
  router bgp 65001 > vlan 110                rd 10.0.0.1:110  true  false
  router bgp 65001 > vlan 110                route-target both 110:110  true  false
  router bgp 65001 > vlan-aware-bundle PROD  vlan 110  true  false
`

describe('a line of a VLAN, its SVI or its EVPN instance takes nothing down only if the block is new', () => {
  test.each(BELOW)('%s > %s', (block, line = '', isThere, isNew) => {
    const text = `+${block} > ${line}`
    expect(asked(text)).toEqual(isThere === 'true' ? [text] : [])
    expect(asked(`+${block}`, text)).toEqual(isNew === 'true' ? [text] : [])
    expect(asked(`-${block} > ${line}`).length > 0).toBe(!/^(?:name|description) /.test(line))
  })

  test('a new block of another name makes none new', () => {
    const text = '+vlan 110 > trunk group FOO'
    expect(asked('+vlan 111', text)).toEqual([text])
    expect(asked('-vlan 110', text)).toEqual(['-vlan 110', text])
  })
})

describe('the list of a trunk that is there, as the peer link is, takes nothing down only if it loses no VLAN', () => {
  const at = (sign: string, list: string, port = 'interface Port-Channel1000') =>
    `${sign}${port} > switchport trunk allowed vlan ${list}`
  test.each([
    ['it grows', '110', '110,120', false],
    ['it shrinks', '110,120', '110', true],
    ['it is emptied', '110,120', 'none', true],
    ['another one takes its place', '110', '120', true],
    ['there was none on it', 'none', '110', false],
    ['it goes', '110', undefined, false],
    ['it comes where none was, and each VLAN was carried', undefined, '110', true],
    ['it is empty where none was', undefined, 'none', true],
  ])('[3A6] %s', (_what, was, is, expected) => {
    const texts = [...(was === undefined ? [] : [at('-', was)]), ...(is === undefined ? [] : [at('+', is)])]
    expect(asked(...texts)).toEqual(expected ? texts : [])
  })

  test('of a port that is new none does, and what another port loses says nothing', () => {
    expect(asked('+interface Port-Channel7', at('+', '110', 'interface Port-Channel7'))).toEqual([
      '+interface Port-Channel7',
    ])
    expect(asked(at('-', '110', 'interface Ethernet1'), at('+', 'none'))).toEqual([at('+', 'none')])
  })
})

test('of lines that are typed each block is taken to be there', () => {
  const typed = linesOf(`
    +vlan 110
    +vlan 110 > name PROD
    +interface Vlan110 > ip address virtual 10.1.10.1/24
    +interface Ethernet1 > switchport trunk allowed vlan add 110
    +interface Ethernet1 > switchport trunk allowed vlan remove 110
    +interface Ethernet1 > switchport trunk allowed vlan none
    +interface Ethernet1 > no switchport trunk allowed vlan
  `)
  const found = perhapsTakingDown(typed.map(lineOf)).map(({ path, line }) => [...path, line].join(' > '))
  expect(found).toEqual([
    'interface Vlan110 > ip address virtual 10.1.10.1/24',
    'interface Ethernet1 > switchport trunk allowed vlan remove 110',
    'interface Ethernet1 > switchport trunk allowed vlan none',
  ])
})
