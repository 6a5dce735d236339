import { type Proof, proofOf } from '../../../change/policy/approval-case.ts'
import type { EventOf, JournalEvent } from '../../../change/record/event/event.ts'
import { transitionsOf } from '../../../change/record/transitions.ts'
import { definedMembers } from '../../../model/json.ts'
import type { ProbeReading } from '../../../model/probe.ts'
import { type ProbeResult, resultOf } from '../../../report/phrases/disruption.ts'

/** What one record says that is counted: a label is a word of the record, a duration is in seconds by the controller's clock. */
export type CountedEvent =
  | { readonly of: 'execution'; readonly workflow: string; readonly outcome: string; readonly seconds: number }
  | { readonly of: 'state'; readonly state: string; readonly result: StateResult; readonly seconds: number }
  | { readonly of: 'retry'; readonly error: string }
  | { readonly of: 'rollback'; readonly reason: string }
  | { readonly of: 'network'; readonly network: string }
  /** `seconds`: for how long it was cut off at most. */
  | { readonly of: 'probe'; readonly result: ProbeResult; readonly seconds: number }
  | { readonly of: 'approval'; readonly decision: string; readonly proof: Proof | 'none' }
  | { readonly of: 'approval-wait'; readonly seconds: number }
  | { readonly of: 'denied'; readonly action: string; readonly times: number }
  | { readonly of: 'break-glass' }
  | {
      readonly of: 'compared'
      readonly differs: readonly string[]
      readonly same: readonly string[]
      readonly unconfirmed?: readonly string[]
    }
  /** Switches that are compared with this change from now on. */
  | { readonly of: 'confirmed'; readonly names: readonly string[] }
  | { readonly of: 'schedule'; readonly schedule: string; readonly change: 'loaded' | 'removed' }
  | { readonly of: 'missed'; readonly schedule: string; readonly times: number }
  /** `at`: seconds since the epoch. */
  | { readonly of: 'done'; readonly schedule: string; readonly at: number }

type StateResult = 'ok' | 'caught' | 'failed' | 'aborted'

interface Begun {
  readonly workflow: string
  // When it was started or redriven last, milliseconds since the epoch.
  since: number
  readonly states: Map<string, number>
}

/** Counts what is on record, one record after the other from the first. It depends on the records alone, so that after a restart the same numbers come out. */
export class RecordCounts {
  readonly #begun = new Map<string, Begun>()
  readonly #asked = new Map<string, number>()

  heed(event: JournalEvent): readonly CountedEvent[] {
    return transitionsOf(event).flatMap((one) => this.#counted(one))
  }

  #counted(event: JournalEvent): readonly CountedEvent[] {
    const at = Date.parse(event.at)
    const { execution = '' } = event
    const begun = this.#begun.get(execution)
    switch (event.type) {
      case 'ExecutionStarted':
        this.#begun.set(execution, { workflow: event.workflow, since: at, states: new Map() })
        return []
      case 'ExecutionRedriven':
        if (begun !== undefined) begun.since = at
        return []
      case 'ExecutionEnded':
        if (begun === undefined) return confirmed(event)
        begun.states.clear()
        return [
          { of: 'execution', workflow: begun.workflow, outcome: event.outcome, seconds: seconds(begun.since, at) },
          ...confirmed(event),
        ]
      case 'StateEntered':
        begun?.states.set(placeOf(event), at)
        return []
      case 'StateExited':
        return left(begun, event, at, event.caught === undefined ? 'ok' : 'caught')
      case 'StateFailed':
        return left(begun, event, at, 'failed')
      case 'StateAborted':
        return left(begun, event, at, 'aborted')
      case 'RetryScheduled':
        return [{ of: 'retry', error: event.error.kind }]
      case 'CompensationStarted':
        return [{ of: 'rollback', reason: event.reason }]
      case 'NetworkRead':
        return [{ of: 'network', network: event.network }]
      case 'ProbesMeasured':
        return event.phase === 'ended' ? event.probes.map(probed) : []
      default:
        return this.#decided(event, at)
    }
  }

  #decided(event: JournalEvent, at: number): readonly CountedEvent[] {
    switch (event.type) {
      case 'ApprovalRequested':
        if (!this.#asked.has(event.plan)) this.#asked.set(event.plan, at)
        return []
      case 'ApprovalDecided': {
        const { plan, decision } = event.statement
        const asked = this.#asked.get(plan)
        this.#asked.delete(plan)
        const proof = proofOf(event.signature) ?? 'none'
        const counted: CountedEvent = { of: 'approval', decision, proof }
        return asked === undefined ? [counted] : [counted, { of: 'approval-wait', seconds: seconds(asked, at) }]
      }
      case 'AccessDenied':
        return [{ of: 'denied', action: event.needs, times: 1 + (event.leftOut ?? 0) }]
      case 'BreakGlassUsed':
        return [{ of: 'break-glass' }]
      case 'DriftCompared':
        return [
          {
            of: 'compared',
            differs: event.differs,
            same: event.same,
            ...definedMembers({ unconfirmed: event.unconfirmed }),
          },
        ]
      default:
        return scheduled(event, at)
    }
  }
}

function probed(reading: ProbeReading): CountedEvent {
  const result = resultOf(reading)
  return { of: 'probe', result, seconds: result === 'cut' ? reading.gone.most / 1000 : 0 }
}

function confirmed({ devices }: Extract<JournalEvent, { readonly type: 'ExecutionEnded' }>): readonly CountedEvent[] {
  const names = Object.entries(devices).flatMap(([name, end]) => (end === 'changed' ? [name] : []))
  return names.length === 0 ? [] : [{ of: 'confirmed', names }]
}

function scheduled(event: JournalEvent, at: number): readonly CountedEvent[] {
  switch (event.type) {
    case 'ScheduleChanged': {
      const { schedule, change } = event
      return change === 'loaded' || change === 'removed' ? [{ of: 'schedule', schedule, change }] : []
    }
    case 'ScheduleMissed':
      return [{ of: 'missed', schedule: event.schedule, times: event.instants.length }]
    case 'ScheduleFinished':
      return event.outcome === 'ok' ? [{ of: 'done', schedule: event.schedule, at: at / 1000 }] : []
    default:
      return []
  }
}

type Scoped = Pick<EventOf<'StateEntered'>, 'path' | 'state'>

const placeOf = ({ path, state }: Scoped) => `${path} ${state}`

function left(begun: Begun | undefined, event: Scoped, at: number, result: StateResult): readonly CountedEvent[] {
  const entered = begun?.states.get(placeOf(event))
  begun?.states.delete(placeOf(event))
  return entered === undefined ? [] : [{ of: 'state', state: event.state, result, seconds: seconds(entered, at) }]
}

function seconds(from: number, to: number) {
  return Math.max(0, to - from) / 1000
}
