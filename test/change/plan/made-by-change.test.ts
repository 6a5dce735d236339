import { describe, expect, test } from 'vitest'
import { madeByChange } from '../../../src/change/plan/refused-questions.ts'
import { linesOf, table } from '../../table.ts'

const RUNNING = `hostname leaf1
vlan 120
interface Vlan120
   ip address 10.0.120.1/24
router ospf 1
ip routing
`
const ADDED = linesOf(`
  vlan 998
  vrf instance guests
  interface Vlan998
     vrf guests
     ip address 10.77.0.1/32
  router bgp 65001
     neighbor 10.0.9.9 remote-as 65002
  interface Vxlan1
  interface Ethernet9
     description to sumary
  ip routing
`)

const made = (command: string, says: string) => madeByChange({ command, says }, { added: ADDED, running: RUNNING })

describe('what a refused command is about is made by the change', () => {
  test.each(table`
    show ip route vrf guests                    VRF guests does not exist                    guests
    show ip route vrf guests                    Invalid input (at token 4: 'guests')         guests
    show interfaces Vlan998                     Interface does not exist                     Vlan998
    show interfaces vlan998                     Interface does not exist                     vlan998
    show interfaces vl 998                      Invalid input (at token 3: '998')            998
    show vlan 998                               VLAN 998 not found in current VLAN database  998
    show ip bgp neighbors 10.0.9.9              could not run command                        10.0.9.9
    ping vrf guests 10.0.0.1 source 10.77.0.1   bind: Cannot assign requested address        guests
    ping vrf default 10.0.0.1 source 10.77.0.1  bind: Cannot assign requested address        10.77.0.1
    show ip bgp summary                         BGP inactive                                 bgp
    show vxlan vtep                             VXLAN interface is not configured            vxlan
  `)('%s: %s', (command, says, word) => {
    expect(made(command, says)).toBe(word)
  })
})

describe('a refusal is for good', () => {
  test.each(table`
    show ip bgp sumary                  Invalid input
    show ip bgp sumary                  Invalid input (at token 3: 'sumary')
    show ip bgp sumary vrf guests       Invalid input (at token 3: 'sumary')
    show ip route vrff guests           Invalid input
    show ip route vrff guests           % Invalid input
    show vlann 998                      % Invalid input
    show ip bgp neighbours 10.0.9.9     Invalid input
    show ip routing                     Invalid input (at token 2: 'routing')
    show ip bgp sumary                  Invalid input (at token 3: 'sumary')
    show vlan 998                       Command not permitted
    show vlan 998                       User is not authorized
    show vlan 998                       Unavailable command (not supported on this hardware platform)
    show vlan 998                       The simulator prints this command in JSON only
    show ip route vrf geusts 10.77.0.1  VRF geusts does not exist
    show ip route vrf geusts            VRF geusts does not exist
    show interfaces Vlan999             Interface does not exist
    show ip ospf neighbor               OSPF is not running
    show ip bgp vrf guests              This is an unconverted command
    show ip route vrf guests            Authorization denied for command 'show ip route vrf guests'
    show run vrf guests                 Incomplete token (at token 1: 'run')
    show r vrf guests                   Ambiguous command (at token 1: 'r')
    show vlan                           no reason given
  `)('[3C1b] %s: %s', (command, says) => {
    expect(made(command, says)).toBeUndefined()
  })
})
