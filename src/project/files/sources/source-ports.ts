import type { AskedSettings } from '../../../change/inventory/source/source-settings.ts'
import type { Roster } from '../../../change/roster/hosts/roster.ts'
import type { VaultKeys } from '../../../change/roster/vault/decrypt-vault.ts'
import type { Place, Problem, ValueOrProblems } from '../../../model/problem.ts'
import type { Tree } from '../../../text/source/tree.ts'

export interface KeptSource {
  readonly label: string
  readonly roster: Roster
  readonly warnings: readonly Problem[]
}

export interface SourcePorts {
  readonly tree: Tree
  /** The password behind a reference, or why it is not at hand. */
  readonly password: (reference: string) => { readonly secret: string } | { readonly why: string }
  /** `at`: where `inventory.yaml` names it. */
  readonly kept: (settings: AskedSettings, at: Place) => ValueOrProblems<KeptSource>
  readonly secret: (value: string) => void
  /** Hears at once every secret that a source holds, also those that nobody reads. */
  readonly known?: (value: string) => void
  readonly keys: VaultKeys
}
