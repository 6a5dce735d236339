import { type EventBody, eventTypes } from './event.ts'
import type { EventCode, EventType } from './record-schema.ts'

export type { EventCode } from './record-schema.ts'

/** How what an event is about came out (docs/audit.md#codes). */
export type AuditOutcome = 'ok' | 'denied' | 'failed' | 'unknown'

const CODE_OF: ReadonlyMap<string, EventType['code']> = new Map(eventTypes.map(({ type, code }) => [type, code]))

const DENIED: readonly EventCode[] = ['EF304E', 'EF306E', 'EF307E', 'EF502E', 'EF510E']
const UNKNOWN: readonly EventCode[] = ['EF118E', 'EF404E', 'EF409E', 'EF426E']

export function eventCode(event: EventBody): EventCode {
  const code = CODE_OF.get(event.type)
  return typeof code === 'string' ? code : (code?.codes[code.of(event as never)] as EventCode)
}

export function outcomeOf(code: EventCode): AuditOutcome {
  if (DENIED.includes(code)) return 'denied'
  if (UNKNOWN.includes(code)) return 'unknown'
  return code.endsWith('E') ? 'failed' : 'ok'
}

export function allCodes(): readonly { readonly code: EventCode; readonly type: string; readonly when: string }[] {
  return [...CODE_OF].flatMap(([type, code]) =>
    typeof code === 'string'
      ? [{ code, type, when: '' }]
      : Object.entries(code.codes).map(([when, one]) => ({ code: one, type, when })),
  )
}
