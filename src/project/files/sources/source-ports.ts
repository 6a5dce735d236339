import type { AskedSettings } from '../../../change/inventory/source/source-settings.ts'
import type { Roster } from '../../../change/roster/hosts/roster.ts'
import type { VaultKeys } from '../../../change/roster/vault/vault-keys.ts'
import type { Place, Problem, ValueOrProblems } from '../../../model/problem.ts'
import type { Tree } from '../../../text/source/tree.ts'

/** What a source that has to be asked gave last. */
export interface KeptSource {
  /** What messages call it: `netbox https://netbox.example`. */
  readonly label: string
  readonly roster: Roster
  readonly warnings: readonly Problem[]
}

/** What sources are read with. */
export interface SourcePorts {
  /** The files of the project, and those that a source names outside of it. */
  readonly tree: Tree
  /** The password behind a reference, or why it is not at hand. */
  readonly password: (reference: string) => { readonly secret: string } | { readonly why: string }
  /** What a source gave when it was last asked. `at`: where `inventory.yaml` names it. */
  readonly kept: (settings: AskedSettings, at: Place) => ValueOrProblems<KeptSource>
  /** Hears every secret of a source, before anybody else. */
  readonly secret: (value: string) => void
  /** Hears at once every secret that a source holds, also those that nobody reads. Absent: a vault value is opened when it is read. */
  readonly known?: (value: string) => void
  /** The keys that were made of passwords of vaults by now. */
  readonly keys: VaultKeys
}
