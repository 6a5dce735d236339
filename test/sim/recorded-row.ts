import { parseConfig } from '../../src/config/parse.ts'
import { isJsonObject, type Json } from '../../src/model/json.ts'
import { converge } from '../../src/sim/converge/converge.ts'
import type { SwitchInput } from '../../src/sim/converge/read-switch.ts'
import type { Cable } from '../../src/sim/facts.ts'
import { SHOW_COMMANDS } from '../../src/sim/show/registry.ts'
import { NOW } from './converge-fabric.ts'
import { BOOTED, plainName } from './show-projections.ts'

/** Switches r1, r2 ... in a row: Ethernet2 of each leads to Ethernet1 of the next. */
export function row(eos: string, ...configs: readonly (readonly string[])[]) {
  return rowWithCables(eos, configs, [])
}

/** The same with more cables. */
export function rowWithCables(eos: string, configs: readonly (readonly string[])[], more: readonly Cable[]) {
  const inputs = configs.map((lines, at): SwitchInput => {
    const interfaces = ['Ethernet1', 'Ethernet2', 'Management1']
    const facts = { model: 'vEOS', eos, serial: '', systemMac: `00:1c:73:00:00:0${at + 1}`, interfaces }
    return { name: `r${at + 1}`, config: parseConfig(`${lines.join('\n')}\n`), facts, up: true }
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
