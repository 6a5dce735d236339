import type { ArtefactRef } from '../record/event/artefact-ref.ts'
import type { JournalEvent } from '../record/event/event.ts'
import type { DeviceEvidence } from '../task/act/context.ts'
import type { ChangePorts } from './ports.ts'

/** So many characters of configurations are kept with a plan; with more than that, what has changed since is not told line by line. */
const MOST_KEPT = 8_000_000

/** What is kept of the switches of a plan, each a text of references by switch. */
export interface KeptConfigs {
  /** What they ran when it was made, so that a stale plan can say what has changed since. */
  readonly bases?: ArtefactRef
  /** What they said that they would run with the change, from which its undo is worked out. */
  readonly candidates?: ArtefactRef
}

/** Keeps the configurations that a plan was made of. They are what a push keeps as well, and stored once. Nothing where it is too much. */
export async function keepConfigs(
  texts: ChangePorts['texts'],
  evidence: readonly DeviceEvidence[],
  changed: ReadonlySet<string>,
): Promise<KeptConfigs> {
  const kept = evidence.filter(({ device }) => changed.has(device))
  const size = kept.reduce((sum, { staged }) => sum + staged.running.length, 0)
  if (kept.length === 0 || size > MOST_KEPT) return {}
  const keep = async (of: 'running' | 'candidate'): Promise<ArtefactRef> => {
    const refs = await Promise.all(
      kept.map(async ({ device, staged }) => [device, await texts.put(staged[of])] as const),
    )
    return texts.put(JSON.stringify(Object.fromEntries(refs)))
  }
  const [bases, candidates] = await Promise.all([keep('running'), keep('candidate')])
  return { bases, candidates }
}

/**
 * What a switch ran when a plan was made, as the execution that made it has kept it: the asking one, or another of this store where the
 * plan came from a file. Undefined where this store has not kept it.
 */
export async function plannedBase(
  { texts, executionIds, readExecution }: Pick<ChangePorts, 'texts' | 'executionIds' | 'readExecution'>,
  digest: string,
  device: string,
): Promise<string | undefined> {
  for (const id of await executionIds(MOST_READ)) {
    const bases = basesIn(await readExecution(id, { of: ['PlanMade'] }), digest)
    if (bases === undefined) continue
    const refs = JSON.parse(await texts.get(bases)) as Readonly<Record<string, ArtefactRef>>
    const ref = Object.hasOwn(refs, device) ? refs[device] : undefined
    if (ref !== undefined) return texts.get(ref)
  }
  return undefined
}

/** So many executions are read for it, the newest first: a plan holds some hours. */
const MOST_READ = 200

function basesIn(events: readonly JournalEvent[], digest: string): ArtefactRef | undefined {
  for (const event of events) {
    if (event.type === 'PlanMade' && event.digest === digest && event.bases !== undefined) return event.bases
  }
  return undefined
}
