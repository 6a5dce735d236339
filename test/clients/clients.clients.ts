import { describe, expect, test } from 'vitest'
import { startFabric } from '../../src/lab/trial/start-fabric.ts'
import { everyNth, extentOfLong } from '../extent.ts'
import { DC1 } from '../lab/checkout.ts'
import { type Assertion, type Driver, failures, missingPackages, runDriver, without } from './run-driver.ts'
import {
  GOEAPI,
  hasTodays,
  installedVersions,
  pinnedVersions,
  type TodaysPython,
  todaysPython,
  withoutTodays,
} from './todays.ts'

/** A client, its driver, and the switch it drives: those of one driver need not be those of another. The gate has no time for what is for the night. */
type Client = readonly [name: string, driver: Driver, device: string, tag?: 'night' | undefined]

/** Tells answers apart by its pauses alone, and takes a late prompt for one: on a busy machine it tries once more (netmiko 2.4, find_prompt). */
const IMPATIENT = 'python3-netmiko'

const DEBIANS: readonly Client[] = [
  ['ansible over httpapi', 'ansible_httpapi_driver', 'leaf1', 'night'],
  ['ansible over network_cli', 'ansible_network_cli_driver', 'leaf1', 'night'],
  [IMPATIENT, 'netmiko_driver', 'leaf1'],
  ['python3-pyeapi', 'pyeapi_driver', 'leaf1'],
  ['python3-pyeapi, sessions', 'pyeapi_sessions_driver', 'leaf2'],
  ['python3-pyeapi, sessions of 4.32', 'pyeapi_sessions_driver', 'leaf3', 'night'],
  ['curl', 'curl_driver', 'leaf1'],
  ['openssh-client', 'openssh_driver', 'leaf1'],
  ['python3-paramiko', 'paramiko_driver', 'leaf1'],
  ['python3-asyncssh', 'asyncssh_driver', 'leaf1'],
]

const todays = (name: string, driver: string, python: TodaysPython, device: string, tag?: 'night'): Client => [
  name,
  { script: driver, python: todaysPython(python) },
  device,
  tag,
]

const TODAYS: readonly Client[] = [
  todays('ansible over httpapi, once', 'ansible_once_driver', 'ansible', 'leaf1'),
  todays('ansible over httpapi', 'ansible_httpapi_driver', 'ansible', 'leaf1', 'night'),
  todays('ansible over network_cli', 'ansible_network_cli_driver', 'ansible', 'leaf1', 'night'),
  todays('NAPALM', 'napalm_driver', 'python', 'leaf1'),
  todays('Nornir', 'nornir_driver', 'python', 'leaf1'),
  todays('netmiko', 'netmiko_driver', 'python', 'leaf1'),
  todays('pyeapi', 'pyeapi_driver', 'python', 'leaf1'),
  todays('pyeapi, sessions', 'pyeapi_sessions_driver', 'python', 'leaf2'),
  todays('pyeapi, sessions of 4.32', 'pyeapi_sessions_driver', 'python', 'leaf3', 'night'),
  todays('scrapli', 'scrapli_driver', 'python', 'leaf1'),
  todays('scrapli of 2026', 'scrapli_2026_driver', 'scrapli-2026', 'leaf1'),
  todays('pyavd', 'pyavd_driver', 'python', 'leaf1'),
  ['goeapi', { program: GOEAPI }, 'leaf1'],
]

/** What each environment is tried for; ANTA has tests of its own. */
const RELEASES = {
  python: ['anta', 'napalm', 'netmiko', 'nornir', 'pyavd', 'pyeapi', 'scrapli', 'scrapli_cfg'],
  ansible: ['ansible', 'ansible-core'],
  'scrapli-2026': ['scrapli'],
} as const

const missing = missingPackages()

describe.skipIf(missing.length > 0)(`real clients on the fabric dc1${without(missing)}`, () => {
  driven(DEBIANS, extentOfLong(200, 250))
})

describe.skipIf(!hasTodays)(`today's clients on the fabric dc1${withoutTodays}`, () => {
  test.each(Object.entries(RELEASES))('%s has the releases that are pinned', (python, names) => {
    const installed = installedVersions(python as TodaysPython, names)
    expect(installed).toHaveLength(names.length)
    expect(installed).toEqual(pinnedVersions(python as TodaysPython, names))
  })

  driven(TODAYS, extentOfLong(250, 400))
})

/** Drives a switch by each client, and asserts how many different assertions held. A part of the clients, with each commit others, finds another switch at the address and has to see it. */
function driven(clients: readonly Client[], atLeast: number) {
  const counted = new Map<string, readonly Assertion[]>()

  const mistaken = everyNth(4, 'clients of another switch', clients)
  for (const given of clients) {
    const [client, driver, device, tag] = given
    test.concurrent(client, {
      ...(tag === undefined ? {} : { tags: tag }),
      retry: client === IMPATIENT ? 1 : 0,
    }, async () => {
      const fabric = await startFabric(DC1)
      try {
        const assertions = await runDriver(driver, fabric, fabric.device(device))
        counted.set(client, assertions)
        expect(failures(assertions)).toEqual([])
        expect(assertions.length).toBeGreaterThan(0)
        if (!mistaken.includes(given)) return
        const { name, eos } = fabric.device(device)
        const other = await runDriver(driver, fabric, { ...fabric.device('spine1'), name, eos })
        // Pyavd types the configuration of its design, which has ports that another platform lacks.
        expect(failures(other).join('\n')).toMatch(/spine1|'interface Ethernet49\/1' failed/)
      } finally {
        await fabric.close()
      }
    })
  }

  test(`at least ${atLeast} different assertions hold`, () => {
    const names = new Set(
      [...counted.values()].flatMap((assertions) => assertions.filter(({ ok }) => ok)).map(({ name }) => name),
    )
    expect(names.size).toBeGreaterThanOrEqual(atLeast)
  })
}
