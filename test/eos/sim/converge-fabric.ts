import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { converge } from '../../../src/eos/sim/converge/converge.ts'
import type { NetworkState, SwitchState } from '../../../src/eos/sim/converge/network-state.ts'
import type { SwitchInput } from '../../../src/eos/sim/converge/read-interfaces.ts'
import type { OperationalFault } from '../../../src/eos/sim/fault/operational.ts'
import type { Cable, Demand } from '../../../src/eos/sim/platform/facts.ts'

/** The instant all states of these tests are taken at: 2026-01-02T03:04:05Z. */
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)

const ROOT = new URL('../../../fixtures/dc1/', import.meta.url)

interface FabricFile {
  readonly devices: Record<string, { eos: string; model: string; serial: string; mac: string; config: string }>
  readonly cabling: readonly string[]
}

/** The bundled fabric as text: what a test edits before it converges. */
export interface Fabric {
  readonly configs: ReadonlyMap<string, string>
  readonly devices: FabricFile['devices']
  readonly cables: readonly Cable[]
  readonly demands?: readonly Demand[]
}

export function readFabric(): Fabric {
  const file = parse(readFileSync(new URL('fabric.yaml', ROOT), 'utf8')) as FabricFile
  const configs = Object.entries(file.devices).map(
    ([name, { config }]) => [name, readFileSync(new URL(config, ROOT), 'utf8')] as const,
  )
  return { configs: new Map(configs), devices: file.devices, cables: file.cabling.map(readCable) }
}

function readCable(text: string) {
  const [a = '', b = ''] = text.split(' - ')
  return { a: readEnd(a), b: readEnd(b) }
}

function readEnd(text: string) {
  const colon = text.indexOf(':')
  return { device: text.slice(0, colon), port: text.slice(colon + 1) }
}

/** The switches of a fabric as `converge` takes them; physical are the Ethernet and Management ports of the text. */
export function inputs(fabric: Fabric, down: readonly string[] = []): readonly SwitchInput[] {
  return [...fabric.configs].map(([name, text]) => {
    const { eos, model, serial, mac } = fabric.devices[name] ?? { eos: '', model: '', serial: '', mac: '' }
    const interfaces = [...text.matchAll(/^interface ((?:Ethernet|Management)[\d/]+)$/gm)].map(
      (match) => match[1] ?? '',
    )
    const facts = { model, eos, serial, systemMac: mac, interfaces }
    return { name, config: parseConfig(text), facts, up: !down.includes(name) }
  })
}

/** The fabric with one text of one switch replaced; the text must occur exactly once. */
export function edited(fabric: Fabric, device: string, from: string, to: string): Fabric {
  const text = fabric.configs.get(device) ?? ''
  if (text.split(from).length !== 2) throw new Error(`${device}: ${JSON.stringify(from)} does not occur exactly once`)
  return { ...fabric, configs: new Map(fabric.configs).set(device, text.replace(from, to)) }
}

export function settle(
  fabric: Fabric,
  faults: readonly OperationalFault[] = [],
  at = NOW,
  down: readonly string[] = [],
): NetworkState {
  return converge(inputs(fabric, down), fabric.cables, faults, at, fabric.demands)
}

export function stateOf(network: NetworkState, name: string): SwitchState {
  const state = network.switches.get(name)
  if (state === undefined) throw new Error(`no switch ${name}`)
  return state
}
