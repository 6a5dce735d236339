import { lackedState } from '../../change/plan/lacked-state.ts'
import { makePlan } from '../../change/plan/make-plan.ts'
import { type OfflineDevice, offlineEvidence } from '../../change/plan/offline.ts'
import type { Plan } from '../../change/plan/plan.ts'
import type { PreparedChange } from '../../change/plan/prepare.ts'
import { replacedSwitches, withIntended } from '../../change/plan/seal.ts'
import { doubtedIn, isTakenBy, NOTHING_TAKEN, withoutTaken } from '../../change/plan/taken-forms.ts'
import { onEachNow } from '../../change/task/act/act.ts'
import type { RenderedChange } from '../../change/task/act/rendered-change.ts'
import { messageOf, problemOf } from '../../model/error.ts'
import { openProjectStore, type ProjectStore } from '../app/store/project-store.ts'
import type { Project } from '../files/project.ts'
import { callerOf } from '../identity/caller-of.ts'
import { branchOf } from '../switches/inventory/refresh-sources.ts'
import { offlineDevices } from '../switches/snapshot/offline-devices.ts'
import type { Host, WordedHost } from '../system/process/host.ts'
import { InputError } from '../system/process/input-error.ts'
import { noSeams } from '../system/process/seams.ts'
import { advisoriesOf, definitionOf, readingRules, sealingOf } from './definition/definition-of.ts'
import { intendedOf } from './intent/intended-of.ts'
import { takenEvidence, unreadWords, untoldWords } from './taken-forms.ts'

/** What switches have taken before is known by the version that the store has last read of each. @param tell gets a note for what is not known of them */
export async function planOffline(
  project: Project,
  host: Host,
  prepared: PreparedChange,
  source: unknown,
  tell: (note: string) => void = () => undefined,
): Promise<Plan> {
  const known = await offlineDevices(project, host, {
    source: typeof source === 'string' ? source : undefined,
    names: prepared.devices.map(({ name }) => name),
  })
  const changes = prepared.devices.map(({ name }) => {
    const change = prepared.changes[name]
    if (change === undefined) throw new InputError([unknownDevice(host, name)])
    return { device: deviceNamed(host, known, name), change }
  })
  const { principal: requester } = await callerOf(project, host)
  const kept = await openProjectStore(project, host)
  const sealing = sealingOf({ ...kept, project })
  const read = async () => {
    const taken = await withoutWhatWasTaken(kept, changes, tell)
    const evidence = onEachNow(taken, ({ device, change }) => offlineEvidence(device, change))
    return { evidence, intended: await intendedOf(kept, replacedSwitches(evidence)) }
  }
  const { evidence, intended } = await read().finally(() => kept.store.close())
  const loaded = project.policy()
  const definition = definitionOf(prepared, {
    requester,
    sealing,
    createdAt: new Date((host.seams ?? noSeams).clock.now()).toISOString(),
    key: kept.key.text,
    offline: true,
    lacked: lackedState(prepared.workflow, { areas: evidence.map(({ state }) => Object.keys(state)), isOffline: true }),
    policy: loaded?.digest ?? null,
    ...(loaded === undefined ? {} : readingRules(loaded.policy, prepared)),
    ...(loaded?.policy.gate === undefined ? {} : { isGateUnasked: true }),
    branch: branchOf(project),
    invariants: project.invariants(),
    checkpoints: project.settings.checkpoints,
    advisories: advisoriesOf(project),
    maxUnderChange: project.settings.maxUnderChange,
    scrub: (text) => host.scrubber.scrub(text),
  })
  return makePlan(definition, withIntended(evidence, intended))
}

interface OfflineChange {
  readonly device: OfflineDevice
  readonly change: RenderedChange
}

async function withoutWhatWasTaken(
  app: Pick<ProjectStore, 'notes'>,
  changes: readonly OfflineChange[],
  tell: (note: string) => void,
): Promise<readonly OfflineChange[]> {
  const forms = [...new Set(changes.flatMap(({ change }) => doubtedIn(change)))]
  const evidence = await takenEvidence(app, forms).catch((error) => {
    tell(untoldWords(messageOf(error)))
    return NOTHING_TAKEN
  })
  const unread = new Set<string>()
  const isTaken = isTakenBy(evidence, (device) => unread.add(device))
  const left = changes.map(({ device, change }) => ({
    device,
    change: withoutTaken(change, (form) => isTaken(device.name, form)),
  }))
  if (unread.size > 0) tell(unreadWords([...unread]))
  return left
}

function deviceNamed(host: WordedHost, devices: ReadonlyMap<string, OfflineDevice>, name: string) {
  const found = devices.get(name)
  if (found === undefined) throw new InputError([unknownDevice(host, name)])
  return found
}

function unknownDevice(host: WordedHost, name: string) {
  return problemOf(
    host.words({ code: 'given', input: 'offline' }),
    'no-offline-source',
    `nothing is known of ${name} offline`,
    host.words({ code: 'name-offline-source-of-switch' }),
  )
}
