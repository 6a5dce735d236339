import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { commandSet, matchWords } from '../../../src/eos/sim/cli/command/command-words.ts'
import type { ShowContext } from '../../../src/eos/sim/show/format/define.ts'
import { SHOW_COMMANDS } from '../../../src/eos/sim/show/registry.ts'
import { isJsonObject, type Json } from '../../../src/model/json.ts'
import { recordings } from '../../recordings.ts'
import { edited, type Fabric, readFabric, settle } from './converge-fabric.ts'
import { contextOf } from './recorded.ts'

const EAPI = recordings('eos-corpus/eapi/')
const present = existsSync(EAPI)
const DOCS = new URL('../../../docs/simulator.md', import.meta.url)

const read = (path: string) => JSON.parse(readFileSync(new URL(path, EAPI), 'utf8'))

/** The responses of napalm, whose names are commands with `_` for what is no letter, and the one of pyeapi. */
function recorded() {
  const napalm = readdirSync(new URL('napalm/', EAPI)).flatMap((file) => {
    const { responses = {} } = read(`napalm/${file}`) as { responses?: Record<string, Json> }
    return Object.entries(responses).flatMap(([name, answer]) => {
      const command = commandOf(name)
      return command === undefined ? [] : [{ command, answer }]
    })
  })
  return [...napalm, { command: 'show ip interface', answer: (read('pyeapi/ipinterfaces.json') as Json[])[0] ?? null }]
}

/** A prefix that leaf1 has from EVPN in PROD. */
const STRETCHED = '10.10.130.0/24'

/** `show_ip_bgp_1_0_4_0_24__vrf_default.json` is `show ip bgp 1.0.4.0/24 vrf default`. */
function commandOf(name: string) {
  if (!name.endsWith('.json')) return undefined
  return name
    .slice(0, -'.json'.length)
    .replace('1_0_4_0_24', '10.0.250.13/32')
    .replaceAll(/_+/g, ' ')
    .replace('longer prefixes', 'longer-prefixes')
    .replace(/10\.0\.250\.13\/32(.*)vrf TEST/, `${STRETCHED}$1vrf PROD`)
    .replace(/vrf TEST(.*) 10\.0\.250\.13\/32/, `vrf PROD$1 ${STRETCHED}`)
    .replace('mac address table', 'mac address-table')
}

/** The keys of maps that go by names: every name stands for all. */
const MAPS = new Set([
  ...['vrfs', 'interfaces', 'peers', 'routes', 'bgpRouteEntries', 'vlans', 'users', 'lldpNeighbors', 'powerSupplies'],
  ...['fans', 'tempSensors', 'memberInterfaces', 'processes', 'secondaryIps', 'interfaceStatuses', 'multiprotocolCaps'],
])

/** The paths of an answer: `vrfs.*.peers.*.asn`; elements of lists are not told apart. */
function pathsOf(value: Json, at = '', found = new Set<string>()) {
  if (Array.isArray(value)) for (const element of value) pathsOf(element, at, found)
  else if (isJsonObject(value)) {
    const map = MAPS.has(at.split('.').at(-1) ?? '')
    for (const [key, child] of Object.entries(value)) {
      const path = [at, map ? '*' : key].filter((step) => step !== '').join('.')
      if (!map) found.add(path)
      pathsOf(child, path, found)
    }
  }
  return found
}

const commands = commandSet(SHOW_COMMANDS)

/** Switches of several kinds and versions: what a key needs may be there on one of them only. */
function contexts() {
  const loopback = 'interface Loopback0\n'
  const base = edited(readFabric(), 'leaf1', loopback, `${loopback}   ipv6 address 2001:db8::1/128\n`)
  const sends = [{ mac: '02:00:00:00:01:0a', vlan: 110 }]
  const fabric = {
    ...base,
    cables: base.cables.map((cable) => (cable.b.device === 'hv01' ? { ...cable, sends } : cable)),
  }
  const network = settle(fabric)
  const leaf = contextOf(fabric, network, 'leaf1')
  const of = (eos: string, model: string, from = leaf) => ({
    ...from,
    facts: { ...from.facts, eos, model },
  })
  const ribd = { ...leaf, running: withoutLine(fabric, 'service routing protocols model multi-agent') }
  return [
    leaf,
    of('4.15.5M', 'vEOS'),
    of('4.20.7M', 'DCS-7010T-48-R'),
    of('4.23.5M', 'vEOS', ribd),
    of('4.36.0.1F', 'cEOSLab'),
  ]
}

function withoutLine(fabric: Fabric, line: string) {
  const text = fabric.configs.get('leaf1') ?? ''
  return parseConfig(text.replace(`${line}\n`, ''))
}

/** What the simulator answers to a command on any of these switches, or undefined where it has no such command. */
function computed(command: string, all: readonly ShowContext[]) {
  const match = matchWords(commands, command.split(' '), false)
  if ('fault' in match) return undefined
  const { found, args } = match
  if (found.json === undefined) return undefined
  const paths = new Set<string>()
  for (const context of all) {
    if (found.refuse?.(context, args) !== undefined) continue
    for (const path of pathsOf(found.json(context, args, undefined))) paths.add(path)
  }
  return paths
}

/** The table of docs/simulator.md: what is recorded and left out, by command. */
function listed() {
  const rows = readFileSync(DOCS, 'utf8').matchAll(/^\| `(show [^`]+)` \| (`.*`) \| .{10,} \|$/gm)
  return new Set(
    [...rows].flatMap(([, command = '', keys = '']) =>
      [...keys.matchAll(/`([^`]+)`/g)].map((match) => `${command} ${match[1]}`),
    ),
  )
}

/** The command without the names in it, as the table has it. */
const plain = (command: string) =>
  command
    .replace(/ (vrf (all|default|PROD)|detail|brief|bgp detail|longer-prefixes)/g, '')
    .replace(/ [\d./]+/, '')
    .trim()

describe.skipIf(!present)('every recorded key is computed, or listed with its reason (needs ../shared)', () => {
  const all = present ? contexts() : []
  const outcome = (present ? recorded() : []).map(({ command, answer }) => ({
    command,
    answer,
    mine: computed(command, all),
  }))

  /** What is computed for a command, whatever the names in it. */
  function computedPaths() {
    const byCommand = new Map<string, Set<string>>()
    for (const { command, mine } of outcome) {
      const paths = byCommand.get(plain(command)) ?? new Set<string>()
      for (const path of mine ?? []) paths.add(path)
      byCommand.set(plain(command), paths)
    }
    return byCommand
  }

  test('most recorded commands are computed', () => {
    const not = [...new Set(outcome.filter(({ mine }) => mine === undefined).map(({ command }) => command))].sort()
    expect(outcome.length).toBeGreaterThan(50)
    expect(not).toEqual([])
  })

  test('no key is missing without a reason, and no reason is without a key', () => {
    const known = listed()
    const byCommand = computedPaths()
    const missing = new Set<string>()
    let keys = 0
    for (const { command, answer } of outcome) {
      for (const path of pathsOf(answer)) {
        keys += 1
        if (byCommand.get(plain(command))?.has(path) !== true) missing.add(`${plain(command)} ${path}`)
      }
    }
    process.stdout.write(`recorded keys: ${keys}, left out: ${missing.size}\n`)
    const fits = (entry: string, key: string) =>
      entry.endsWith('.**') ? key.startsWith(entry.slice(0, -'**'.length)) : key === entry
    const entries = [...known]
    expect([...missing].filter((key) => !entries.some((entry) => fits(entry, key))).sort()).toEqual([])
    expect(entries.filter((entry) => ![...missing].some((key) => fits(entry, key))).sort()).toEqual([])
  })
})
