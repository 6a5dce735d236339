import { type KeptPurpose, keptFilesOf, keptPurposeOf } from '../../../model/kept-workflow.ts'
import type { RecordApp } from '../../app/app.ts'
import { unreadableText } from '../../system/process/unreadable-text.ts'

interface KeptFiles {
  readonly version: 1
  readonly files: Readonly<Record<string, string>>
}

const WORKFLOW = 'workflow.yaml'

export async function keepFiles(
  app: RecordApp,
  purpose: Exclude<KeptPurpose, 'rollback'>,
  workflow: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const kept: KeptFiles = { version: 1, files: { ...files, [WORKFLOW]: workflow } }
  return `${purpose}/${await app.store.put(JSON.stringify(kept))}/${WORKFLOW}`
}

/** The application, where the kept files of a workflow lie beside those of the project; undefined for every other workflow. Throws `stale`. */
export async function keptApp<A extends RecordApp>(app: A, path: string): Promise<A | undefined> {
  const purpose = keptPurposeOf(path)
  const ref = keptFilesOf(path)
  if (ref === undefined || purpose === undefined || purpose === 'rollback') return undefined
  const { files } = await keptAt(app, ref, purpose)
  const folder = path.slice(0, -WORKFLOW.length)
  const { project } = app
  const filed = (file: string) => (file.startsWith(folder) ? files[file.slice(folder.length)] : project.files(file))
  const { bundle } = project.files
  return { ...app, project: { ...project, files: Object.assign(filed, bundle === undefined ? {} : { bundle }) } }
}

async function keptAt(app: RecordApp, ref: string, purpose: KeptPurpose) {
  try {
    return JSON.parse(await app.store.get(ref)) as KeptFiles
  } catch (cause) {
    throw unreadableText(`the files of the ${purpose} were altered or are missing`, cause)
  }
}
