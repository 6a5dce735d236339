import { EosflowError } from '../../model/error.ts'
import { definedMembers, type Json } from '../../model/json.ts'
import type { DecisionRecord, Envelope, EventBody } from '../record/event/event.ts'
import type { ExpressionScope } from '../workflow/query/language/language.ts'
import { EarlyEnd, isSuspended } from './effects-under-way.ts'
import {
  contextObject,
  type EvaluationPorts,
  evaluate,
  evaluationPorts,
  languageOf,
  requirePayload,
  visibleVariables,
} from './evaluate.ts'
import { faultOf } from './fault.ts'
import { foldScope, scopeAt } from './fold-scope.ts'
import type { Ledger } from './ledger.ts'
import { nextAt } from './next.ts'
import { type BegunWrite, type EnginePorts, requireAllowed, type TaskAnswer, type TaskPort } from './ports.ts'
import { attemptKey } from './scope-path.ts'
import type { Effect, ExecutionState, Write } from './state.ts'
import { stateOfWrite } from './suspend.ts'

type TaskEffect = Extract<Effect, { effect: 'task' }>

export interface Performer {
  task(effect: TaskEffect, signal: AbortSignal): Promise<void>
  undo(device: string, signal: AbortSignal): Promise<void>
  network(device: string, signal: AbortSignal): Promise<void>
  takeBack(write: Write, signal: AbortSignal): Promise<void>
  around(signal: AbortSignal): Promise<void>
  probes(): Promise<void>
  /** `isOrderly`: the execution rests, or has ended. */
  rest(isOrderly: boolean): Promise<void>
}

export function performer(ports: EnginePorts, ledger: Ledger): Performer {
  const tasks = ports.tasks(ledger)
  return {
    task: async (effect, signal) => {
      const { path, state, attempt, devices, begun } = effect
      const place = { path, state: state.name, ...(devices.length === 1 ? { device: devices[0] ?? '' } : {}) }
      let decision: DecisionRecord | undefined
      try {
        decision = await requireAllowed(ports.authority, ledger, path, { state, devices })
      } catch (error) {
        await ledger.append({ type: 'TaskFailed', ...place, error: faultOf(error) })
        return
      }
      if (isSuspended(signal)) return
      if (!begun) {
        await ledger.append({ type: 'TaskStarted', ...place, attempt, ...definedMembers({ decision }) })
      }
      const outcome = await attempted(ports, ledger, tasks, effect, signal)
      if (outcome !== undefined) await ledger.append(...(await withWhatFollows(ports, ledger, outcome, signal)))
    },
    undo: async (device, signal) => {
      await ledger.append({ type: 'UndoStarted', device })
      await tasks.rollBack(device, signal)
    },
    network: async (device, signal) => {
      try {
        await tasks.readNetwork(device, signal)
      } catch (error) {
        // It rests, and nothing is on record: whoever goes on with the execution reads it.
        if (!signal.aborted) throw error
      }
    },
    around: (signal) => tasks.endAround(signal),
    probes: () => tasks.endProbes(),
    rest: (isOrderly) => tasks.rest(isOrderly),
    takeBack: async (write, signal) => {
      const place = { path: write.path, state: write.state, write: write.visit }
      await ledger.append({ type: 'TaskUndoStarted', ...place })
      const error = await failureOf(async () => {
        const begun = await undoCall(ports, ledger, write)
        await tasks.takeBack(begun, signal)
      })
      // It rests, and is not done: whoever goes on with the execution takes it back.
      if (error !== undefined && isSuspended(signal)) return
      await ledger.append({ type: 'TaskUndoFinished', ...place, ...definedMembers({ error }) })
    },
  }
}

// Undefined for one that ended because the execution is to rest: it is made again.
async function attempted(
  ports: EnginePorts,
  ledger: Ledger,
  tasks: TaskPort,
  { path, state, attempt, devices, begun }: TaskEffect,
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const scope = scopeAt(ledger.state, path)
  const place = { path, state: state.name, ...(devices.length === 1 ? { device: devices[0] ?? '' } : {}) }
  const token = state.token ? ports.inbox.token(ledger.state.id, attemptKey(path, scope)) : undefined
  try {
    if (ledger.onlyBack !== undefined) throw ledger.onlyBack
    const answer = await tasks.run({
      path,
      state,
      attempt,
      arguments: scope.arguments ?? {},
      devices,
      recover: begun || scope.inDoubt === true || (attempt > 1 && state.undo.by === 'rollback'),
      token: token?.token,
      visit: scope.visit,
      signal,
    })
    return timeoutOf(signal, state.name, place) ?? answered(ledger, answer, place, token?.digest)
  } catch (error) {
    if (isSuspended(signal)) return undefined
    return timeoutOf(signal, state.name, place) ?? { type: 'TaskFailed', ...place, error: faultOf(error) }
  }
}

async function withWhatFollows(
  ports: EnginePorts,
  { state }: Ledger,
  outcome: EventBody,
  { aborted }: AbortSignal,
): Promise<readonly EventBody[]> {
  return aborted ? [outcome] : leaving(state, outcome, evaluationPorts(ports))
}

interface TaskPlace {
  readonly path: string
  readonly state: string
  readonly device?: string
}

function answered(ledger: Ledger, answer: TaskAnswer, place: TaskPlace, digest: string | undefined): EventBody {
  const { path, state } = place
  switch (answer.answer) {
    case 'waiting':
      return { type: 'TaskWaiting', path, state, plan: answer.plan }
    case 'submitted':
      if (answer.output !== undefined) requirePayload(ledger.state, answer.output, 'output')
      return { type: 'TaskSubmitted', path, state, token: digest ?? '', ...outputOf(answer.output) }
    case 'done':
      requirePayload(ledger.state, answer.output, 'output')
      return { type: 'TaskSucceeded', ...place, output: answer.output }
  }
}

const outputOf = (output: Json | undefined): { output?: Json } => (output === undefined ? {} : { output })

// A task that was ended because its time was over has timed out, whatever it came to in the end.
function timeoutOf(signal: AbortSignal, state: string, place: TaskPlace): EventBody | undefined {
  if (!(signal.reason instanceof EarlyEnd) || signal.reason.why !== 'timed-out') return undefined
  const message = `${state}: not done in the time that it has`
  return { type: 'TaskTimedOut', ...place, error: { kind: 'state-failed', name: 'States.Timeout', message } }
}

async function undoCall({ clock, random }: EnginePorts, { state }: Ledger, write: Write): Promise<BegunWrite> {
  const task = stateOfWrite(state, write)
  if (task?.undo.by !== 'task') throw new EosflowError('bug', `${write.state} is not undone by a task`)
  const scope = scopeAt(state, write.path)
  const sight: ExpressionScope = {
    input: write.input,
    context: contextObject(state, write.path, scope, undefined),
    variables: visibleVariables(state, write.path),
    ...definedMembers({ result: write.result }),
    now: clock.now(),
    random,
  }
  const source = { from: 'template', value: task.undo.arguments } as const
  const given = await languageOf('jsonata').read(source, 'Undo/Arguments', 'any', sight, write.input)
  return { ...write, state: task, arguments: given, recover: write.undone === 'begun' }
}

async function failureOf(work: () => Promise<void>) {
  try {
    await work()
    return undefined
  } catch (error) {
    return faultOf(error)
  }
}

/** Enters a state whose task is due at once: one record (ADR 132). */
export async function entering(
  execution: ExecutionState,
  { path, state }: Extract<Effect, { effect: 'enter' }>,
  ports: EvaluationPorts,
): Promise<readonly EventBody[]> {
  const entered = { type: 'StateEntered', path, state } as const
  const envelope = envelopeAt(execution, ports)
  const inside = foldScope(execution, { ...entered, ...envelope })
  const [begun] = await evaluate(inside, { effect: 'evaluate', path, step: 'begin', handler: -1 }, ports)
  if (begun?.type === 'TaskScheduled') return [{ ...begun, entered: envelope.at }]
  return begun === undefined ? [entered] : [entered, begun]
}

/** How the attempt of a task went, with what its state is left with where the state is left at once: one record (ADR 132). Where the output has no value that is a record behind it. */
export async function leaving(
  execution: ExecutionState,
  outcome: EventBody,
  ports: EvaluationPorts,
): Promise<readonly EventBody[]> {
  if (outcome.type !== 'TaskSucceeded') return [outcome]
  const envelope = envelopeAt(execution, ports)
  const done = foldScope(execution, { ...outcome, ...envelope })
  const [next] = nextAt(done, outcome.path, ports.now)
  if (next?.effect !== 'evaluate' || next.step !== 'finish') return [outcome]
  const [left] = await evaluate(done, next, ports)
  if (left?.type !== 'StateExited') return left === undefined ? [outcome] : [outcome, left]
  if (foldScope(done, { ...left, ...envelope }).kept !== done.kept) return [outcome]
  const { output, assigned } = left
  const exited = {
    ...(output === outcome.output ? {} : { output }),
    ...definedMembers({ assigned }),
  }
  return [{ ...outcome, exited }]
}

function envelopeAt({ seq, id }: ExecutionState, { now }: EvaluationPorts): Envelope {
  return { v: 1, seq: seq + 1, at: new Date(now).toISOString(), actor: '', execution: id }
}
