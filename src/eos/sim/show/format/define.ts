import type { Json } from '../../../../model/json.ts'
import type { ConfigTree } from '../../../config/text/tree.ts'
import type { SwitchState } from '../../converge/network-state.ts'
import type { SwitchFacts } from '../../platform/facts.ts'

/** Everything a show command may look at. All of it is data: a show command is a pure projection. */
export interface ShowContext {
  readonly name: string
  readonly facts: SwitchFacts
  readonly running: ConfigTree
  /** The converged operational state of this switch. */
  readonly state: SwitchState
  /** Milliseconds since the epoch on the switch's own clock. */
  readonly now: number
  /** When the switch booted, milliseconds since the epoch. */
  readonly bootedAt: number
  /** When each unit of maintenance mode was quiesced or released last, and how long that takes; absent for one that never was. */
  readonly maintenance?: ReadonlyMap<string, { readonly at: number; readonly seconds: number }>
}

/** The words a command's placeholders matched, by placeholder name. */
export type ShowArguments = Readonly<Record<string, string>>

/**
 * One show command. `words` are the full EOS words; `<name>` takes any one word, `[...]` marks an optional group, for
 * example `show interfaces [<interface>] status` or `show bgp summary [vrf <vrf>]`. Without `json` the command is
 * "unconverted" (eAPI error 1003); without `text` the simulator says that it does not print it.
 */
export interface ShowCommand {
  readonly words: string
  /** One sentence: what it shows and where its form was recorded. */
  readonly docs: string
  /** Whether it looks at more than configurations, the network and the second of the clock, so that no answer may be kept. */
  readonly live?: boolean
  /** The words with which the switch refuses to run it (eAPI error 1000), or undefined when it runs. */
  readonly refuse?: (context: ShowContext, args: ShowArguments) => string | undefined
  /** Whether this version has no JSON for it: "unconverted" (eAPI error 1003). */
  readonly unconverted?: (context: ShowContext) => boolean
  /**
   * The JSON model in the revision asked: 1 where a client asks `version: 1`, the newest where it is undefined. A command of
   * which one shape is known gives that one.
   */
  readonly json?: (context: ShowContext, args: ShowArguments, revision?: number) => Json
  readonly text?: (context: ShowContext, args: ShowArguments) => string
}

/** Fixes a show command's shape at its definition. */
export const defineShow = (command: ShowCommand): ShowCommand => Object.freeze(command)
