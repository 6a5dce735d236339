import type { ArtefactRef } from '../artefact-ref.ts'

/** The body of a record about an event of a system outside. */
export type OutsideEventBody =
  /** A system outside has sent an event that is its own: its signature, its token or its certificate is good. */
  | {
      readonly type: 'EventReceived'
      /** Who has sent it, by its name in the settings; the execution that the event begins has the key `hook:NAME:EVENT`. */
      readonly hook: string
      /** Its name among the events of its sender. */
      readonly event: string
      readonly address: string
      /** The body, without secrets. */
      readonly body: ArtefactRef
      /** What its sender calls events of this kind. */
      readonly kind?: string
      readonly source?: string
      /** Why it makes nothing; absent where it may. */
      readonly ignored?: string
    }
  /** Something was sent to where events come in, and not taken. Nothing has begun. */
  | {
      readonly type: 'EventRefused'
      readonly hook: string
      readonly reason: string
      readonly address: string
      /** The event and its body; absent where nobody knows who has sent it. */
      readonly event?: string
      readonly body?: ArtefactRef
      /** How many other refusals of this address, of the minute before, a server has left out. */
      readonly leftOut?: number
    }
