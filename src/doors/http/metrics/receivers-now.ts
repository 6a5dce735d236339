import { targetCursor } from '../../../features/notify/target-queue.ts'
import type { App } from '../../../project/app/app.ts'

/** What an anchor or a sink has not taken yet. */
export interface Receiver {
  /** `anchor NAME`, `sink NAME`, or `notify NAME`. */
  readonly target: string
  /** How many checkpoints an anchor, or records a sink or a target of notifications, has not taken. */
  readonly behind: number
  /** How old the oldest of those checkpoints is, in seconds: 0 where there is none. Absent for a sink and a target. */
  readonly oldest?: number
}

/** What the receivers of the settings have not taken. Throws `store`. */
export async function receiversNow({
  audit,
  clock,
  project,
  store,
}: Pick<App, 'audit' | 'clock' | 'project' | 'store'>): Promise<readonly Receiver[]> {
  if (audit === undefined) return []
  const { audit: kept, notify } = project.settings
  const { anchors, sinks } = kept
  const found: Receiver[] = []
  for (const { name } of anchors) {
    const target = `anchor ${name}`
    const missing = await audit.checkpoints((await audit.delivery(target))?.position ?? 0)
    const [first] = missing
    const oldest = first === undefined ? 0 : Math.max(0, clock.now() - Date.parse(first.at)) / 1000
    found.push({ target, behind: missing.length, oldest })
  }
  if (sinks.length + notify.targets.length === 0) return found
  const { seq } = await store.head()
  const behind = async (target: string, position: number): Promise<Receiver> => {
    const taken = (await audit.delivery(target))?.position ?? position
    return { target, behind: Math.max(0, seq - taken) }
  }
  for (const { name } of sinks) found.push(await behind(`sink ${name}`, 0))
  // A target that is new is sent what comes from then on.
  for (const { name } of notify.targets) found.push(await behind(targetCursor.told(name), seq))
  return found
}
