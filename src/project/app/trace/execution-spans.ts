import { parentOf } from '../../../change/engine/scope-path.ts'
import type { JournalEvent, Outcome } from '../../../change/record/event/event.ts'
import { transitionsOf } from '../../../change/record/transitions.ts'
import type { TraceParent } from '../../../model/trace-parent.ts'
import type { OpenSpan, SpanAttributes, SpanEnd, Spans } from './spans.ts'

export interface TracedExecution {
  readonly id: string
  readonly workflow: string
  readonly purpose: 'plan' | 'run'
  readonly parent: TraceParent | undefined
  /** `resumed`: another process, or this one before a rest, has begun it. */
  readonly taken: 'started' | 'resumed' | 'redriven'
  /** Milliseconds since the epoch. */
  readonly at: number
}

interface OpenState {
  readonly span: OpenSpan
  device?: string
  isTask?: true
  error?: string
}

const NOWHERE = ''

// How an outcome is called in traces of pipelines (OpenTelemetry semantic conventions, `cicd.pipeline.result`).
const RESULTS: Readonly<Record<Outcome, 'success' | 'failure' | 'error' | 'cancellation'>> = {
  planned: 'success',
  'nothing-to-do': 'success',
  succeeded: 'success',
  // Switches have failed and were put back: what the workflow tolerates is no success of each.
  tolerated: 'failure',
  refused: 'failure',
  'rolled-back': 'failure',
  cancelled: 'cancellation',
  failed: 'failure',
  unknown: 'error',
}

const AT_WORK = [
  'TaskScheduled',
  'TaskStarted',
  'TaskSucceeded',
  'TaskFailed',
  'TaskTimedOut',
  'StateExited',
  'StateFailed',
]

/** While a state waits for a person it has no span; the next one of it has a link to the one before. */
export class ExecutionSpans {
  readonly #spans: Spans
  readonly #execution: TracedExecution
  readonly #own: OpenSpan
  readonly #states = new Map<string, OpenState>()
  readonly #waited = new Map<string, TraceParent>()
  readonly #newest = new Map<string, string>()
  #isOver = false

  constructor(spans: Spans, execution: TracedExecution) {
    const { id, workflow, purpose, parent, taken, at } = execution
    this.#spans = spans
    this.#execution = execution
    this.#own = spans.open({
      name: `execution ${workflow}`,
      kind: 'internal',
      parent,
      at,
      attributes: {
        'cicd.pipeline.name': workflow,
        'cicd.pipeline.run.id': id,
        'eosflow.purpose': purpose,
        'eosflow.taken': taken,
      },
    })
  }

  get context(): TraceParent {
    return this.#own.context
  }

  around(device: string): TraceParent {
    const tasks = [...this.#states.values()].filter(({ isTask }) => isTask)
    const [only] = tasks.length === 1 ? tasks : []
    const state = this.#newestOn(device) ?? this.#newestOn('') ?? only
    return (state?.span ?? this.#own).context
  }

  heed(event: JournalEvent): void {
    if (this.#isOver || event.execution !== this.#execution.id) return
    for (const one of transitionsOf(event)) this.#take(one)
  }

  #take(event: JournalEvent) {
    const at = Date.parse(event.at)
    if (event.type === 'ExecutionEnded') this.#ended(event.outcome, event.error?.kind, at)
    else if (event.type === 'StateEntered') this.#enter(event.path, event.state, at)
    else if (event.type === 'TaskWaiting') this.#wait(placeOf(event), at)
    else if (event.type === 'StateAborted')
      this.#leave(placeOf(event), { at, attributes: { 'eosflow.result': 'aborted' } })
    else if (AT_WORK.includes(event.type) && 'path' in event && 'state' in event) this.#atWork(event as AtWork, at)
  }

  rest(at: number): void {
    if (!this.#isOver) this.#end('rests', { at, attributes: { 'eosflow.result': 'rests' } })
  }

  #newestOn(device: string) {
    return this.#states.get(this.#newest.get(device) ?? NOWHERE)
  }

  #atWork(event: AtWork, at: number) {
    const place = placeOf(event)
    const open = this.#states.get(place) ?? this.#enter(event.path, event.state, at)
    if (event.type === 'TaskStarted') {
      this.#newest.set(event.device ?? '', place)
      open.isTask = true
      if (event.device !== undefined) open.device = event.device
    } else if (event.type === 'TaskFailed' || event.type === 'TaskTimedOut') open.error = event.error.kind
    else if (event.type === 'StateExited') {
      const caught = event.caught === undefined ? {} : { 'eosflow.caught': open.error ?? 'failed' }
      this.#leave(place, {
        at,
        attributes: { 'eosflow.result': event.caught === undefined ? 'ok' : 'caught', ...caught },
      })
    } else if (event.type === 'StateFailed')
      this.#leave(place, { at, attributes: { 'eosflow.result': 'failed' }, error: event.error.kind })
  }

  #enter(path: string, state: string, at: number) {
    const place = placeOf({ path, state })
    const around = parentOf(path)
    const holder =
      around === undefined
        ? undefined
        : (this.#states.get(placeOf(around)) ?? this.#enter(around.path, around.state, at))
    const span = this.#spans.open({
      name: state,
      kind: 'internal',
      parent: (holder?.span ?? this.#own).context,
      link: this.#waited.get(place),
      at,
      attributes: { 'cicd.pipeline.task.name': state, ...(path === '' ? {} : { 'eosflow.path': path }) },
    })
    this.#waited.delete(place)
    const open: OpenState = { span }
    this.#states.set(place, open)
    return open
  }

  #wait(place: string, at: number) {
    const open = this.#states.get(place)
    if (open === undefined) return
    this.#waited.set(place, open.span.context)
    this.#leave(place, { at, attributes: { 'eosflow.result': 'waits' } })
  }

  #leave(place: string, end: SpanEnd) {
    const open = this.#states.get(place)
    if (open === undefined) return
    this.#states.delete(place)
    const device: SpanAttributes = open.device === undefined ? {} : { 'eosflow.switch': open.device }
    open.span.end({ ...end, attributes: { ...end.attributes, ...device } })
  }

  #ended(outcome: Outcome, kind: string | undefined, at: number) {
    const result = RESULTS[outcome]
    const attributes = { 'cicd.pipeline.result': result, 'eosflow.outcome': outcome }
    this.#end('ended', { at, attributes, ...(result === 'success' ? {} : { error: kind ?? outcome }) })
  }

  #end(open: 'rests' | 'ended', end: SpanEnd) {
    this.#isOver = true
    // The newest first: a state ends before the one around it.
    for (const place of [...this.#states.keys()].reverse())
      this.#leave(place, { at: end.at, attributes: { 'eosflow.result': open } })
    this.#own.end(end)
  }
}

type AtWork = JournalEvent & {
  readonly type: 'TaskStarted' | 'TaskFailed' | 'TaskTimedOut' | 'TaskSucceeded' | 'StateExited' | 'StateFailed'
}

const placeOf = ({ path, state }: { readonly path: string; readonly state: string }) => `${path} ${state}`
