import type { LazyValue } from '../../../model/lazy-value.ts'
import type { Place, Problem } from '../../../model/problem.ts'
import type { TransportKind } from '../../../model/transport-kind.ts'
import type { Roster, RosterHost } from '../../roster/hosts/roster.ts'

export interface SourceValues {
  /** Throws `ValueFault`. */
  get(name: string): LazyValue | undefined
}

export interface SourceConnection {
  readonly host?: { readonly text: string; readonly at: Place }
  readonly port?: number
  readonly transport?: TransportKind
  readonly via?: readonly string[]
}

export interface SourceReading {
  readonly label: string
  readonly at: Place
  readonly tags: Readonly<Record<string, string>>
  readonly vars: 'all' | readonly string[]
  readonly roster: Roster
  /** The names of those hosts that are switches, in the order of the source. */
  readonly chosen: readonly string[]
  /** How hosts are chosen, for the message when none is: `whose ansible_network_os is eos`. */
  readonly rule: string
  readonly hint: string
  readonly valuesOf: (host: RosterHost) => SourceValues
  /** Throws `ValueFault` for what cannot be rendered or is of no use. */
  readonly connectionOf: (host: RosterHost, values: SourceValues) => SourceConnection
  readonly warnings: readonly Problem[]
}
