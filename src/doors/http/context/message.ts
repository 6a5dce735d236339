import type { NoteChange } from '../../../change/record/store/sealed-notes.ts'
import type { Pulse } from '../../../change/task/act/pulse.ts'
import type { Principal } from '../../../model/principal.ts'
import type { FrontMeasurement } from '../metrics/front-measures.ts'
import type { ActName } from '../request/act-input.ts'
import type { RequestFault } from '../request/readable.ts'

export interface Asker {
  readonly principal: Principal
  readonly token?: string
  readonly lacks?: string
  readonly trace?: string
}

interface ActMessage {
  readonly kind: 'act'
  readonly id: number
  readonly act: ActName
  readonly asker: Asker
  readonly input: unknown
}

export type ActReply =
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly fault: RequestFault }

export type FrontMessage =
  | ActMessage
  /** What it keeps for a while, which the main thread writes. */
  | { readonly kind: 'notes'; readonly id: number; readonly of: string; readonly change: NoteChange }
  /** It listens on this port. */
  | { readonly kind: 'listening'; readonly port: number; readonly origin: string }
  /** A link for the local user, for the terminal alone. */
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'note'; readonly text: string }
  | FrontMeasurement
  /** It cannot listen. */
  | { readonly kind: 'unable'; readonly fault: RequestFault }

export type EngineMessage =
  | ActReply
  /** It takes nothing new, and says goodbye to whoever watches. */
  | { readonly kind: 'ending' }
  /** A verification has said something that is not on record. */
  | { readonly kind: 'pulse'; readonly execution: string; readonly pulse: Pulse }
  /** It ends. */
  | { readonly kind: 'close' }

export interface Acts {
  /** Throws what it throws there, as a {@link Refusal}. */
  ask(act: ActName, asker: Asker, input: unknown): Promise<unknown>
}
