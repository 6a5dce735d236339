import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { ConfigChange } from '../../../eos/config/diff/diff.ts'
import { EosflowError } from '../../../model/error.ts'
import type { RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { filedApp, judgingApp } from '../../history/bundle/app-for.ts'
import { planAsApproved } from '../../history/plans/settled-plan.ts'
import { unreadableText } from '../../system/process/unreadable-text.ts'

/** For how long an undo may be approved at most, in seconds: 7 days, as any approval. */
export const LONGEST_UNDO = 7 * 86_400

// So many decisions are looked at, the newest first: an undo is approved for some days at most.
const MOST_READ = 1000

/** The newest approval of a plan that approves an undo of it too, by the digest of the plan; undefined where there is none. */
export async function undoDecision(
  { store }: Pick<ProjectStore, 'store'>,
  plan: string,
): Promise<Extract<JournalEvent, { type: 'ApprovalDecided' }> | undefined> {
  const decisions = await store.newestOf('ApprovalDecided', MOST_READ)
  return decisions.find(({ undoes, statement }) => undoes === plan && statement.decision === 'approve')
}

/** The newest undo that was approved with a plan; undefined where there is none. Throws `stale` for one that cannot be read as it was approved. */
export async function undoOnRecord(app: Pick<ProjectStore, 'store'>, plan: string): Promise<Plan | undefined> {
  const found = await undoDecision(app, plan)
  if (found?.undo === undefined) return undefined
  const { undo: ref, statement } = found
  const undo = await planAsApproved(app, { ref, digest: statement.plan, what: 'the undo on record' })
  if (undonePlan(undo.content.workflow.file) === plan) return undo
  throw new EosflowError('stale', 'the undo on record is another plan than the one that was approved')
}

export interface RollbackSources {
  readonly version: 1
  /** What is taken back: an execution by its id, or, as `plan-` and its digest in hex, a plan that this was approved with. */
  readonly of: string
  readonly files: Readonly<Record<string, string>>
  readonly changes: Readonly<Record<string, readonly ConfigChange[]>>
  readonly asRecorded?: true
}

export const WORKFLOW = 'workflow.yaml'

const KEPT = /^rollback\/(?<of>[^/]+)\/(?<ref>blob:[0-9a-f]+)\/workflow\.yaml$/
const PLAN = 'plan-'
const DIGEST = 'sha256:'

export async function keepSources(app: RecordApp, sources: RollbackSources): Promise<string> {
  return `rollback/${sources.of}/${await app.store.put(JSON.stringify(sources))}/${WORKFLOW}`
}

export const undoOf = (plan: string): string => PLAN + plan.slice(DIGEST.length)

/** What a rollback takes back, by the path of its workflow: an execution by its id, or a plan by its digest; undefined for every other workflow. */
export function takenBack(path: string): string | undefined {
  return undonePlan(path) ?? KEPT.exec(path)?.groups?.of
}

/** The digest of the plan that an undo takes back, by the path of its workflow; undefined for every other workflow. */
export function undonePlan(path: string): string | undefined {
  const of = KEPT.exec(path)?.groups?.of
  return of?.startsWith(PLAN) === true ? DIGEST + of.slice(PLAN.length) : undefined
}

/** The sources of a rollback by the path of its workflow; undefined for a workflow of the project. Throws `stale`. */
export async function sourcesAt(app: RecordApp, path: string): Promise<RollbackSources | undefined> {
  const ref = KEPT.exec(path)?.groups?.ref
  if (ref === undefined) return undefined
  try {
    return JSON.parse(await app.store.get(ref)) as RollbackSources
  } catch (cause) {
    throw unreadableText('the sources of the rollback were altered or are missing', cause)
  }
}

export function appWith<A extends RecordApp>(app: A, path: string, { files }: RollbackSources): A {
  const folder = path.slice(0, -WORKFLOW.length)
  const { project } = app
  return {
    ...app,
    project: {
      ...project,
      invariants: () => {
        const loaded = project.invariants()
        return loaded === undefined ? undefined : { ...loaded, isUndo: true }
      },
      files: Object.assign(
        (file: string) => (file.startsWith(folder) ? files[file.slice(folder.length)] : project.files(file)),
        project.files.bundle === undefined ? {} : { bundle: project.files.bundle },
      ),
    },
  }
}

/** Throws `stale`. */
export async function appOf<A extends RecordApp>(given: A, state: ExecutionState): Promise<A> {
  const sources = await sourcesAt(given, state.file)
  const app = await judgingApp(given, state)
  return sources === undefined ? filedApp(app, state) : appWith(app, state.file, sources)
}
