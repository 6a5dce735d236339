import type { ExecutionState } from '../../../change/engine/state.ts'
import type { ConfigChange } from '../../../eos/config/diff/diff.ts'
import type { App } from '../../app/app.ts'
import { filedApp, judgingApp } from '../../history/bundle/app-for.ts'
import { unreadableText } from '../../system/process/unreadable-text.ts'

/**
 * What the rollback of a change is made from, as it is kept beside the journal: a workflow like any other, the lines of each switch,
 * and what they must come to. A rollback that is resumed is rendered from here again, whatever became of the project's files.
 */
export interface RollbackSources {
  readonly version: 1
  /** What is taken back: an execution by its id, or, as `plan-` and its digest in hex, a plan that this was approved with. */
  readonly of: string
  /** The workflow, and a file of lines for each switch, by their names. */
  readonly files: Readonly<Record<string, string>>
  /** The inverse of the approved change of each switch. */
  readonly changes: Readonly<Record<string, readonly ConfigChange[]>>
  /** It was worked out from the record alone, by a process that reaches no switch: who plans it looks at each how it is. */
  readonly asRecorded?: true
}

/** The name of the workflow among the files. */
export const WORKFLOW = 'workflow.yaml'

const KEPT = /^rollback\/(?<of>[^/]+)\/(?<ref>blob:[0-9a-f]+)\/workflow\.yaml$/
const PLAN = 'plan-'
const DIGEST = 'sha256:'

/** Keeps the sources of a rollback. Gives the path of its workflow, which names the artefact. */
export async function keepSources(app: App, sources: RollbackSources): Promise<string> {
  return `rollback/${sources.of}/${await app.store.put(JSON.stringify(sources))}/${WORKFLOW}`
}

/** What the sources of an undo take back: a plan, by its digest. */
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
export async function sourcesAt(app: App, path: string): Promise<RollbackSources | undefined> {
  const ref = KEPT.exec(path)?.groups?.ref
  if (ref === undefined) return undefined
  try {
    return JSON.parse(await app.store.get(ref)) as RollbackSources
  } catch (cause) {
    throw unreadableText('the sources of the rollback were altered or are missing', cause)
  }
}

/** The application, where the files of a rollback lie beside those of the project. */
export function appWith(app: App, path: string, { files }: RollbackSources): App {
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

/** The application as an execution finds its sources in it: the project as it is, of a commit or a bundle, or with what a rollback has kept. Throws `stale`. */
export async function appOf(given: App, state: ExecutionState): Promise<App> {
  const sources = await sourcesAt(given, state.file)
  const app = await judgingApp(given, state)
  return sources === undefined ? filedApp(app, state) : appWith(app, state.file, sources)
}
