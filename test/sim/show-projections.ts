import type { Json } from '../../src/model/json.ts'
import type { NetworkState } from '../../src/sim/converge/network-state.ts'
import type { ShowArguments, ShowContext } from '../../src/sim/show/define.ts'
import { SHOW_COMMANDS } from '../../src/sim/show/registry.ts'
import { type Fabric, inputs, NOW, stateOf } from './converge-fabric.ts'

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
