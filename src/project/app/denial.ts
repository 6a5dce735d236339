import type { EventBody } from '../../change/record/event/event.ts'

export type Denial = Extract<EventBody, { readonly type: 'AccessDenied' }>

export interface Denials {
  put(denial: Denial): Promise<void>
  close(): Promise<void>
}
