import type { KnownForm } from '../../config/guard/guard.ts'
import type { RecordedOutput, SwitchFacts } from '../platform/facts.ts'
import type { Behaviour } from './behaviour.ts'

export interface SwitchOptions {
  readonly name: string
  readonly facts: SwitchFacts
  readonly config: string
  readonly startup?: string
  readonly credentials: { readonly username: string; readonly password: string }
  readonly privilege: 1 | 15
  readonly enableSecret?: string
  readonly verbatim: boolean
  /** A first word that EOS does not have is always refused. */
  readonly unknownLines: 'accept' | 'refuse'
  readonly vouched: readonly KnownForm[]
  readonly managementOutside: boolean
  readonly behaviour: Behaviour
  readonly recorded?: ReadonlyMap<string, RecordedOutput>
  readonly uptimeSeconds: number
}
