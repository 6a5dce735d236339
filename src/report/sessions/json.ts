import { errorRecord } from '../../model/error.ts'
import type { SwitchCollection, SwitchSessions } from './sessions.ts'

/** The config sessions of switches as one document, version 1. */
export function sessionsJson(listed: readonly SwitchSessions[]): string {
  const devices = listed.map((one) =>
    'failure' in one ? unread(one) : { name: one.device, places: one.places, sessions: one.sessions },
  )
  return JSON.stringify({ version: 1, kind: 'sessions', devices })
}

/** What garbage collection did as one document, version 1. */
export function collectedJson(done: readonly SwitchCollection[]): string {
  const devices = done.map((one) =>
    'failure' in one ? unread(one) : { name: one.device, sessions: one.removed, kept: one.kept },
  )
  return JSON.stringify({ version: 1, kind: 'sessions-gc', devices })
}

function unread({ device, failure }: { readonly device: string; readonly failure: unknown }): object {
  return { name: device, error: errorRecord(failure) }
}
