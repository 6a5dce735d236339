import { existsSync, readdirSync } from 'node:fs'
import { expect } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { converge } from '../../../src/eos/sim/converge/converge.ts'
import type { NetworkState } from '../../../src/eos/sim/converge/network-state.ts'
import type { Cable } from '../../../src/eos/sim/platform/facts.ts'
import type { ShowArguments, ShowContext } from '../../../src/eos/sim/show/format/define.ts'
import { SHOW_COMMANDS } from '../../../src/eos/sim/show/registry.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../src/model/json.ts'
import { recordings } from '../../recordings.ts'
import { dedented } from '../../table.ts'
import { type Fabric, inputs, NOW, stateOf } from './converge-fabric.ts'
import { simulate } from './simulate.ts'

/** The lines of a configuration, or its text, as deep as it stands in a test. */
type Config = string | readonly string[]

/** Switches r1, r2 ... in a row: Ethernet2 of each leads to Ethernet1 of the next. */
export function row(eos: string, ...configs: readonly Config[]) {
  return rowWithCables(eos, configs, [])
}

/** The same with more cables. */
export function rowWithCables(eos: string, configs: readonly Config[], more: readonly Cable[]) {
  const inputs = configs.map((lines, at) => {
    const interfaces = ['Ethernet1', 'Ethernet2', 'Management1']
    const facts = { model: 'vEOS', eos, serial: '', systemMac: `00:1c:73:00:00:0${at + 1}`, interfaces }
    return {
      name: `r${at + 1}`,
      config: parseConfig(typeof lines === 'string' ? dedented(lines) : `${lines.join('\n')}\n`),
      facts,
      up: true,
    }
  })
  const cables = inputs.slice(1).map((_, at) => ({
    a: { device: `r${at + 1}`, port: 'Ethernet2' },
    b: { device: `r${at + 2}`, port: 'Ethernet1' },
  }))
  const { switches } = converge(inputs, [...cables, ...more], [], NOW)
  return (name: string, command: string, args: Readonly<Record<string, string>> = {}) => {
    const [input, state] = [inputs.find((one) => one.name === name), switches.get(name)]
    const show = SHOW_COMMANDS.find(({ words }) => plainName(words) === command)
    if (input === undefined || state === undefined || show === undefined) throw new Error(`${name}: ${command}`)
    const context = { name, facts: input.facts, running: input.config, state, now: NOW, bootedAt: BOOTED }
    return { json: show.json?.(context, args) ?? null, text: show.text?.(context, args) ?? '' }
  }
}

/** What is at a path of an answer. */
export function valueAt(json: Json, ...path: readonly string[]): Json | undefined {
  let here: Json | undefined = json
  for (const key of path) {
    if (Array.isArray(here)) here = here[Number(key)]
    else here = isJsonObject(here) ? here[key] : undefined
  }
  return here
}

/** The block of a routed port. */
export const routed = (port: string, ...lines: readonly string[]) => [
  `interface ${port}`,
  ...['no switchport', ...lines].map((line) => `   ${line}`),
  '!',
]
/** A block of a configuration: its head, and its lines. */
export const block = (head: string, ...lines: readonly string[]) => [head, ...lines.map((line) => `   ${line}`), '!']

/** When the switches of these tests booted: nine days, one hour and 23 minutes before `NOW`. */
export const BOOTED = NOW - ((9 * 24 + 1) * 60 + 23) * 60_000

export function contextOf(fabric: Fabric, network: NetworkState, name: string): ShowContext {
  const input = inputs(fabric).find((candidate) => candidate.name === name)
  if (input === undefined) throw new Error(`no switch ${name}`)
  return { name, facts: input.facts, running: input.config, state: stateOf(network, name), now: NOW, bootedAt: BOOTED }
}

/** The widest arguments a command takes, so that it shows all it can. */
export function widest(words: string): ShowArguments {
  if (words.includes('<number>')) return { number: '1' }
  if (words.startsWith('show ip bgp [<filter')) return { filter: 'vrf all detail' }
  if (words.includes(' <address> ')) return { address: '10.0.1.0', vrf: 'default' }
  return words.includes('<vrf>') ? { vrf: 'all' } : {}
}

/** Both forms of every show command of one switch, by its words. */
export function projections(context: ShowContext): ReadonlyMap<string, Json | undefined> {
  return new Map(
    SHOW_COMMANDS.map((command) => {
      const args = widest(command.words)
      const json = command.json?.(context, args) ?? null
      return [plainName(command.words), [json, command.text?.(context, args) ?? null]]
    }),
  )
}

/** A command without its arguments: `show bgp summary [vrf <vrf>]` is `show bgp summary`, of a choice the first word. */
export function plainName(words: string): string {
  return words
    .replace(/\(([^|)]*)[^)]*\)/g, '$1')
    .replace(/\[[^\]]*\]|<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

const SNAPSHOTS = recordings('eos-corpus/device-snapshots/')

/** What there is to compare in a lab: switches, BGP sessions with both ends, BGP routes of the default VRF, EVPN routes. */
export interface LabCounts {
  readonly switches: number
  readonly sessions: number
  readonly routes: number
  readonly evpn: number
}

/** As counted in the recordings. A lab that is not here was recorded by others: nothing is known of its numbers. */
const COUNTED: Readonly<Record<string, LabCounts>> = {
  cv_demo_base_panos: { switches: 6, sessions: 16, routes: 58, evpn: 0 },
  eos_bgp_aggregate: { switches: 2, sessions: 2, routes: 2, evpn: 0 },
  eos_bgp_weight_behavior_ribd: { switches: 2, sessions: 0, routes: 0, evpn: 0 },
  eos_ceos_ebgp: { switches: 2, sessions: 2, routes: 2, evpn: 0 },
  eos_evpn_l3_design_guide_vlan_based: { switches: 9, sessions: 62, routes: 296, evpn: 912 },
  eos_ibgp_local_preference: { switches: 2, sessions: 2, routes: 4, evpn: 0 },
  eos_iosxe_aws_demo: { switches: 6, sessions: 16, routes: 52, evpn: 0 },
  eos_ospf_bgp: { switches: 2, sessions: 2, routes: 0, evpn: 0 },
  eos_rm_undefined_continue: { switches: 4, sessions: 6, routes: 3, evpn: 0 },
}

/** The files of the snapshots, and the labs that they are of. */
const files = existsSync(SNAPSHOTS) ? readdirSync(SNAPSHOTS) : []
const names = [...new Set(files.map((file) => file.split('__')[0] ?? ''))]
const known = names.filter((name) => name in COUNTED)

/** Whether the folder that is read has only labs that were counted. */
export const allCounted = known.length === names.length

/** What the folder that is read has. */
export const read = { labs: names.length, switches: files.length }

/** Compares how many of something were looked at: as many as were counted, or more where there are other labs, too. */
export function expectCount(found: number, what: keyof LabCounts): void {
  const counted = known.reduce((sum, name) => sum + (COUNTED[name]?.[what] ?? 0), 0)
  if (allCounted) expect(found).toBe(counted)
  else expect(found).toBeGreaterThanOrEqual(counted)
}

/** Compares outcomes, of which each says `same` or what differs: all the same, or 98 percent where there are other labs, too. */
export function expectSame(outcome: readonly string[]): void {
  const different = outcome.filter((line) => line !== 'same')
  if (allCounted) expect(different).toEqual([])
  else expect(different.length, different.slice(0, 40).join('\n')).toBeLessThanOrEqual(outcome.length * 0.02)
}

/** A switch that boots a text as it is; what it shows as text and as JSON. */
export async function shown(config: string): Promise<{ readonly text: string; readonly json: JsonObject }> {
  const { json, text } = simulate(config, { verbatim: true, managementOutside: true })
  const answer = (await json('show running-config')).result?.[1]
  return { text: await text('show running-config'), json: answer as JsonObject }
}

/** The JSON form as a configuration: a key is a line, or a line with the texts it was fed, three blanks deeper per block. */
export function asConfig({ cmds, comments }: JsonObject, depth = 0): string {
  const indent = ' '.repeat(3 * depth)
  const remarks = (Array.isArray(comments) ? comments : []).map((remark: Json) =>
    `${indent}!! ${String(remark)}`.trimEnd(),
  )
  const lines = Object.entries(isJsonObject(cmds) ? cmds : {}).flatMap(([command, block]) => {
    const [line = '', ...fed] = command.split('\n')
    const inner = isJsonObject(block) ? [asConfig(block, depth + 1)].filter((text) => text !== '') : []
    return [indent + line, ...fed, ...inner]
  })
  return [...remarks, ...lines].join('\n')
}

/** The commands of a text without their depth. */
export function linesOf(config: string): ReadonlySet<string> {
  const lines = config.split('\n').map((line) => line.trim())
  return new Set(lines.filter((line) => line !== '' && !line.startsWith('!') && line !== 'end'))
}
