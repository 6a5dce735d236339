import { UNTOUCHED } from '../../eos/device/history.ts'
import { pingCommand } from '../../eos/device/ping.ts'
import { DEFAULT_ARM_TERMS } from '../../model/arm-terms.ts'
import { EosflowError, placeWords } from '../../model/error.ts'
import { definedMembers, isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { ProbeSpec } from '../../model/probe.ts'
import type { RefusedQuestion } from '../../model/refused-question.ts'
import { requireAnswered } from '../plan/refused-questions.ts'
import { againHint, plannedOf, shownChange } from '../plan/settled.ts'
import { recordedPlan } from '../plan/stored-plan.ts'
import type { ApprovalRefusal, ApprovalStage, ShownChange, Use } from '../policy/approval-case.ts'
import type { EventBody } from '../record/event/event.ts'
import { sessionPrefix } from '../task/act/act.ts'
import {
  type ActLog,
  type ApprovalPort,
  commitTimers,
  type QuestionPort,
  type Task,
  type TaskContext,
} from '../task/act/context.ts'
import { networkBehind } from '../task/act/network-behind.ts'
import { sharedLooks } from '../task/act/shared-looks.ts'
import { requireDistinct } from '../task/act/switch-identity.ts'
import { builtinTasks } from '../task/builtin/index.ts'
import { factsOf, machineHolds, PUT_BACK, type TaskState } from '../workflow/machine/machine.ts'
import { leaveOut } from './absence.ts'
import { beforePush } from './before-push.ts'
import { aroundRunner, changePort, type KeptPlan, keptPlan, recordPlan } from './change.ts'
import { isSuspended } from './effects-under-way.ts'
import type { Ledger } from './ledger.ts'
import { namesIn, neighborPort } from './neighbors.ts'
import { openedFeatures } from './opened-features.ts'
import { pastCheckpoints } from './past-checkpoints.ts'
import type { ChangePorts, TaskAnswer, TaskCall, TaskPort } from './ports.ts'
import { askOnce, deniedBy, type Prober, proberOf } from './prober.ts'
import { visitKey } from './scope-path.ts'
import type { ExecutionState } from './state.ts'

export function approvalPort(
  ports: ChangePorts,
  ledger: Ledger,
  kept: KeptPlan,
): ApprovalPort & { uses(): readonly Use[] } {
  let uses: readonly Use[] = []
  const isAsked = machineHolds(ledger.state.machine, ({ task }) => factsOf(task)?.asksApproval === true)
  const judge = async (moment: ApprovalStage, change?: ShownChange) => {
    const plan = await kept.get()
    const judged = await ports.approvals.judge({
      moment,
      plan,
      recomputed: moment === 'commit' ? await kept.digestNow() : plan.digest,
      execution: ledger.state.id,
      starter: ledger.state.requester,
      isAsked,
      ...definedMembers({ change }),
    })
    if (judged.status === 'approved') uses = judged.uses
    return judged
  }
  const refuse = async (refused: ApprovalRefusal) => {
    const { condition, reason, device } = refused
    const { digest } = await kept.get()
    const where = device === undefined ? {} : { device }
    await ledger.append({ type: 'ApprovalInvalidated', plan: digest, condition, reason, ...where })
    throw refusal(refused, againHint(await kept.get()))
  }
  return {
    uses: () => uses,
    obtain: async (signal) => {
      const first = await judge('start')
      if (first.status === 'approved') return 'approved'
      if (isFinal(first)) return refuse(first)
      const plan = await kept.get()
      await ledger.append(requestOf(plan.digest, first.decided))
      if ((await ports.approvals.ask(plan, first.reason, signal)) === 'nobody') {
        return first.status === 'expired' || first.status === 'unentitled' ? refuse(first) : 'waiting'
      }
      const second = await judge('start')
      if (second.status === 'missing') return 'waiting'
      return second.status === 'approved' ? 'approved' : refuse(second)
    },
    require: async (shown) => {
      const plan = await kept.get()
      const change = shown && shownChange(plan, shown.device, ports.planning.key, shown, ports.planning.scrub)
      const standing = await judge(change === undefined ? 'start' : 'commit', change)
      if (standing.status !== 'approved') await refuse(standing)
    },
    requireUnrevoked: async () => {
      const standing = await judge('confirm')
      if (standing.status !== 'approved') await refuse(standing)
    },
  }
}

function requestOf(plan: string, decided: number | undefined): EventBody {
  return { type: 'ApprovalRequested', plan, ...definedMembers({ decided }) }
}

function isFinal({ status }: ApprovalRefusal) {
  return status === 'rejected' || status === 'tampered' || status === 'stale'
}

const PLAN_AGAIN = 'Plan again and have the new plan approved.'

const NEXT: Readonly<Record<ApprovalRefusal['status'], string>> = {
  missing: 'Have the plan approved, then run again.',
  expired: 'Have the plan approved, then run again.',
  used: 'Have the plan approved, then run again.',
  unentitled: 'Have the plan approved by somebody whose approval counts, then run again.',
  tampered: 'Find out who has written to the store, then plan again.',
  rejected: 'A rejection is final: plan again.',
  stale: PLAN_AGAIN,
}

function refusal({ status, condition, reason, device }: ApprovalRefusal, again: string) {
  return new EosflowError(status === 'stale' ? 'stale' : 'not-approved', reason, {
    hint: condition === 'drift' ? again : NEXT[status],
    ...definedMembers({ device }),
  })
}

/** Throws `bug`: the compiler knows the names. */
export function taskNamed(name: string): Task {
  const task = builtinTasks.find((one) => one.name === name)
  if (task === undefined) throw new EosflowError('bug', `no such task: ${name}`)
  return task
}

interface Run {
  readonly devices: readonly string[]
  readonly signal: AbortSignal
  readonly token: string | undefined
  readonly call: string
  // The state that calls it; absent for what takes a switch back.
  readonly state?: TaskState
  readonly path?: string
  readonly among?: string
}

export function changeTasks(ports: ChangePorts, ledger: Ledger): TaskPort {
  const kept = keptPlan(ports, ledger)
  const around = aroundRunner(ports, ledger, kept)
  const change = changePort(ports, ledger, kept, around)
  const approval = approvalPort(ports, ledger, kept)
  const named = namesIn(ports.inventory ?? [])
  const prober = proberOf(ports, ledger, kept)
  const log = actLog(ledger, ports, { uses: () => approval.uses(), prober })
  const timers = commitTimers(ports.clock)
  const features = openedFeatures(ports.features, ledger)
  const before = beforePush(ports, ledger, { change, prober, around, kept, features })
  const checkpoints = pastCheckpoints(ports, ledger.state.id)
  const questions = questionPort(ports, ledger, kept)
  const looks = sharedLooks(ports.fleet.apart().as('read'), ports.clock, ports.checks.commands)
  const contextFor = (
    effect: Task['effect'],
    { devices, signal, token, call, state, path, among }: Run,
  ): Omit<TaskContext, 'input'> => ({
    execution: ledger.state.id,
    snapshot: snapshotOf(ledger),
    devices,
    fleet: ports.fleet.as(effect),
    http: ports.http,
    clock: ports.clock,
    random: ports.random,
    signal,
    log,
    texts: ports.texts,
    change,
    checks: ports.checks,
    neighbors: neighborPort({ named, authority: ports.authority }, ledger, looks(among ?? call), state),
    features,
    approval,
    questions: questions(signal),
    before: before({ path, device: devices[0], among, signal }),
    leaveOut: async (absent) => {
      // Who is to rest has asked a switch fewer times than it would have.
      if (isSuspended(signal)) throw signal.reason
      return leaveOut(ledger)(absent)
    },
    isLeftOut: (device) => ledger.state.leftOut.has(device),
    timers,
    saw: (seen) => prober.saw(seen),
    ...definedMembers({ pulse: ports.pulse, answered: ports.answered }),
    armTerms: ports.armTerms ?? DEFAULT_ARM_TERMS,
    checkpoints,
    isHeldOver: (device) => (ledger.state.devices.get(device)?.armedRecord ?? 0) < ledger.state.resumed,
    isOfThisProcess: (record) => record >= ledger.state.resumed,
    ...doubtOf(ledger.state),
    isPlanned: ledger.state.plan !== undefined,
    isOfThisStore: async (session) => (await ports.executionIds()).some((id) => session.startsWith(sessionPrefix(id))),
    history: (device) => ledger.state.devices.get(device) ?? UNTOUCHED,
    call,
    ...definedMembers({ token }),
  })
  return {
    run: async (given) => {
      const { path, state, visit } = given
      const answered = await answeredByFile(ports, ledger, state.task, kept)
      if (answered !== undefined) return { answer: 'done', output: answered }
      const task = taskNamed(state.task)
      const among = `${path.replace(/\[\d+\]$/, '')} ${state.name}`
      const call = visitKey(path, { state: state.name, visit })
      const context = contextFor(task.effect, { ...given, among, call })
      return answerOf(given, await runTask(task, context, given.arguments, given.recover), ledger)
    },
    rollBack: async (device, signal) => {
      const run = { devices: [device], signal, token: undefined, call: `undo/${device}` }
      const task = taskNamed(PUT_BACK)
      await runTask(task, contextFor(task.effect, run), {}, false)
    },
    readNetwork: async (device, signal) => {
      const run = { devices: [device], signal, token: undefined, call: `network/${device}` }
      const { putBack } = ledger.state.machine
      if (putBack !== undefined) await networkBehind({ ...contextFor('read', run), input: {} }, device, putBack)
    },
    endAround: (signal) => around.end(signal),
    endProbes: () => prober.end(),
    rest: (isOrderly) => prober.rest(isOrderly),
    takeBack: async ({ path, state, visit, devices, arguments: given, recover }, signal) => {
      const run = { devices, signal, token: undefined, call: `undo/${visitKey(path, { state: state.name, visit })}` }
      if (state.undo.by !== 'task') throw new EosflowError('bug', `${state.name} is not undone by a task`)
      const task = taskNamed(state.undo.task)
      await runTask(task, contextFor(task.effect, run), given, recover)
    },
  }
}

function doubtOf({ isRestored, mayBeCopy }: ExecutionState): Pick<TaskContext, 'doubt'> {
  if (isRestored) return { doubt: 'restored' }
  return mayBeCopy ? { doubt: 'taken up' } : {}
}

function answerOf({ state }: TaskCall, output: JsonObject, ledger: Ledger): TaskAnswer {
  if (output.decision === 'waiting') return { answer: 'waiting', plan: ledger.state.plan?.digest ?? '' }
  return state.token ? { answer: 'submitted', output } : { answer: 'done', output }
}

async function runTask(task: Task, context: Omit<TaskContext, 'input'>, given: Json, recover: boolean) {
  const parsed = task.input.safeParse(isJsonObject(given) ? given : {})
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const place = issue === undefined || issue.path.length === 0 ? '' : ` \`${issue.path.join('.')}\``
    throw new EosflowError(
      'guard',
      `the arguments of ${task.name} are not as it takes them:${place} ${issue?.message ?? ''}`,
    )
  }
  const input = parsed.data as JsonObject
  if (recover && task.probe !== undefined) {
    const probed = await task.probe({ ...context, input })
    if (probed.do === 'done') return probed.output
  }
  return task.run({ ...context, input })
}

function snapshotOf({ state: { snapshot, planFile } }: Ledger) {
  return snapshot === planFile ? undefined : snapshot
}

async function answeredByFile(
  ports: ChangePorts,
  ledger: Ledger,
  task: string,
  kept: KeptPlan,
): Promise<JsonObject | undefined> {
  const { planFile, plan } = ledger.state
  const facts = factsOf(task)
  if (planFile === undefined) return undefined
  if (facts?.givesSnapshot) return { snapshot: planFile }
  if (!facts?.endsDryRun) return undefined
  const loaded = ports.settled ?? (await recordedPlan(ports.texts, planFile))
  requireDistinct(loaded.content.devices.map(({ name, identity }) => [name, identity]))
  if (plan === undefined) await recordPlan(ports, ledger, loaded)
  kept.keep(loaded)
  return { digest: loaded.digest, changed: loaded.content.waves.flat().length }
}

function actLog(
  ledger: Ledger,
  { room }: ChangePorts,
  { uses, prober }: { readonly uses: () => readonly Use[]; readonly prober: Prober },
): ActLog {
  const used = new Set<string>()
  let using = Promise.resolve()
  const unused = () => uses().filter(({ nonce }) => !used.has(nonce))
  // An approval is used up together with the intent of the first commit, or not at all; switches that are armed side by side use it once.
  const withUses = async (intent: EventBody) => {
    if (unused().length === 0) return ledger.append(intent)
    const turn = using.then(async () => {
      const fresh = unused()
      await ledger.append(...fresh.map((use) => useEvent(use, ledger)), intent)
      for (const { nonce } of fresh) used.add(nonce)
    })
    using = turn.catch(() => undefined)
    return turn
  }
  return {
    intended: async (device, act, detail) => {
      const leadsOn = act === 'arm' || (act === 'stage' && detail.checkpoint !== undefined)
      if (leadsOn) room.require()
      const { shares } = (leadsOn ? ledger.state.shares.get(device) : undefined) ?? {}
      const intent: EventBody = {
        type: 'ActIntended',
        device,
        act,
        ...detail,
        ...definedMembers({ shares }),
      }
      if (act === 'arm') prober.count()
      if (act === 'arm') return withUses(intent)
      return ledger.append(intent)
    },
    finished: (device, act, detail) => ledger.append({ type: 'ActFinished', device, act, ...detail }),
    settled: (device, found, detail, unrecorded = []) =>
      ledger.append({
        type: 'DeviceSettled',
        device,
        found,
        detail,
        ...(unrecorded.length === 0 ? {} : { unrecorded }),
      }),
    verdicts: (device, round, judged) =>
      ledger.append(
        ...judged.map(
          ({ check, of, nth, verdict }) =>
            ({
              type: 'VerdictGiven',
              device,
              check,
              ...definedMembers({ of, nth }),
              round,
              verdict,
            }) as const,
        ),
      ),
    undone: (device, end, detail) => ledger.append({ type: 'UndoFinished', device, end, detail }),
    network: (device, found) => ledger.append({ type: 'NetworkRead', device, ...found }),
  }
}

export function useEvent({ nonce, use, anyStore }: Use, { state: { plan } }: Pick<Ledger, 'state'>): EventBody {
  return {
    type: 'ApprovalUsed',
    nonce,
    plan: plan?.digest ?? '',
    ...(use === 1 ? {} : { use }),
    ...definedMembers({ anyStore }),
  }
}

function questionPort(
  ports: Pick<ChangePorts, 'fleet' | 'clock' | 'authority' | 'checks' | 'planning' | 'probes'>,
  ledger: Ledger,
  kept: Pick<KeptPlan, 'get'>,
): (signal: AbortSignal) => QuestionPort {
  const { probes = [], clock, planning } = ports
  const fleet = ports.fleet.apart().as('read')
  const refusedOf = async (device: string, signal: AbortSignal): Promise<readonly RefusedQuestion[]> => {
    const own = probes.flatMap((spec, probe) => (spec.from === device ? [{ spec, probe }] : []))
    if (ledger.state.leftOut.has(device) || (await deniedBy(ports, ledger, device)) !== undefined) return []
    const specs: readonly ProbeSpec[] = own.map(({ spec }) => spec)
    const { samples, failure } = await askOnce({ fleet, clock, device, signal }, specs, false)
    if (failure !== undefined) return []
    return own.flatMap(({ spec, probe }, index): RefusedQuestion[] => {
      const sample = samples[index]
      if (sample?.said !== 'unknown') return []
      return [{ device, by: { probe }, command: pingCommand(spec), says: sample.because ?? '' }]
    })
  }
  return (signal) => ({
    placeOfComparison: () => {
      const [first] = ports.checks.compared?.places ?? []
      return first === undefined ? '' : placeWords(planning.askedAt?.().checks[first])
    },
    refusedProbes: async () => {
      const devices = [...new Set(probes.map(({ from }) => from))]
      return (await Promise.all(devices.map((device) => refusedOf(device, signal)))).flat()
    },
    require: async (refused, runningOf) => {
      if (refused.length === 0) return
      const plan = await kept.get()
      const planned = new Set(plan.content.devices.map(({ name }) => name))
      const running = new Map<string, string>()
      for (const device of new Set(refused.map((one) => one.device)))
        if (planned.has(device)) running.set(device, await runningOf(device))
      requireAnswered(refused, planning.askedAt?.(), (device) => {
        const runs = running.get(device)
        if (runs === undefined) return { added: [], running: '' }
        const added = plannedOf(plan, device).diff.filter(({ sign }) => sign === '+')
        return { added: added.map(({ text }) => text), running: runs }
      })
    },
  })
}
