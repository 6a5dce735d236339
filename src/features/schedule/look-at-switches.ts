import { judgePort } from '../../change/engine/judges.ts'
import { namesIn } from '../../change/engine/neighbors.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { keyOfPlan } from '../../change/plan/seal.ts'
import { settledDevice } from '../../change/plan/settled.ts'
import { watchedNeighbors } from '../../change/plan/watched.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import type { JudgedCheck } from '../../change/task/act/context.ts'
import type { LookContext } from '../../change/task/act/look-context.ts'
import { sharedLooks } from '../../change/task/act/shared-looks.ts'
import { neighborConfig, ownConfig } from '../../change/task/act/unchanged-config.ts'
import { isGood, judgeRound, REACHABLE } from '../../change/task/act/verify-round.ts'
import { watchOf } from '../../change/task/act/watch.ts'
import type { CheckSpec } from '../../eos/check/builtin/catalog.ts'
import { checkPort } from '../../eos/check/check-port.ts'
import { UNTOUCHED } from '../../eos/device/history.ts'
import type { AfterFinding } from '../../model/after.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { closeSecrets, secretsOf } from '../../project/app/secrets/open-secrets.ts'
import { askedJudges } from '../../project/execution/judge/ask-judge.ts'
import type { Caller } from '../../project/identity/caller.ts'
import { targetOf } from '../../project/plan/definition/definition-of.ts'
import { openFleet, openHttp } from '../../project/switches/connect/open-fleet.ts'
import { trustRecord } from '../../project/switches/connect/trust-record.ts'
import { systemRandom } from '../../project/system/machine/system-random.ts'

// What is not good is looked at once more after so many milliseconds: one lost answer wakes nobody.
const AGAIN = 10_000

export interface LookedChange {
  readonly state: ExecutionState
  readonly events: readonly JournalEvent[]
  readonly plan: Plan
  readonly devices: readonly string[]
  /** Neighbours that nothing is asked of: they were changed since, or are no longer in the inventory. */
  readonly isBeside: (neighbor: string) => boolean
  denied(device: string): EosflowError | undefined
}

export interface LookFindings {
  readonly bad: readonly AfterFinding[]
  readonly unjudged: readonly AfterFinding[]
  readonly good: number
}

/**
 * Judges a change as the last round of its verification did, by its plan: the same checks, the same expectation against the state before it, the
 * same outside judges with what they said before it. Reads only, by the login that reads; what is not good is looked at twice.
 */
export async function lookAtSwitches(app: App, caller: Caller, change: LookedChange): Promise<LookFindings> {
  const secrets = secretsOf(app)
  const inventory = app.project.inventory()
  const meant = new Set(change.devices)
  const beside = new Set((change.plan.content.neighbors ?? []).map(({ name }) => name))
  const fleet = openFleet(
    app,
    caller,
    inventory,
    inventory.devices.filter(({ name }) => meant.has(name)).map(targetOf),
    {
      secrets,
      record: trustRecord(app, caller),
      fallback: true,
      beside: inventory.devices.filter(({ name }) => beside.has(name) && !meant.has(name)).map(targetOf),
    },
  )
  try {
    const context = contextOf(app, caller, change, { fleet, http: openHttp(app, secrets) })
    const first = await lookOnce(context, change)
    if (first.bad.length + first.unjudged.length === 0) return first
    await app.clock.sleep(AGAIN, caller.stop)
    return await lookOnce(context, change)
  } finally {
    await fleet.close()
    await closeSecrets(secrets, caller)
  }
}

function contextOf(
  app: RecordApp,
  caller: Caller,
  { state, plan, isBeside, denied }: LookedChange,
  { fleet, http }: { readonly fleet: ReturnType<typeof openFleet>; readonly http: ReturnType<typeof openHttp> },
): LookContext {
  const { clock, store } = app
  const key = keyOfPlan(app.key, plan)
  const checks = checkPort(plan.content.checks as unknown as readonly CheckSpec[])
  const reading = fleet.as('read')
  const looks = sharedLooks(reading.apart(), clock, checks.commands)(state.id)
  return {
    checks,
    clock,
    fleet: reading,
    random: systemRandom,
    signal: caller.stop,
    snapshot: state.snapshot,
    texts: store,
    history: (device) => state.devices.get(device) ?? UNTOUCHED,
    judges: judgePort(
      { clock, texts: store, ...askedJudges(app, plan.content.judges ?? [], http) },
      { state, append: unwritten },
    ),
    neighbors: {
      named: namesIn([]),
      ...looks,
      denied: async (devices) =>
        new Map(
          devices.flatMap((device) => {
            const error = denied(device)
            return error === undefined ? [] : [[device, error] as const]
          }),
        ),
    },
    change: {
      planned: async (device) => settledDevice(plan, device, key),
      baseline: async (device) =>
        (plan.evidence.state[device] ?? {}) as Awaited<ReturnType<LookContext['change']['baseline']>>,
      watched: async (device) => watchedNeighbors(plan, device, key).filter((one) => isBeside(one.device)),
      roundTrip: async (device) => plan.evidence.roundTrips?.[device],
    },
  }
}

async function unwritten() {
  throw new EosflowError('bug', 'a look at a change that has ended puts nothing on its record')
}

async function lookOnce(context: LookContext, change: LookedChange): Promise<LookFindings> {
  const since = context.clock.monotonic()
  const found = await Promise.all(change.devices.map((device) => lookAt(context, change, device, since)))
  return {
    bad: found.flatMap(({ bad }) => bad),
    unjudged: found.flatMap(({ unjudged }) => unjudged),
    good: found.reduce((sum, { good }) => sum + good, 0),
  }
}

// Whatever keeps it from being judged is said, and is never good.
async function lookAt(
  context: LookContext,
  { events }: LookedChange,
  device: string,
  since: number,
): Promise<LookFindings> {
  const { checks, clock, signal } = context
  const begun = clock.monotonic() - (clock.now() - committedAt(events, device))
  try {
    const watch = await watchOf(context, device)
    const round = await judgeRound(context, device, watch, {
      before: undefined,
      neighborsSince: since,
      isNewLogin: false,
      judgesSince: { begun, since },
    })
    if (checks.compared?.everythingElse !== true || round.look === undefined) return findingsIn(device, round.verdicts)
    const kept = watch.neighbors.filter(({ isUnchanged }) => isUnchanged !== undefined)
    const configs = await Promise.all([
      ownConfig(context, device),
      ...kept.map((one) => neighborConfig(context, one, { since, behindCommit: true })),
    ])
    return findingsIn(device, [...round.verdicts, ...configs])
  } catch (error) {
    if (signal.aborted || (error instanceof EosflowError && error.kind === 'store')) throw error
    const says = messageOf(error)
    return { bad: [], unjudged: [{ device, says }], good: 0 }
  }
}

function findingsIn(device: string, verdicts: readonly JudgedCheck[]): LookFindings {
  const bad: AfterFinding[] = []
  const unjudged: AfterFinding[] = []
  for (const one of verdicts.filter((verdict) => !isGood(verdict))) {
    const { check, verdict } = one
    if (verdict.status === 'error') unjudged.push({ device, check, says: verdict.reason })
    if (verdict.status !== 'fail') continue
    const isSilent = check.split(' ', 1)[0] === REACHABLE
    const findings = verdict.reasons.map((says) => ({ device, check, says }))
    if (isSilent) unjudged.push(...findings)
    else bad.push(...findings)
  }
  return { bad, unjudged, good: verdicts.filter(isGood).length }
}

// When the change of a switch was committed, milliseconds since the epoch: a sample of a judge must be younger.
function committedAt(events: readonly JournalEvent[], device: string) {
  const armed = events.findLast(
    (event) => event.type === 'ActFinished' && event.device === device && event.act === 'arm',
  )
  return Date.parse((armed ?? events.at(-1))?.at ?? '')
}
