import type { Tree } from '../../source/tree.ts'

/** What sources are read with. */
export interface SourcePorts {
  /** The files of the project, and those that a source names outside of it. */
  readonly tree: Tree
  /** The password behind a reference, or why it is not at hand. */
  readonly password: (reference: string) => { readonly secret: string } | { readonly why: string }
  /** Hears every secret of a source, before anybody else. */
  readonly secret: (value: string) => void
}
