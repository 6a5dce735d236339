import type { App } from '../../app/app.ts'

/** What an anchor or a sink has not taken yet. */
export interface Receiver {
  /** `anchor NAME` or `sink NAME`. */
  readonly target: string
  /** How many checkpoints an anchor, or records a sink, has not taken. */
  readonly behind: number
  /** How old the oldest of those checkpoints is, in seconds: 0 where there is none. Absent for a sink. */
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
  const { anchors, sinks } = project.settings.audit
  const found: Receiver[] = []
  for (const { name } of anchors) {
    const target = `anchor ${name}`
    const missing = await audit.checkpoints((await audit.delivery(target))?.position ?? 0)
    const [first] = missing
    const oldest = first === undefined ? 0 : Math.max(0, clock.now() - Date.parse(first.at)) / 1000
    found.push({ target, behind: missing.length, oldest })
  }
  if (sinks.length === 0) return found
  const { seq } = await store.head()
  for (const { name } of sinks) {
    const target = `sink ${name}`
    found.push({ target, behind: Math.max(0, seq - ((await audit.delivery(target))?.position ?? 0)) })
  }
  return found
}
