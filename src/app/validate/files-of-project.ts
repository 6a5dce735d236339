import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { COMPLY_FILE } from '../../plan/comply/comply-file.ts'
import { KNOWN_FORMS_FILE } from '../../plan/vouched-forms.ts'
import { CHANGES_FOLDER, isChangeFile } from '../../workflow/change-file.ts'
import { CATALOG } from '../check/catalog-file.ts'
import { TRUST_FILES } from '../policy/loaded-policy.ts'
import { fabricFolders, isFabricFolder } from '../project/fabric-folder.ts'
import type { Project } from '../project/project.ts'
import { filesBelow } from './test-files.ts'
import type { WorkflowTests } from './workflow-tests.ts'

/** Settings, inventory, policy, trusted keys, catalog, known forms of lines, exceptions of comparisons, advisories, invariants, every workflow, change file, fabric and test, by their paths from the project's root. */
export function filesOf(project: Project, tests: WorkflowTests): readonly string[] {
  return [
    'eosflow.yaml',
    project.settings.inventory,
    ...(project.policyPresent ? [project.settings.policy] : []),
    ...TRUST_FILES.filter((file) => project.stands(file)),
    ...[CATALOG, KNOWN_FORMS_FILE, COMPLY_FILE].filter((file) => project.stands(file)),
    ...(project.settings.plan.advisories === undefined ? [] : [project.settings.plan.advisories]),
    ...project.invariantFiles(),
    ...workflowsIn(project.dir),
    ...changeFilesIn(project.dir),
    ...fabricFolders(project).map((folder) => project.pathOf(join(folder, 'fabric.yaml'))),
    ...tests.filesOf(project),
  ]
}

/** The workflows of a project, by their paths from its root. */
export function workflowsIn(dir: string): readonly string[] {
  const folder = join(dir, 'workflows')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => `workflows/${name}`)
}

/** The change files of a project, by their paths from its root. */
export function changeFilesIn(dir: string): readonly string[] {
  return filesBelow(dir, CHANGES_FOLDER).filter(isChangeFile)
}

/** The file that is meant by a path as somebody typed it, from the project's root: a folder with a fabric means its `fabric.yaml`. */
export function fileMeant(typed: string, project: Project): string {
  const path = project.pathOf(typed)
  return isFabricFolder(join(project.dir, path)) ? `${path}/fabric.yaml` : path
}
