import type { App } from '../../app/app.ts'
import { Refusal } from '../fault.ts'

/** Requires that an execution has no newer record than the one that whoever asks has seen (RFC 9110, section 13.1.1). Absent: anything goes. */
export async function requireUnchanged(app: App, execution: string, newest: number | undefined): Promise<void> {
  if (newest === undefined) return
  const found = await app.store.resolveExecution(execution)
  if (found.found !== 'one') return
  const last = (await app.store.read(found.id)).at(-1)
  if (last?.seq === newest) return
  throw new Refusal({
    kind: 'changed-meanwhile',
    message: `${found.id} has newer records than the one that was seen`,
    hint: 'Look at it again.',
  })
}
