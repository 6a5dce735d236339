import type { Principal } from '../../model/principal.ts'
import type { ArtefactRef } from '../artefact-ref.ts'

/** The body of a record about the files of a project that workers use. */
export type BundleEventBody =
  /** Somebody has published the files of a project (docs/bundles.md). The newest record says which policy, inventory and trusted keys are in force. */
  {
    readonly type: 'BundlePublished'
    /** Its digest: of the list of its files, each with the digest of its content. */
    readonly bundle: string
    /** The list, with the artefact of each file. */
    readonly manifest: ArtefactRef
    /** How many files it has. */
    readonly files: number
    /** The version of eosflow that has validated them. */
    readonly version: string
    readonly principal: Principal
    readonly reason?: string
    /** The digest of the bundle before it. */
    readonly before?: string
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    readonly rules?: readonly string[]
    readonly policy?: string
  }
