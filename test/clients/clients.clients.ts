import { afterAll, describe, expect, test } from 'vitest'
import { startFabric } from '../../src/trial/start-fabric.ts'
import { DC1 } from '../lab/checkout.ts'
import { type Assertion, failures, missingPackages, runDriver, without } from './run-driver.ts'

const missing = missingPackages()

/** Each client, its driver, and the switch it drives: those of one driver need not be those of another. */
const CLIENTS = [
  ['ansible over httpapi', 'ansible_httpapi_driver', 'leaf1'],
  ['ansible over network_cli', 'ansible_network_cli_driver', 'leaf1'],
  ['python3-netmiko', 'netmiko_driver', 'leaf1'],
  ['python3-pyeapi', 'pyeapi_driver', 'leaf1'],
  ['python3-pyeapi, sessions', 'pyeapi_sessions_driver', 'leaf2'],
  ['python3-pyeapi, sessions of 4.32', 'pyeapi_sessions_driver', 'leaf3'],
  ['curl', 'curl_driver', 'leaf1'],
  ['openssh-client', 'openssh_driver', 'leaf1'],
  ['python3-paramiko', 'paramiko_driver', 'leaf1'],
  ['python3-asyncssh', 'asyncssh_driver', 'leaf1'],
] as const

const counted = new Map<string, readonly Assertion[]>()

describe.skipIf(missing.length > 0)(`real clients on the fabric dc1${without(missing)}`, () => {
  test.concurrent.each(CLIENTS)('%s', async (client, driver, device) => {
    const fabric = await startFabric(DC1)
    try {
      const assertions = await runDriver(driver, fabric, fabric.device(device))
      counted.set(client, assertions)
      expect(failures(assertions)).toEqual([])
      expect(assertions.length).toBeGreaterThan(0)
    } finally {
      await fabric.close()
    }
  })

  test('at least 250 different assertions hold', () => {
    const names = new Set(
      [...counted.values()].flatMap((assertions) => assertions.filter(({ ok }) => ok)).map(({ name }) => name),
    )
    expect(names.size).toBeGreaterThanOrEqual(250)
  })

  afterAll(() => {
    const rows = [...counted].map(([client, assertions]) => `${String(assertions.length).padStart(5)}  ${client}`)
    const all = [...counted.values()].reduce((sum, { length }) => sum + length, 0)
    process.stdout.write(`assertions by client:\n${rows.join('\n')}\n${String(all).padStart(5)}  in all\n`)
  })
})
