import { EosflowError } from '../../model/error.ts'
import { requireSupportedEos } from '../../model/supported-eos.ts'
import { behindQuestion, MOST_ASKED_BEHIND } from '../plan/behind.ts'
import { comparisonOf, replacedSwitches, withIntended } from '../plan/comparison.ts'
import type { LeftOutSwitch } from '../plan/left-out-switch.ts'
import { offlineEvidence } from '../plan/offline.ts'
import type { Plan } from '../plan/plan.ts'
import { sealCommands } from '../plan/seal.ts'
import { plannedOf, settledDevice } from '../plan/settled.ts'
import { storePlan } from '../plan/stored-plan.ts'
import { touchedThings } from '../plan/touched.ts'
import { watchedNeighbors } from '../plan/watched.ts'
import type { ChangePort, DeviceEvidence } from '../task/act/context.ts'
import type { AroundRunner } from './around-runner.ts'
import { confirmationGroups } from './confirmation-groups.ts'
import { isConcerned } from './evaluate-map.ts'
import type { KeptPlan } from './kept-plan.ts'
import type { Ledger } from './ledger.ts'
import { keepConfigs, plannedBase } from './planned-bases.ts'
import type { ChangePorts } from './ports.ts'

/** Stores a plan and puts it on record, with what its switches ran where they were asked for it. */
export async function recordPlan(
  ports: Pick<ChangePorts, 'texts'>,
  ledger: Ledger,
  plan: Plan,
  evidence: readonly DeviceEvidence[] = [],
): Promise<void> {
  const changed = new Set(plan.content.waves.flat())
  await ledger.append({
    type: 'PlanMade',
    digest: plan.digest,
    plan: await storePlan(ports.texts, plan),
    waves: plan.content.waves,
    unchanged: plan.content.devices.map(({ name }) => name).filter((name) => !changed.has(name)),
    ...(await keepConfigs(ports.texts, evidence, changed)),
    ...(plan.content.canary === undefined ? {} : { canaries: plan.content.canary.switches }),
    ...(plan.content.leftOut === undefined ? {} : { leftOut: plan.content.leftOut }),
    ...(plan.evidence.cloudVision === undefined ? {} : { cloudVision: plan.evidence.cloudVision }),
  })
}

/** The change of an execution, as its tasks see it. */
export function changePort(
  ports: ChangePorts,
  ledger: Ledger,
  kept: KeptPlan,
  { beginSecret }: Pick<AroundRunner, 'beginSecret'>,
): ChangePort {
  const plan = (): Promise<Plan> => kept.get()
  const groupOf = confirmationGroups(ledger)
  return {
    render: (device) => ports.planning.render(device),
    compute: (name, identity, reading, change) => offlineEvidence({ name, identity, ...reading, state: {} }, change),
    behind: ({ staged }) => {
      if (ports.planning.behind !== true || ledger.state.targets.length > MOST_ASKED_BEHIND) return undefined
      const { changes, before } = comparisonOf(staged)
      return behindQuestion(touchedThings(changes, before), before)
    },
    settle: async (evidence, neighbors) => {
      const { targets, leftOut } = ledger.state
      const silent = targets.flatMap((name): LeftOutSwitch[] => {
        const one = leftOut.get(name)
        return one === undefined ? [] : [{ name, ...one }]
      })
      const replaced = replacedSwitches(evidence)
      const judged = replaced.length === 0 ? evidence : withIntended(evidence, await ports.planning.intended(replaced))
      const made = await ports.planning.make(judged, neighbors, silent)
      await recordPlan(ports, ledger, made, evidence)
      kept.keep(made)
      if (ledger.state.purpose === 'run' && made.content.waves.length === 0) await beginSecret()
      return { digest: made.digest, changed: made.content.waves.flat().length }
    },
    requireEos: (device, eos) => {
      if (ports.planning.takesBack !== true) requireSupportedEos(device, eos)
    },
    planned: async (device) => settledDevice(await plan(), device, ports.planning.key, ports.planning.scrub),
    baseText: async (device) => plannedBase(ports, (await plan()).digest, device),
    changedBy: async (device, running) =>
      ports.planning.changedSince?.(device, (await plan()).evidence.createdAt, running),
    renderAgain: async (device) => {
      const change = await ports.planning.render(device)
      if (sealCommands(ports.planning.key, change) === plannedOf(await plan(), device).linesHmac) return change
      throw new EosflowError('stale', `${device}: the workflow now gives other lines than the approved ones`, {
        device,
        hint: 'Plan again and have the new plan approved.',
      })
    },
    changed: async () => (await plan()).content.waves.flat().filter((device) => isConcerned(ledger.state, device)),
    baseline: async (device) => (await plan()).evidence.state[device] as Awaited<ReturnType<ChangePort['baseline']>>,
    watched: async (device) => watchedNeighbors(await plan(), device, ports.planning.key),
    roundTrip: async (device) => (await plan()).evidence.roundTrips?.[device],
    confirmedWith: async (device) => groupOf(await plan(), device),
  }
}
