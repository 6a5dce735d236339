import { expect, test } from 'vitest'
import { CONFIG, simulate } from './simulate.ts'

const typed = async (config: string, ...lines: readonly string[]): Promise<string | undefined> => {
  const { json } = simulate(config, { managementOutside: true })
  const { error } = await json('configure session a', ...lines)
  return error === undefined ? undefined : JSON.stringify(error.data?.at(-1))
}

test.each([
  ['switchport mode', 'mode', 1],
  ['switchport access vlan', 'vlan', 2],
  ['ip address', 'address', 1],
])('a line that ends too early is incomplete, as on a switch: %s', async (line, word, token) => {
  const said = await typed(CONFIG, 'interface Ethernet1', line)
  expect(said).toContain(`Incomplete command (at token ${token}: '${word}')`)
  expect(await typed(CONFIG, 'interface Ethernet1', `no ${line}`)).toBeUndefined()
})

test.each(['vlan 4095', 'vlan 4090-4096', 'vlan 0'])('%s is no VLAN', async (line) => {
  expect(await typed(CONFIG, line)).toContain('Invalid input (at token 1')
})

test('a fixed switch has the ports that its model has', async () => {
  // A DCS-7050SX3-48YC8.
  expect(await typed(CONFIG, 'interface Ethernet48', 'mtu 9000')).toBeUndefined()
  expect(await typed(CONFIG, 'interface Ethernet56/1', 'mtu 9000')).toBeUndefined()
  for (const line of ['interface Ethernet99', 'interface et99', 'interface Ethernet99/1'])
    expect(await typed(CONFIG, line)).toContain('Invalid input (at token 1')
  const inContainer = CONFIG.replace('DCS-7050SX3-48YC8', 'cEOSLab')
  expect(inContainer).not.toBe(CONFIG)
  expect(await typed(inContainer, 'interface Ethernet99')).toBeUndefined()
})

test('a switch takes the lines that it was booted with, and lines of their form', async () => {
  const own = [
    'interface Ethernet99',
    '   mtu 70000',
    '   switchport mode',
    '!',
    'vlan 4095',
    '!',
    'ntp serer 10.0.0.1',
  ]
  const config = CONFIG.replace('interface Management1', `${own.join('\n')}\n!\ninterface Management1`)
  expect(await typed(config, 'rollback clean-config', ...own.filter((line) => line !== '!'))).toBeUndefined()
  expect(await typed(config, 'ntp serer 10.0.0.2')).toBeUndefined()
  expect(await typed(config, 'ntp sever 10.0.0.2')).toContain('Invalid input (at token 1')
  for (const line of own.filter((one) => one.startsWith('ntp') || one.startsWith('vlan')))
    expect(await typed(CONFIG, line)).toBeDefined()
})
