import { UNTOUCHED } from '../device/history.ts'
import type { EventBody } from '../journal/event.ts'
import { EosflowError, errorRecord } from '../model/error.ts'
import type { JsonObject } from '../model/json.ts'
import { requireIntact } from '../plan/make-plan.ts'
import type { Plan } from '../plan/plan.ts'
import { builtinTasks } from '../task/builtin/index.ts'
import type { ActLog, TaskContext } from '../task/context.ts'
import type { Task } from '../task/define.ts'
import { approvalPort } from './approval.ts'
import { changePort, recordPlan } from './change.ts'
import type { Effect } from './effect.ts'
import type { Ledger } from './ledger.ts'
import type { EnginePorts } from './ports.ts'

type TaskEffect = Extract<Effect, { effect: 'task' }>

/** Performs effects of one execution: the only door of the engine behind which something happens. */
export interface Performer {
  task(effect: TaskEffect, signal: AbortSignal): Promise<void>
  undo(device: string, signal: AbortSignal): Promise<void>
}

/** A built-in task by name. Throws `bug`: the compiler knows the names. */
export function taskNamed(name: string): Task {
  const task = builtinTasks.find((one) => one.name === name)
  if (task === undefined) throw new EosflowError('bug', `no such task: ${name}`)
  return task
}

/** Builds the performer of an execution on its ports. */
export function performer(ports: EnginePorts, ledger: Ledger): Performer {
  const change = changePort(ports, ledger)
  const approval = approvalPort(ports, ledger)
  const log = actLog(ledger, () => approval.nonce())
  const contextFor = (
    devices: readonly string[],
    signal: AbortSignal,
    previous: JsonObject,
  ): Omit<TaskContext, 'input'> => ({
    execution: ledger.state.id,
    previous,
    devices,
    fleet: ports.fleet,
    clock: ports.clock,
    random: ports.random,
    signal,
    log,
    texts: ports.texts,
    change,
    checks: ports.checks,
    approval,
    history: (device) => ledger.state.devices[device] ?? UNTOUCHED,
  })
  return {
    task: async ({ path, state, attempt, devices, recover }, signal) => {
      const place = { path, state: state.name, ...(devices.length === 1 ? { device: devices[0] ?? '' } : {}) }
      if (!recover) await ledger.append({ type: 'TaskStarted', ...place, attempt })
      let event: EventBody
      try {
        const previous = ledger.state.scopes[path]?.output ?? {}
        const output =
          (await answeredByFile(ports, ledger, state.task)) ??
          (await runTask(taskNamed(state.task), contextFor(devices, signal, previous), state.input, recover))
        event =
          output.decision === 'waiting'
            ? { type: 'TaskWaiting', path, state: state.name, plan: ledger.state.plan?.digest ?? '' }
            : { type: 'TaskSucceeded', ...place, output }
      } catch (error) {
        event = { type: 'TaskFailed', ...place, error: errorRecord(error) }
      }
      await ledger.append(event)
    },
    undo: async (device, signal) => {
      await ledger.append({ type: 'UndoStarted', device })
      await runTask(taskNamed('rollback'), contextFor([device], signal, {}), {}, false)
    },
  }
}

async function runTask(
  task: Task,
  context: Omit<TaskContext, 'input'>,
  given: JsonObject,
  recover: boolean,
): Promise<JsonObject> {
  const input = task.input.parse(given)
  if (recover && task.probe !== undefined) {
    const probed = await task.probe({ ...context, input })
    if (probed.do === 'done') return probed.output
  }
  return task.run({ ...context, input })
}

/** An execution that begins from a saved plan has its snapshot and plan answered by that file. */
async function answeredByFile(ports: EnginePorts, ledger: Ledger, task: string): Promise<JsonObject | undefined> {
  const { planFile, plan } = ledger.state
  if (planFile === undefined || (task !== 'snapshot' && task !== 'plan')) return undefined
  if (task === 'snapshot') return { snapshot: planFile }
  const loaded = requireIntact(JSON.parse(await ports.texts.get(planFile)) as Plan)
  if (plan === undefined) await recordPlan(ports, ledger, loaded)
  return { digest: loaded.digest, changed: loaded.content.waves.flat().length }
}

function actLog(ledger: Ledger, nonce: () => string | undefined): ActLog {
  return {
    intended: (device, act, detail) => {
      const used = nonce()
      const use: EventBody[] =
        act === 'arm' && used !== undefined && ledger.state.approval === undefined
          ? [{ type: 'ApprovalUsed', nonce: used, plan: ledger.state.plan?.digest ?? '' }]
          : []
      return ledger.append(...use, { type: 'ActIntended', device, act, ...detail })
    },
    finished: (device, act, detail) => ledger.append({ type: 'ActFinished', device, act, ...detail }),
    settled: (device, found, detail) => ledger.append({ type: 'DeviceSettled', device, found, detail }),
    verdict: (device, check, round, verdict) => ledger.append({ type: 'VerdictGiven', device, check, round, verdict }),
    undone: (device, end, detail) => ledger.append({ type: 'UndoFinished', device, end, detail }),
  }
}
