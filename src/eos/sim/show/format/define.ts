import type { Json, JsonObject } from '../../../../model/json.ts'
import { type ConfigTree, hasChild } from '../../../config/text/tree.ts'
import { expandNames } from '../../converge/interface-name.ts'
import type { InterfaceState, SwitchState } from '../../converge/network-state.ts'
import type { BgpVrfState } from '../../converge/routing-state.ts'
import type { SwitchFacts } from '../../platform/facts.ts'
import { macAfter } from './text-format.ts'

/** Which routing stack a switch runs: it decides the shapes of BGP's JSON (docs/eos.md 7.2). */
export function protocolModel({ running }: ShowContext): 'ribd' | 'multi-agent' {
  return hasChild(running, 'service routing protocols model multi-agent') ? 'multi-agent' : 'ribd'
}

export function macOf(state: InterfaceState, facts: SwitchFacts): string {
  const port = state.kind === 'portChannel' ? state.members[0] : state.name
  if (state.kind === 'management') return macAfter(facts.systemMac, -1)
  if (state.mode === 'routed' || port === undefined) return facts.systemMac
  return macAfter(facts.systemMac, 1 + Math.max(0, facts.interfaces.indexOf(port)))
}

/** Seconds over which rates are counted: `load-interval default`, else 300. */
export function loadInterval(running: ConfigTree): number {
  const line = running.children.find((node) => node.line.startsWith('load-interval default '))?.line
  return Number(line?.split(' ')[2] ?? 300)
}

// The words with which EOS refuses an interface that is not there (observed: `show interface vxlan1` on a spine).
const NO_SUCH_INTERFACE = 'Interface does not exist'

/** The interfaces an `<interface>` argument names: `Ethernet1`, `et1`, `Ethernet1-4,7`, `Port-Channel1`; all without one. */
export function selectedInterfaces(context: ShowContext, args: ShowArguments): readonly InterfaceState[] | undefined {
  const { interfaces } = context.state
  const typed = args.interface
  if (typed === undefined) return [...interfaces.values()]
  const names = expandNames(typed)
  const found = [...interfaces.values()].filter((state) => names?.has(state.name))
  return names !== undefined && found.length === names.size ? found : undefined
}

export function refuseUnknownInterface(context: ShowContext, args: ShowArguments): string | undefined {
  return selectedInterfaces(context, args) === undefined ? NO_SUCH_INTERFACE : undefined
}

/** The VRFs a `<vrf>` argument names: one, `all`, or `default` without one. */
export function selectedVrfs<T>(all: ReadonlyMap<string, T>, args: ShowArguments): readonly (readonly [string, T])[] {
  const vrf = args.vrf ?? 'default'
  return [...all].filter(([name]) => vrf === 'all' || name === vrf)
}

/** An object of an answer: what `entry` names and tells of each. */
export function objectOf<T, V>(
  all: Iterable<T>,
  entry: (one: T, at: number) => readonly [string, V],
): Record<string, V> {
  return Object.fromEntries(Array.from(all, entry))
}

export function refuseUnknownVrf(context: ShowContext, args: ShowArguments): string | undefined {
  const vrf = args.vrf
  const known = vrf === undefined || vrf === 'all' || context.state.vrfs.has(vrf)
  return known ? undefined : `VRF ${vrf} does not exist`
}

type Said = Pick<ShowCommand, 'words' | 'docs' | 'unconverted'>

interface InterfaceShow extends Said {
  readonly of?: (state: InterfaceState) => boolean
  readonly member?: string
  readonly json: (state: InterfaceState, context: ShowContext) => JsonObject
  readonly text?: (states: readonly InterfaceState[], context: ShowContext) => string
}

/** A command that shows interfaces: those that `<interface>` names, or all, as far as `of` takes them. */
export function interfaceShow({
  of = () => true,
  member = 'interfaces',
  json,
  text,
  ...said
}: InterfaceShow): ShowCommand {
  const shown = (context: ShowContext, args: ShowArguments) => (selectedInterfaces(context, args) ?? []).filter(of)
  return defineShow({
    ...said,
    refuse: refuseUnknownInterface,
    json: (context, args) => ({
      [member]: objectOf(shown(context, args), (state) => [state.name, json(state, context)]),
    }),
    text: text && ((context, args) => text(shown(context, args), context)),
  })
}

interface BgpShow extends Said {
  readonly json: (vrf: BgpVrfState, context: ShowContext, args: ShowArguments) => JsonObject
  readonly text?: (vrf: BgpVrfState, context: ShowContext, args: ShowArguments) => readonly string[]
}

/** A command that shows what each VRF has of BGP. */
export function bgpShow({ json, text, ...said }: BgpShow): ShowCommand {
  return defineShow({
    ...said,
    refuse: refuseUnknownVrf,
    json: (context, args) => ({
      vrfs: objectOf(selectedVrfs(context.state.bgp, args), ([name, vrf]) => [name, json(vrf, context, args)]),
    }),
    text:
      text &&
      ((context, args) =>
        selectedVrfs(context.state.bgp, args)
          .flatMap(([, vrf]) => text(vrf, context, args))
          .join('\n')),
  })
}

export interface ShowContext {
  readonly name: string
  readonly facts: SwitchFacts
  readonly running: ConfigTree
  readonly state: SwitchState
  /** Milliseconds since the epoch on the switch's own clock. */
  readonly now: number
  /** When the switch booted, milliseconds since the epoch. */
  readonly bootedAt: number
  /** When each unit of maintenance mode was quiesced or released last, and how long that takes; absent for one that never was. */
  readonly maintenance?: ReadonlyMap<string, { readonly at: number; readonly seconds: number }>
}

export type ShowArguments = Readonly<Record<string, string>>

/** `words` are the full EOS words; `<name>` takes any one word, `[...]` marks an optional group, for example `show interfaces [<interface>] status` or `show bgp summary [vrf <vrf>]`. */
export interface ShowCommand {
  readonly words: string
  readonly docs: string
  /** Whether it looks at more than configurations, the network and the second of the clock, so that no answer may be kept. */
  readonly live?: boolean
  /** The words with which the switch refuses to run it (eAPI error 1000), or undefined when it runs. */
  readonly refuse?: (context: ShowContext, args: ShowArguments) => string | undefined
  /** Whether this version has no JSON for it: "unconverted" (eAPI error 1003). */
  readonly unconverted?: (context: ShowContext) => boolean
  /** The JSON model in the revision asked: 1 where a client asks `version: 1`, the newest where it is undefined. */
  readonly json?: (context: ShowContext, args: ShowArguments, revision?: number) => Json
  readonly text?: ((context: ShowContext, args: ShowArguments) => string) | undefined
}

export const defineShow = (command: ShowCommand): ShowCommand => Object.freeze(command)
