import { deviceEnds } from '../../change/engine/outcome.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { Plan } from '../../change/plan/plan.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { transitionsOf } from '../../change/record/transitions.ts'
import { OWN_SESSIONS } from '../../change/task/act/session-name.ts'
import { comparableText } from '../../eos/config/vlan-sets.ts'
import { isOpen } from '../../eos/device/session-table.ts'
import { printed } from '../../eos/sim/cli/exec/show-config.ts'
import type { Switch } from '../../eos/sim/switch/switch.ts'
import type { DeviceEnd } from '../../model/act.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type { Verdict } from '../../model/verdict.ts'
import { type Disruption, disruptionOf, type NetworkStanding, networkOf } from '../../report/phrases/disruption.ts'
import type { Lab } from './lab.ts'
import { ROLLBACK } from './naming-problems.ts'
import type { ENDINGS, LEFTOVERS } from './schema.ts'

export interface CaseExecution {
  readonly state?: ExecutionState
  readonly events: readonly JournalEvent[]
  readonly plan?: Plan
  readonly exit: number
  /** What a person reads of the failure; empty when there is none. */
  readonly error: string
  /** What has become of the checks after the confirm; absent where nobody has asked. */
  readonly after?: AfterEvidence
}

export interface AfterEvidence {
  readonly state: string
  readonly words: string
  readonly notices: readonly string[]
}

export interface SwitchEvidence {
  readonly before: string
  readonly after: string
  readonly requests: number
  readonly leftovers: readonly (typeof LEFTOVERS)[number][]
  /** The exec commands that were typed in a config mode: each acted at once. */
  readonly execInConfig: readonly string[]
}

export interface CaseEvidence {
  readonly outcome: (typeof ENDINGS)[number] | 'planned'
  readonly exit: number
  readonly error: string
  readonly plan?: Plan
  readonly ends: Readonly<Record<string, DeviceEnd>>
  readonly networks: Readonly<Record<string, NetworkStanding>>
  readonly disruption?: Disruption | undefined
  readonly states: readonly string[]
  readonly calls: readonly string[]
  readonly verdicts: Readonly<Record<string, Readonly<Record<string, Verdict>>>>
  readonly switches: Readonly<Record<string, SwitchEvidence>>
  readonly after?: AfterEvidence
}

export interface SwitchBefore {
  readonly running: string
  readonly saved: boolean
}

/** Looks at every switch of a lab before anything is done to it. */
export function lookBefore({ fabric }: Lab): ReadonlyMap<string, SwitchBefore> {
  return new Map(fabric.switches.map(({ device }) => [device.name, { running: running(device), saved: saved(device) }]))
}

export function evidenceOf(lab: Lab, before: ReadonlyMap<string, SwitchBefore>, executed: CaseExecution): CaseEvidence {
  const { state, events, plan, exit, error, after } = executed
  return {
    outcome: state === undefined ? 'not-started' : (state.outcome ?? 'waiting'),
    exit,
    error,
    ...definedMembers({ plan, after }),
    ends: state === undefined ? {} : deviceEnds(state),
    networks: state === undefined ? {} : networksIn(state),
    disruption: state === undefined ? undefined : disruptionOf(state),
    states: statesIn(events),
    calls: lab.services.calls,
    verdicts: verdictsIn(events),
    switches: Object.fromEntries(
      lab.fabric.switches.map(({ device }) => [device.name, switchEvidence(device, before.get(device.name))]),
    ),
  }
}

function networksIn(state: ExecutionState): CaseEvidence['networks'] {
  const found = state.targets.map((name) => [name, networkOf(state, name)] as const)
  return Object.fromEntries(found.flatMap(([name, standing]) => (standing === undefined ? [] : [[name, standing]])))
}

function switchEvidence(device: Switch, before: SwitchBefore | undefined): SwitchEvidence {
  device.settle()
  const open = device.sessions.all().filter(({ name, state }) => name.startsWith(OWN_SESSIONS) && isOpen(state))
  return {
    before: before?.running ?? '',
    after: running(device),
    requests: device.requests.length,
    execInConfig: device.commandLog.inConfig().map(({ line }) => line),
    leftovers: [
      ...(open.length > 0 ? (['session'] as const) : []),
      ...(device.sessions.timer === undefined ? [] : (['timer'] as const)),
      ...(before?.saved === true && !saved(device) ? (['unsaved'] as const) : []),
    ],
  }
}

function running(device: Switch) {
  return printed(device, device.running)
}

function saved(device: Switch) {
  return comparableText(running(device)) === comparableText(printed(device, device.startup))
}

function statesIn(events: readonly JournalEvent[]) {
  const entered = events.flatMap(transitionsOf).flatMap((event) => {
    if (event.type === 'StateEntered') return [event.state]
    return event.type === 'CompensationStarted' ? [ROLLBACK] : []
  })
  return [...new Set(entered)]
}

function verdictsIn(events: readonly JournalEvent[]): CaseEvidence['verdicts'] {
  const verdicts: Record<string, Record<string, Verdict>> = {}
  for (const event of events) {
    if (event.type !== 'VerdictGiven') continue
    const { device, check, verdict } = event
    verdicts[device] = { ...verdicts[device], [check]: verdict }
  }
  return verdicts
}
