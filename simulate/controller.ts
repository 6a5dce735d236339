import type { CheckSpec } from '../src/check/catalog.ts'
import { checkPort } from '../src/check/check-port.ts'
import { fleetOf } from '../src/device/fleet.ts'
import type { Transport } from '../src/device/transport.ts'
import { changeTasks } from '../src/engine/change-tasks.ts'
import { foldAll } from '../src/engine/fold.ts'
import type { Ledger } from '../src/engine/ledger.ts'
import type { ApprovalQuestion, ChangePorts, EnginePorts, TaskPort } from '../src/engine/ports.ts'
import { runExecution } from '../src/engine/run.ts'
import type { ExecutionState } from '../src/engine/state.ts'
import type { JournalEvent } from '../src/journal/event.ts'
import type { Artefacts, Journal } from '../src/journal/journal.ts'
import type { Room } from '../src/journal/room.ts'
import { DEFAULT_ARM_TERMS } from '../src/model/arm-terms.ts'
import { canonicalJson } from '../src/model/canonical-json.ts'
import type { Clock } from '../src/model/clock.ts'
import { EosflowError } from '../src/model/error.ts'
import type { Fence } from '../src/model/fence.ts'
import type { Random } from '../src/model/random.ts'
import { Secret } from '../src/model/secret.ts'
import { taskToken, taskTokenDigest } from '../src/model/task-token.ts'
import type { Plan } from '../src/plan/plan.ts'
import type { Prepared } from '../src/plan/prepare.ts'
import { requireRecordedPlan } from '../src/plan/recorded-plan.ts'
import { storedPlanText } from '../src/plan/stored-plan.ts'
import { judgeApprovals } from '../src/policy/approval.ts'
import type { ApprovalCase, Compared } from '../src/policy/approval-case.ts'
import { decideLocal } from '../src/policy/decision.ts'
import { LOCAL_DEMAND } from '../src/policy/local-demand.ts'
import type { Life } from '../src/trial/life.ts'
import { KEY, planningOf, STORE_ID, targetsOf } from './change-under-test.ts'
import { PASSWORD } from './device-texts.ts'
import type { ControllerStore } from './memory-store.ts'

/** Where a test can put something broken in the place of something that works: a mutant of the protocol. */
export interface Alterations {
  transport?(transport: Transport, life: Life): Transport
  journal?(journal: Journal, life: Life): Journal
  ledger?(ledger: Ledger, life: Life): Ledger
  ports?(ports: ChangePorts, life: Life): ChangePorts
  tasks?(tasks: TaskPort, ledger: Ledger, ports: ChangePorts, life: Life): TaskPort
  /** The state that a controller takes an execution up with. */
  state?(state: ExecutionState): ExecutionState
}

/** What a controller works with. */
export interface ControllerParts {
  readonly life: Life
  readonly store: ControllerStore
  readonly journal: Journal
  readonly texts: Artefacts
  readonly fence: (device: string) => Promise<Fence>
  readonly room: Room
  readonly clock: Clock
  readonly random: Random
  readonly prepared: Prepared
  readonly transport: Transport
  readonly alterations: Alterations
  /** Whether timed commits are sent under the configure lock. */
  readonly locks: boolean
  /** Changes that ended before, of which the switches have checkpoints; then those that nobody needs are deleted. */
  readonly past: ReadonlyMap<string, readonly JournalEvent[]> | undefined
  /** Whether an execution that has ended is started again from where it failed. */
  readonly redrives: boolean
  /** Whoever is there to be asked about a plan. */
  ask(plan: Plan): Promise<'decided' | 'nobody'>
}

/**
 * Takes an execution up and runs it, as the command line does: what is on record, and nothing else, says where it stands.
 * Gives the state in which it rests or has ended. Throws as `runExecution` does.
 */
export async function runController(parts: ControllerParts): Promise<ExecutionState> {
  const { life, journal, texts, alterations, clock } = parts
  const events = await journal.read(life.execution)
  const found = foldAll(life.execution, events)
  const isEnded = found.status === 'ended'
  if (isEnded && !parts.redrives) return found
  const state =
    events.length > 1
      ? foldAll(life.execution, [
          ...events,
          ...(await journal.append(
            life.execution,
            [{ type: isEnded ? 'ExecutionRedriven' : 'ExecutionResumed' }],
            found.seq,
          )),
        ])
      : found
  await requirePlan(texts, state)
  const fleet = fleetOf(
    targetsOf(parts.prepared),
    parts.transport,
    async () => ({ username: 'admin', password: new Secret(PASSWORD) }),
    parts.fence,
  )
  const change = changePortsOf(parts, fleet)
  const ports: EnginePorts = {
    journal,
    room: parts.room,
    clock,
    random: parts.random,
    inbox: {
      isAttended: false,
      wait: () => new Promise(() => undefined),
      token: (execution, key) => {
        const token = taskToken(KEY, execution, key)
        return { token, digest: taskTokenDigest(token) }
      },
    },
    tasks: (ledger) => {
      const seen = alterations.ledger?.(ledger, life) ?? ledger
      const tasks = changeTasks(change, seen)
      return alterations.tasks?.(tasks, seen, change, life) ?? tasks
    },
  }
  try {
    return await runExecution(alterations.state?.(state) ?? state, ports, life.stop.signal, life.suspend.signal)
  } finally {
    await fleet.close()
  }
}

function changePortsOf(parts: ControllerParts, fleet: ChangePorts['fleet']): ChangePorts {
  const { life, texts, room, clock, random, prepared, alterations, ask } = parts
  const ports: ChangePorts = {
    texts,
    room,
    clock,
    random,
    fleet,
    http: {
      send: () => Promise.reject(new EosflowError('bug', 'a history asks no service')),
    } as unknown as ChangePorts['http'],
    planning: planningOf(prepared, () => clock.now(), parts.past === undefined ? 'keep' : 'prune'),
    checks: checkPort(prepared.checks as readonly CheckSpec[]),
    approvals: {
      judge: (question) => life.reach(async () => judgeApprovals(await approvalCase(question, parts))),
      ask: (plan) => life.reach(() => ask(plan)),
    },
    executionIds: async () => [...(parts.past?.keys() ?? []), ...(await parts.store.executionIds())],
    armTerms: { ...DEFAULT_ARM_TERMS, configureLock: parts.locks },
    readExecution: async (execution) => parts.past?.get(execution) ?? parts.store.read(execution),
  }
  return alterations.ports?.(ports, life) ?? ports
}

/** What is known about an approval, as the command line gathers it without a policy. */
async function approvalCase(question: ApprovalQuestion, { store, clock }: ControllerParts): Promise<ApprovalCase> {
  const { moment, plan, recomputed, execution, starter, isAsked, change } = question
  const { workflow, policy, tool } = plan.content
  const now = clock.now()
  const highestWallTimeSeen = Date.parse((await store.latest()) ?? '1970-01-01T00:00:00Z')
  const same = (value: string | null): Compared => ({ planned: value, found: value })
  return {
    moment,
    plan: { digest: plan.digest, recomputed },
    decisions: (await store.approvals(plan.digest)).map(({ event: { statement, seal }, verified }) => ({
      statement,
      seal,
      intact: verified,
      signer: { status: 'proved', principal: statement.approver },
      entitled: decideLocal(statement.approver, 'plan.approve'),
      roles: [],
      loaded: { wall: now, monotonic: clock.monotonic() },
    })),
    demands: isAsked ? [LOCAL_DEMAND] : [],
    requesters: plan.content.requesters,
    store: { id: STORE_ID, any: false },
    runners: starter === undefined ? [] : [starter],
    uses: await store.approvalUses(plan.digest),
    now,
    highestWallTimeSeen,
    monotonic: clock.monotonic(),
    longest: (plan.content.approve?.expires ?? 0) * 1000,
    key: KEY,
    execution,
    sources: {
      'the workflow or one of its files': same(workflow.digest),
      'the policy': same(policy),
      'the version of eosflow': same(canonicalJson(tool)),
    },
    ...(change === undefined ? {} : { change }),
  }
}

/** As the command line does before it goes on with a plan. Throws `stale`. */
async function requirePlan(texts: Artefacts, { plan }: ExecutionState): Promise<void> {
  if (plan !== undefined) requireRecordedPlan(await storedPlanText(texts, plan.ref))
}
