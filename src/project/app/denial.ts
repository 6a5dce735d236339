import type { EventBody } from '../../change/record/event/event.ts'

/** That somebody was not let do something, as it goes on record. */
export type Denial = Extract<EventBody, { readonly type: 'AccessDenied' }>

/** Puts denials on record. */
export interface Denials {
  put(denial: Denial): Promise<void>
  /** Puts on record at once what still waits for that. */
  close(): Promise<void>
}
