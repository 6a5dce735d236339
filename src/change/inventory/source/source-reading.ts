import type { LazyValue } from '../../../model/lazy-value.ts'
import type { Place, Problem } from '../../../model/problem.ts'
import type { TransportKind } from '../../../model/transport-kind.ts'
import type { Roster, RosterHost } from '../../roster/hosts/roster.ts'

/** The variables of a host as they are read: rendered, and decrypted where its vault can be opened. */
export interface SourceValues {
  /** Undefined where there is none of this name. Throws `ValueFault`. */
  get(name: string): LazyValue | undefined
}

/** What a source says of how a host is reached. Each part is undefined where it says nothing. */
export interface SourceConnection {
  /** An address or a name, and where it is written. */
  readonly host?: { readonly text: string; readonly at: Place }
  readonly port?: number
  readonly transport?: TransportKind
  /** The names of the jump hosts on the way. */
  readonly via?: readonly string[]
}

/** What was read of one source, before its hosts become switches. */
export interface SourceReading {
  /** What messages call it: `ansible inventory/`. */
  readonly label: string
  /** Where `inventory.yaml` names it. */
  readonly at: Place
  /** Tag from the variable, by its name or its path with dots. */
  readonly tags: Readonly<Record<string, string>>
  /** The variables that templates may read. */
  readonly vars: 'all' | readonly string[]
  readonly roster: Roster
  /** The names of those hosts that are switches, in the order of the source. */
  readonly chosen: readonly string[]
  /** How hosts are chosen, for the message when none is: `whose ansible_network_os is eos`. */
  readonly rule: string
  /** What to do when none is. */
  readonly hint: string
  readonly valuesOf: (host: RosterHost) => SourceValues
  /** How a host is reached. Throws `ValueFault` for what cannot be rendered or is of no use. */
  readonly connectionOf: (host: RosterHost, values: SourceValues) => SourceConnection
  /** What its reader found worth saying. */
  readonly warnings: readonly Problem[]
}
