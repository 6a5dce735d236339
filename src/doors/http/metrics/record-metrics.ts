import { Registry } from 'prom-client'
import { metricsIn } from './metrics-in.ts'
import type { CountedEvent } from './record-counts.ts'

// In seconds: a plan takes seconds, a change with a soak minutes, one that waits for a person hours.
const EXECUTION_BUCKETS = [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14_400, 86_400]
const STATE_BUCKETS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600]
const WAIT_BUCKETS = [60, 300, 900, 1800, 3600, 14_400, 28_800, 86_400]

export class RecordMetrics {
  readonly registry = new Registry()
  readonly #make = metricsIn(this.registry)
  readonly #records = this.#make.gauge(
    'eosflow_journal_records',
    'How many records the store has that were counted here.',
  )
  readonly #executions = this.#make.counter(
    'eosflow_executions_total',
    'Executions that have ended, by workflow and outcome. A redriven one ends more than once.',
    'workflow',
    'outcome',
  )
  readonly #durations = this.#make.histogram(
    'eosflow_execution_duration_seconds',
    'From the start of an execution, or its newest redrive, to its end. What it waited for people is part of it.',
    EXECUTION_BUCKETS,
    'workflow',
    'outcome',
  )
  readonly #states = this.#make.histogram(
    'eosflow_state_duration_seconds',
    'How long states of executions took, by name and by how they were left: ok, caught, failed, aborted.',
    STATE_BUCKETS,
    'state',
    'result',
  )
  readonly #retries = this.#make.counter(
    'eosflow_retries_total',
    'Work that was begun again, by the kind of the error before.',
    'error',
  )
  readonly #rollbacks = this.#make.counter(
    'eosflow_rollbacks_total',
    'Executions that began to put back what they had done: after a failure, cancelled, or timed out.',
    'reason',
  )
  readonly #networks = this.#make.counter(
    'eosflow_put_back_networks_total',
    'Switches that were put back and whose network was read then, by whether it was as before.',
    'network',
  )
  readonly #probes = this.#make.counter(
    'eosflow_probes_total',
    'Pairs that were probed while a change was in force, by what became of them: answered, cut, gone-before, not-measured.',
    'result',
  )
  readonly #cutOff = this.#make.counter(
    'eosflow_probes_cut_off_seconds_total',
    'For how long pairs that were probed did not answer, at most.',
  )
  readonly #approvals = this.#make.counter(
    'eosflow_approvals_total',
    'Decisions about plans, by how they were proved.',
    'decision',
    'proof',
  )
  readonly #waits = this.#make.histogram(
    'eosflow_approval_wait_seconds',
    'From the request for an approval to the first decision about the plan.',
    WAIT_BUCKETS,
  )
  readonly #denied = this.#make.counter(
    'eosflow_denied_total',
    'What somebody was not let do, by what it would have needed.',
    'action',
  )
  readonly #breakGlass = this.#make.counter(
    'eosflow_breakglass_total',
    'How often somebody went past the policy by the way that it keeps for emergencies.',
  )

  readonly #drifted = this.#make.gauge(
    'eosflow_switches_drifted',
    'Switches that differed when they were compared last, and on which no change was confirmed since.',
  )
  readonly #unconfirmed = this.#make.gauge(
    'eosflow_switches_never_confirmed',
    'Switches that had nothing to be compared with when they were looked at last, and on which no change was confirmed since.',
  )
  readonly #missed = this.#make.counter(
    'eosflow_schedule_missed_total',
    'Instants of a schedule that passed while nobody ran schedules, or while it was paused.',
    'schedule',
  )
  readonly #done = this.#make.gauge(
    'eosflow_schedule_last_success_timestamp_seconds',
    'When what a schedule does was done well last, in seconds since the epoch.',
    'schedule',
  )
  readonly #differing = new Set<string>()
  readonly #without = new Set<string>()

  constructor() {
    this.#drifted.remove()
    this.#unconfirmed.remove()
    // A rate is known only of a counter that was there before.
    for (const reason of ['failure', 'cancelled', 'timed-out']) this.#rollbacks.inc({ reason }, 0)
    for (const network of ['same', 'differs', 'unknown']) this.#networks.inc({ network }, 0)
    for (const result of ['answered', 'cut', 'gone-before', 'not-measured']) this.#probes.inc({ result }, 0)
  }

  take(records: number, counted: readonly CountedEvent[]): void {
    this.#records.inc(records)
    for (const one of counted) this.#take(one)
  }

  #take(one: CountedEvent) {
    if (one.of === 'execution') {
      const { workflow, outcome } = one
      this.#executions.inc({ workflow, outcome })
      this.#durations.observe({ workflow, outcome }, one.seconds)
    } else if (one.of === 'state') this.#states.observe({ state: one.state, result: one.result }, one.seconds)
    else if (one.of === 'retry') this.#retries.inc({ error: one.error })
    else if (one.of === 'rollback') this.#rollbacks.inc({ reason: one.reason })
    else if (one.of === 'network') this.#networks.inc({ network: one.network })
    else if (one.of === 'probe') this.#probed(one)
    else if (one.of === 'approval') this.#approvals.inc({ decision: one.decision, proof: one.proof })
    else if (one.of === 'approval-wait') this.#waits.observe(one.seconds)
    else if (one.of === 'denied') this.#denied.inc({ action: one.action }, one.times)
    else if (one.of === 'break-glass') this.#breakGlass.inc()
    else if (one.of === 'compared') this.#compared(one)
    else if (one.of === 'confirmed') this.#confirmed(one.names)
    else this.#schedule(one)
  }

  #probed({ result, seconds }: Extract<CountedEvent, { readonly of: 'probe' }>) {
    this.#probes.inc({ result })
    this.#cutOff.inc(seconds)
  }

  #compared({ differs, same, unconfirmed = [] }: Extract<CountedEvent, { readonly of: 'compared' }>) {
    for (const name of differs) this.#differing.add(name)
    for (const name of same) this.#differing.delete(name)
    for (const name of unconfirmed) this.#without.add(name)
    for (const name of [...differs, ...same]) this.#without.delete(name)
    this.#unconfirmed.set(this.#without.size)
    // Where nothing was compared, nobody knows of any switch that it is as it was.
    if (differs.length + same.length > 0) this.#drifted.set(this.#differing.size)
  }

  #confirmed(names: readonly string[]) {
    const found = names.filter((name) => this.#without.delete(name))
    if (found.length > 0) this.#unconfirmed.set(this.#without.size)
    const differed = names.filter((name) => this.#differing.delete(name))
    if (differed.length > 0) this.#drifted.set(this.#differing.size)
  }

  #schedule(one: Extract<CountedEvent, { readonly schedule: string }>) {
    const { schedule } = one
    if (one.of === 'missed') this.#missed.inc({ schedule }, one.times)
    else if (one.of === 'done') this.#done.set({ schedule }, one.at)
    else if (one.change === 'loaded') this.#missed.inc({ schedule }, 0)
    else this.#done.remove({ schedule })
  }
}
