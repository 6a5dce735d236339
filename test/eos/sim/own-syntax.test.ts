import { expect, test } from 'vitest'
import { linesOf } from '../../table.ts'
import { CONFIG, simulate } from './simulate.ts'

const typed = async (config: string, ...lines: readonly string[]) => {
  const { json } = simulate(config, { managementOutside: true })
  const { error } = await json('configure session a', ...lines)
  return error === undefined ? undefined : JSON.stringify(error.data?.at(-1))
}

test.each([
  ['switchport mode', 'mode', 1],
  ['switchport access vlan', 'vlan', 2],
  ['ip address', 'address', 1],
])('[3T11] a line that ends too early is incomplete, as on a switch: %s', async (line, word, token) => {
  const said = await typed(CONFIG, 'interface Ethernet1', line)
  expect(said).toContain(`Incomplete command (at token ${token}: '${word}')`)
  expect(await typed(CONFIG, 'interface Ethernet1', `no ${line}`)).toBeUndefined()
})

test.each(['vlan 4095', 'vlan 4090-4096', 'vlan 0'])('[3T17] %s is no VLAN', async (line) => {
  expect(await typed(CONFIG, line)).toContain('Invalid input (at token 1')
})

test('[3T17] a fixed switch has the ports that its model has', async () => {
  // A DCS-7050SX3-48YC8.
  expect(await typed(CONFIG, 'interface Ethernet48', 'mtu 9000')).toBeUndefined()
  expect(await typed(CONFIG, 'interface Ethernet56/1', 'mtu 9000')).toBeUndefined()
  for (const line of ['interface Ethernet99', 'interface et99', 'interface Ethernet99/1'])
    expect(await typed(CONFIG, line)).toContain('Invalid input (at token 1')
  const inContainer = CONFIG.replace('DCS-7050SX3-48YC8', 'cEOSLab')
  expect(inContainer).not.toBe(CONFIG)
  expect(await typed(inContainer, 'interface Ethernet99')).toBeUndefined()
})

test('[3T10] a switch takes the lines that it was booted with, and lines of their form', async () => {
  const own = linesOf(`
    interface Ethernet99
       mtu 70000
       switchport mode
    !
    vlan 4095
    !
    ntp serer 10.0.0.1
  `)
  const config = CONFIG.replace('interface Management1', `${own.join('\n')}\n!\ninterface Management1`)
  expect(await typed(config, 'rollback clean-config', ...own.filter((line) => line !== '!'))).toBeUndefined()
  expect(await typed(config, 'ntp serer 10.0.0.2')).toBeUndefined()
  expect(await typed(config, 'ntp sever 10.0.0.2')).toContain('Invalid input (at token 1')
  for (const line of own.filter((one) => one.startsWith('ntp') || one.startsWith('vlan')))
    expect(await typed(CONFIG, line)).toBeDefined()
})

test.each([
  ['tunnel-counters', '   transmit', '      source-protocol isis segment-routing priority 10'],
  ['tunnel-ribs', '   tunnel-rib A', '      source-protocol ldp preference 10'],
  ['monitor twamp', '   twamp-light', '      sender profile A', '         measurement interval 5 seconds'],
  ['mpls evpn', '   no label-stack control-word'],
])('[3T10] a line opens a block for those that are indented below it: %s', async (...lines) => {
  const { json, text } = simulate(CONFIG, { managementOutside: true })
  expect((await json('configure session a', ...lines, 'hostname sw2')).error).toBeUndefined()
  const diff = await text('configure session a', 'show session-config diffs')
  for (const line of [...lines, 'hostname sw2']) expect(diff).toContain(`+${line}\n`)
})

test('[3T10] from 4.30 on a host name may have an underscore', async () => {
  const named = async (eos: string) => {
    const { json } = simulate(CONFIG.replace('4.31.4M', eos), { managementOutside: true, eos })
    return (await json('configure', 'hostname DC2_LEAF1B')).error?.code
  }
  expect([await named('4.30.5M'), await named('4.32.2.1F'), await named('4.29.2F')]).toEqual([
    undefined,
    undefined,
    1000,
  ])
  const { json } = simulate(CONFIG, { managementOutside: true })
  expect((await json('configure', 'hostname _LEAF')).error?.code).toBe(1000)
})

test('[3T10] the management port of both supervisors is in the subnet of their own ports', async () => {
  const ports = ['interface Management0', 'ip address 172.28.129.185/20', 'interface Management1/1']
  expect(await typed(CONFIG, ...ports, 'ip address 172.28.129.186/20')).toBeUndefined()
  expect(await typed(CONFIG, ...ports, 'ip address 172.28.129.185/20')).toContain('already assigned')
  const others = ['interface Management1/1', 'ip address 172.28.129.186/20', 'interface Management1/2']
  expect(await typed(CONFIG, ...others, 'ip address 172.28.129.187/20')).toContain('overlaps')
})
