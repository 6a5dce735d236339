import { describe, expect, test } from 'vitest'
import { readKnownForms } from '../../../src/eos/config/guard/guard.ts'
import { oneSwitchFabric } from '../../../src/eos/sim/fabric/fabric.ts'
import { lists } from '../../table.ts'
import { CONFIG, simulate, simulated } from './simulate.ts'

const CORE = `! device: core1 (cEOSLab, EOS-4.22.1F)
!
hostname core1
!
vrf instance RED
!
interface Ethernet1
   no switchport
   ip address 10.0.12.1/24
!
interface Ethernet2
   no switchport
!
interface Ethernet3
   no switchport
   vrf RED
!
ip routing
!
router bgp 65000
   neighbor 10.0.12.2 remote-as 65001
!
end
`

const core = (eos?: string) => simulate(CORE, { managementOutside: true, ...(eos === undefined ? {} : { eos }) })

test('a form that somebody vouches for is taken, whatever is known of it, and in its mode alone', async () => {
  const vouched = readKnownForms('frobnicate <int>\nvlan <int>\n   naem <word>\n', 'known.txt')
  const typed = async (...lines: readonly string[]) => {
    const it = simulated({ ...oneSwitchFabric(CORE), vouched: vouched.ok ? vouched.value : [] })
    return (await it.json('configure', ...lines)).error?.data?.at(-1)
  }
  expect(await typed('frobnicate 7', 'vlan 5000', 'naem TESTED', 'no naem TESTED')).toBeUndefined()
  expect(await typed('frobnicate lot')).toEqual({ errors: ["Invalid input (at token 0: 'frobnicate')"] })
  expect(await typed('interface Ethernet2', 'naem TESTED')).toEqual({ errors: ["Invalid input (at token 0: 'naem')"] })
})

describe('what a switch refuses while a line is typed (docs/eos.md 1.4 and 2.3)', () => {
  test.each([
    [
      ['hostname a_new-hostname'],
      "Host name is invalid. Host name must contain only alphanumeric characters, '.' and '-'.\nIt must begin and end with an alphanumeric character.",
    ],
    [
      ['hostname -x'],
      "Host name is invalid. Host name must contain only alphanumeric characters, '.' and '-'.\nIt must begin and end with an alphanumeric character.",
    ],
    [
      ['interface Ethernet2', 'ip address 10.0.12.1/31'],
      'Address 10.0.12.1 is already assigned to interface Ethernet1',
    ],
    [
      ['interface Ethernet2', 'ip address 10.0.12.9/24'],
      'Subnet 10.0.12.0 overlaps with existing subnet 10.0.12.0 of interface Ethernet1',
    ],
    [
      ['interface Ethernet2', 'ip address 10.0.12.64/26'],
      'Subnet 10.0.12.64 overlaps with existing subnet 10.0.12.0 of interface Ethernet1',
    ],
    [['router bgp 65009'], 'BGP is already running with AS number 65000'],
  ])('%j', async (lines, words) => {
    const it = core()
    const { error } = await it.json('configure session a', ...lines)
    expect([error?.code, error?.data?.at(-1)]).toEqual([1000, { errors: [words] }])
    expect(it.device.sessions.get('a')?.state).toBe('pending')
  })

  test('the same address in another VRF, and a change of one own address, are fine', async () => {
    const { json } = core()
    const lines = ['interface Ethernet3', 'ip address 10.0.12.1/24', 'interface Ethernet1', 'ip address 10.0.12.5/24']
    expect((await json('configure', ...lines)).error).toBeUndefined()
  })

  test('a form of line that the switch was booted with is taken again, with other values', async () => {
    const lines = ['interface Ethernet2', 'mtu 70001']
    expect((await core().json('configure', ...lines)).error?.code).toBe(1002)
    const odd = CORE.replace('   no switchport\n   ip', '   mtu 70000\n   no switchport\n   ip')
    expect((await simulate(odd, { managementOutside: true }).json('configure', ...lines)).error).toBeUndefined()
    expect((await core().json('configure', 'interface Ethernet2', 'exit', 'end')).error).toBeUndefined()
  })

  test.each([
    [['interface Port-Channel10', 'port-channel min-links 2']],
    [['interface Vxlan1', 'vxlan vlan remove 10 vni']],
    [['router bgp 65000', 'network 10.0.0.0/24 route-map RM']],
    [['mlag configuration', 'shutdown']],
  ])('%j is taken, which a client types and no switch prints', async (lines) => {
    expect((await core().json('configure', ...lines)).error).toBeUndefined()
  })

  test('a rule that the boot configuration itself breaks is not held against a line', async () => {
    const named = CORE.replace('hostname core1', 'hostname core_1')
    const clashing = CORE.replace(
      'interface Ethernet2\n   no switchport\n',
      'interface Ethernet2\n   ip address 10.0.12.1/24\n',
    )
    expect(
      (await simulate(named, { managementOutside: true }).json('configure', 'hostname core_2')).error,
    ).toBeUndefined()
    const { json } = simulate(clashing, { managementOutside: true })
    expect(
      (await json('configure', 'interface Ethernet3', 'no vrf RED', 'ip address 10.0.12.1/24')).error,
    ).toBeUndefined()
  })

  test.each(lists`
    Invalid input (at token 0: 'frobnicate')    | frobnicate all
    Invalid input (at token 1: 'serer')         | ntp serer 10.0.0.1
    Invalid input (at token 1: 'swichport')     | interface Ethernet1; no swichport
    Invalid input (at token 0: 'no')            | no frobnicate
    Invalid input (at token 0: 'descripton')    | interface Ethernet1; descripton x
    Invalid input (at token 0: 'neighbor')      | neighbor 10.0.0.1 remote-as 5
    Invalid input (at token 0: '!!')            | interface Ethernet1; !! a bare comment
    Incomplete command (at token 1: 'login')    | banner login
    Invalid input (at token 1: '5000')          | vlan 5000
    Invalid input (at token 1: '10-5000')       | vlan 10-5000
    Invalid input (at token 2: '0')             | no vlan 0
    Invalid input (at token 1: 'Etherbet1')     | interface Etherbet1
    Invalid input (at token 2: '10.0.300.1/24') | interface Ethernet2; ip address 10.0.300.1/24
    Invalid input (at token 2: '10.0.30.1/33')  | interface Ethernet2; ip address 10.0.30.1/33
    Invalid input (at token 1: '5')             | interface Ethernet2; mtu 5
    Invalid input (at token 1: 'huge')          | interface Ethernet2; mtu huge
    Invalid input (at token 2: '70000')         | interface Ethernet2; no mtu 70000
    Invalid input (at token 2: '0')             | router bgp 0
  `)('%s: %j is no configuration line', async (words, lines) => {
    const { error } = await core().json('configure', ...lines)
    expect([error?.code, error?.data?.at(-1)]).toEqual([1002, { errors: [words] }])
  })

  test.each([
    'lo7',
    'Et3',
    'po10',
    'Port-Channel10.100',
    'vlan99',
    'Vxlan1',
    'Tunnel3',
    'Management0',
    'Ethernet3/1-4',
  ])('interface %s is taken', async (name) => {
    expect((await core().json('configure', `interface ${name}`)).error).toBeUndefined()
  })

  test('a line that no rule knows is kept when EOS has lines that begin so, unless the switch is set to refuse it', async () => {
    const line = 'watchdog newchip profile fast'
    const { json, text } = core()
    expect((await json('configure', line)).error).toBeUndefined()
    expect(await text('show running-config')).toContain(`\n${line}\n`)
    const strict = simulate(CORE, { managementOutside: true, unknownLines: 'refuse' })
    expect((await strict.json('configure', line)).error?.code).toBe(1002)
    expect((await strict.json('configure', 'vlan 20')).error).toBeUndefined()
  })
})

describe('what a switch makes of a line (docs/eos.md 4.9)', () => {
  const typed = async (eos: string, ...lines: string[]) => {
    const { json, text } = core(eos)
    expect((await json('configure', ...lines)).error).toBeUndefined()
    return text('show running-config')
  }

  test('a clear secret is hashed at entry; the same seed gives the same salt', async () => {
    const text = await typed('4.31.4M', 'username op privilege 15 secret 0 arista', 'enable password arista')
    expect(text).toMatch(/\nusername op privilege 15 secret sha512 \$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}\n/)
    expect(text).toMatch(/\nenable password sha512 \$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}\n/)
    expect(text).not.toContain('arista')
    expect(await typed('4.31.4M', 'username op privilege 15 secret 0 arista', 'enable password arista')).toBe(text)
  })

  test('a hash is stored as it is', async () => {
    const line = 'username op privilege 15 secret sha512 $6$abc$def'
    expect(await typed('4.31.4M', line, 'username q secret 5 $1$x$y')).toContain(
      `\n${line}\nusername q secret 5 $1$x$y\n`,
    )
  })

  test('lines are rewritten by version', async () => {
    const lines = ['enable secret sha512 $6$abc$def', 'router bgp 65000', 'neighbor 10.0.12.2 peer-group LEAVES']
    const old = await typed('4.22.1F', ...lines)
    expect(old).toContain('\nenable secret sha512 $6$abc$def\n')
    expect(old).toContain('   neighbor 10.0.12.2 peer-group LEAVES\n')
    const recent = await typed('4.31.4M', ...lines)
    expect(recent).toContain('\nenable password sha512 $6$abc$def\n')
    expect(recent).toContain('   neighbor 10.0.12.2 peer group LEAVES\n')
    expect(await typed('4.31.4M', 'interface Ethernet1', 'ipv6 nd ra interval 5')).toContain(
      '   ipv6 nd ra interval msec 5000\n',
    )
  })

  test('an address with a mask is a prefix: in the text, in the candidate, and on the interface', async () => {
    const { json, text } = core('4.31.4M')
    const lines = ['interface Ethernet2', 'ip address 10.9.0.1 255.255.255.0', 'mtu 1500', 'ip ospf area 0']
    expect(await text('configure session a', ...lines, 'show session-config diffs')).toContain(
      'interface Ethernet2\n+   mtu 1500\n+   ip address 10.9.0.1/24\n+   ip ospf area 0.0.0.0\n',
    )
    await json('configure session a', 'commit')
    expect(await text('show running-config')).toContain(
      'interface Ethernet2\n   mtu 1500\n   no switchport\n   ip address 10.9.0.1/24\n   ip ospf area 0.0.0.0\n',
    )
    const { result } = await json('show ip interface Ethernet2')
    expect(result?.[1]).toMatchObject({
      interfaces: { Ethernet2: { interfaceAddress: { primaryIp: { address: '10.9.0.1', maskLen: 24 } } } },
    })
    expect(await text('configure session b', ...lines, 'show session-config diffs')).toBe('')
  })

  test('an address with a mask is compared with the others as its prefix is', async () => {
    const { error } = await core().json('configure', 'interface Ethernet2', 'ip address 10.0.12.9 255.255.255.0')
    expect(error?.data?.at(-1)).toEqual({
      errors: ['Subnet 10.0.12.0 overlaps with existing subnet 10.0.12.0 of interface Ethernet1'],
    })
  })

  test('lines are added to what is new', async () => {
    const lines = ['router ospf 1', 'interface Vxlan1', 'router bgp 65000', 'neighbor 10.0.12.7 remote-as 65007']
    const text = await typed('4.22.1F', ...lines)
    expect(text).toContain('interface Vxlan1\n   vxlan udp-port 4789\n')
    expect(text).toContain('router ospf 1\n   max-lsa 12000\n')
    expect(text).toContain('   neighbor 10.0.12.7 maximum-routes 12000 \n')
    expect(await typed('4.34.2F', ...lines)).not.toContain('maximum-routes')
  })

  test('verbatim adds and rewrites nothing', async () => {
    const { json, text } = simulate(CORE, { managementOutside: true, verbatim: true, eos: '4.31.4M' })
    expect(await text('show running-config')).toBe(CORE)
    await json('configure', 'router ospf 1', 'router bgp 65000', 'neighbor 10.0.12.2 peer-group LEAVES')
    const running = await text('show running-config')
    expect(running).toContain('router ospf 1\n')
    expect(running).not.toContain('max-lsa')
    expect(running).toContain('   neighbor 10.0.12.2 peer-group LEAVES\n')
  })

  test('a boot configuration that no switch printed is made to look like one, verbatim aside', async () => {
    const odd = CONFIG.replace(/^! .*\n/gm, '').replace(
      'no ip routing\n',
      'no ip routing\n!\ninterface Ethernet2\n   mtu 9000\n   no shutdown\n',
    )
    const text = await simulate(odd).text('show running-config')
    expect(text).toContain('interface Ethernet2\n   mtu 9000\n!\ninterface Management1\n')
    expect(text.match(/interface Ethernet2/g)).toHaveLength(1)
    expect(await simulate(odd, { verbatim: true }).text('show running-config')).toBe(odd)
  })

  test('a block that a boot configuration repeats inside a section stays until the section is typed again', async () => {
    const family = '   !\n   address-family ipv6\n      neighbor G activate\n'
    const repeated = CONFIG.replace('!\nend', `!\nrouter bgp 65000\n   neighbor G peer group\n${family}${family}!\nend`)
    const { json, text } = simulate(repeated, { eos: '4.34.2F' })
    const families = async (command: string) => (await text(command)).match(/address-family ipv6\n/g)?.length ?? 0
    expect(await families('show running-config')).toBe(2)
    const bgp = ['router bgp 65000', 'neighbor G peer group', 'address-family ipv6', 'neighbor G activate']
    await json('configure session a', 'no router bgp 65000', ...bgp)
    expect(await families('show session-config named a')).toBe(1)
  })
})
