import { keptFilesOf } from '../../model/kept-workflow.ts'
import type { App } from '../app.ts'
import { unreadableText } from '../unreadable-text.ts'

/** What a restore is made from, as it is kept beside the journal: a workflow like any other, and the whole configuration of each switch. */
interface RestoreSources {
  readonly version: 1
  readonly files: Readonly<Record<string, string>>
}

const WORKFLOW = 'workflow.yaml'
const RESTORE = 'restore/'

/** Keeps the files of a restore. Gives the path of its workflow, which names the artefact. */
export async function keepRestore(
  app: App,
  workflow: string,
  configs: Readonly<Record<string, string>>,
): Promise<string> {
  const files = Object.fromEntries(Object.entries(configs).map(([name, text]) => [`${name}.cfg`, text]))
  const sources: RestoreSources = { version: 1, files: { ...files, [WORKFLOW]: workflow } }
  return `${RESTORE}${await app.store.put(JSON.stringify(sources))}/${WORKFLOW}`
}

/** The application, where the files of a restore lie beside those of the project; undefined for every other workflow. Throws `stale`. */
export async function restoringApp(app: App, path: string): Promise<App | undefined> {
  const ref = path.startsWith(RESTORE) ? keptFilesOf(path) : undefined
  if (ref === undefined) return undefined
  const { files } = await sourcesAt(app, ref)
  const folder = path.slice(0, -WORKFLOW.length)
  const { project } = app
  const filed = (file: string) => (file.startsWith(folder) ? files[file.slice(folder.length)] : project.files(file))
  const { bundle } = project.files
  return { ...app, project: { ...project, files: Object.assign(filed, bundle === undefined ? {} : { bundle }) } }
}

async function sourcesAt(app: App, ref: string): Promise<RestoreSources> {
  try {
    return JSON.parse(await app.store.get(ref)) as RestoreSources
  } catch (cause) {
    throw unreadableText('the files of the restore were altered or are missing', cause)
  }
}
