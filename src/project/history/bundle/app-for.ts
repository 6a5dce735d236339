import type { ExecutionState } from '../../../change/engine/state.ts'
import { unsettled } from '../../../change/engine/undo.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Files } from '../../../text/source/files.ts'
import type { RecordApp } from '../../app/app.ts'
import { isUnread, unreadInForce } from './at-hand.ts'
import { keptApp } from './kept-files.ts'
import { appAt, withFiles } from './project-at.ts'
import { published } from './published.ts'
import { bundleFiles } from './read-bundle.ts'

/** Throws `stale`. */
export async function judgingApp<A extends RecordApp>(app: A, state: ExecutionState): Promise<A> {
  if (state.bundle === undefined && app.project.published === undefined) return app
  try {
    return await published(app)
  } catch (error) {
    if (unsettled(state).length === 0) throw error
    return app
  }
}

export async function brakingApp<A extends RecordApp>(app: A, state: ExecutionState): Promise<A> {
  try {
    return await judgingApp(app, state)
  } catch (error) {
    if (!isUnread(error)) throw error
    return { ...app, project: { ...app.project, inForce: await unreadInForce(app, error) } }
  }
}

/** Throws `stale`. */
export async function filedApp<A extends RecordApp>(app: A, state: ExecutionState): Promise<A> {
  const kept = await keptApp(app, state.file)
  if (kept !== undefined) return kept
  if (state.bundle === undefined) return appAt(app, state.commit)
  return { ...app, project: withFiles(app.project, await filesFor(app, state, state.bundle)) }
}

async function filesFor(app: RecordApp, state: ExecutionState, digest: string): Promise<Files> {
  try {
    return await bundleFiles(app.store, digest)
  } catch (error) {
    if (!(error instanceof EosflowError) || unsettled(state).length === 0) throw error
    return Object.assign(() => undefined, { why: () => 'unreadable-bundle' as const, bundle: digest })
  }
}
