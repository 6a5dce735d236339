import type { Json } from '../../../../model/json.ts'
import type { ConfigTree } from '../../../config/text/tree.ts'
import type { SwitchState } from '../../converge/network-state.ts'
import type { SwitchFacts } from '../../platform/facts.ts'

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
  readonly text?: (context: ShowContext, args: ShowArguments) => string
}

export const defineShow = (command: ShowCommand): ShowCommand => Object.freeze(command)
