import type { ExecutionSummary } from '../../../change/record/store/store.ts'
import { sessionPrefix } from '../../../change/task/act/session-name.ts'
import type { SessionOwner } from '../../../report/sessions/formats.ts'

// How long an execution that has not ended may be silent before it counts as dead, in milliseconds. A session is pending only between a
// request and the next one, and each of them is on record and gives up after two minutes.
const SILENCE = 10 * 60_000

export function isOfEosflow(session: string): boolean {
  return /^eosflow-[0-9a-f]{8}-(?:own)?\d+$/.test(session)
}

/** `now` in milliseconds since the epoch. */
export function whose(session: string, executions: readonly ExecutionSummary[], now: number): SessionOwner {
  const own = executions.find(({ id }) => session.startsWith(sessionPrefix(id)))
  if (own !== undefined) {
    if (own.last.type === 'ExecutionEnded') return { kind: 'ours', execution: own.id, running: false, ended: true }
    return { kind: 'ours', execution: own.id, running: now - Date.parse(own.last.at) < SILENCE }
  }
  return { kind: isOfEosflow(session) ? 'eosflow' : 'foreign' }
}

// Seconds or finer since the epoch, at the end of a name: `ansible_<ms>`, `napalm_<us>`, `scrapli_cfg_<s>` (docs/eos.md 2.6).
const TIMED = /^(?:ansible|napalm|scrapli_cfg)_(\d{10})(?:\d{3}|\d{6})?$/

/** When a foreign session was made, where its name tells it; milliseconds since the epoch. */
export function timeInName(session: string): number | undefined {
  const seconds = TIMED.exec(session)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}
