import type { KnownForm } from '../../config/guard/guard.ts'
import type { SwitchFacts } from '../platform/facts.ts'
import type { RecordedOutput } from '../platform/recorded-output.ts'
import type { Behaviour } from './behaviour.ts'

/** What a simulated switch starts from. */
export interface SwitchOptions {
  readonly name: string
  readonly facts: SwitchFacts
  /** The text of its running-config. */
  readonly config: string
  /** The text of its startup-config; the running-config without it. */
  readonly startup?: string
  /** A login that works whatever the configuration says. */
  readonly credentials: { readonly username: string; readonly password: string }
  /** The privilege level that login starts with: 15 needs no `enable`. */
  readonly privilege: 1 | 15
  /** What `enable` asks that login for; without it `enable` asks nothing. */
  readonly enableSecret?: string
  /** Keeps the order of lines and adds nothing, for texts that no switch printed. */
  readonly verbatim: boolean
  /** What happens to a configuration line that no rule knows. A first word that EOS does not have is always refused. */
  readonly unknownLines: 'accept' | 'refuse'
  /** Forms of lines that it takes whatever is known of them. */
  readonly vouched: readonly KnownForm[]
  /** Whether eAPI answers whatever the configuration says about management. */
  readonly managementOutside: boolean
  readonly behaviour: Behaviour
  /** Outputs that stand in place of computed ones, by command. */
  readonly recorded?: ReadonlyMap<string, RecordedOutput>
  /** How long it has been up when it starts. */
  readonly uptimeSeconds: number
}
