import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { COMPLY_FILE } from '../../change/plan/comply/comply-file.ts'
import { KNOWN_FORMS_FILE } from '../../change/plan/taken-forms.ts'
import { CHANGES_FOLDER, isChangeFile } from '../../change/workflow/change-file.ts'
import { CATALOG } from './catalog-file.ts'
import { fabricFolders, isFabricFolder } from './fabric-folder.ts'
import { TRUST_FILES } from './loaded-policy.ts'
import type { Project } from './project.ts'
import { filesBelow, filesIn, isFolder } from './test-files.ts'
import type { WorkflowTests } from './workflow-tests.ts'

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

export function workflowsIn(dir: string): readonly string[] {
  const folder = join(dir, 'workflows')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => `workflows/${name}`)
}

export function changeFilesIn(dir: string): readonly string[] {
  return filesBelow(dir, CHANGES_FOLDER).filter(isChangeFile)
}

/** Throws InputError. */
export function filesMeant(typed: readonly string[], project: Project, tests: WorkflowTests): readonly string[] {
  return typed.length === 0 ? filesOf(project, tests) : typed.flatMap((path) => filesBehind(path, project, tests))
}

// Throws InputError where there is none.
function filesBehind(typed: string, project: Project, tests: WorkflowTests) {
  const path = project.pathOf(typed)
  if (isFabricFolder(join(project.dir, path))) return [`${path}/fabric.yaml`]
  if (!isFolder(join(project.dir, path))) return [path]
  const isBelow = (file: string) => path === '' || file.startsWith(`${path}/`)
  const own = filesOf(project, tests).filter((file) => isBelow(file) && existsSync(join(project.dir, file)))
  return own.length > 0 ? own : filesIn(project.dir, path, isYaml, 'there is no file below it that can be judged')
}

const isYaml = (path: string) => /\.(?:ya?ml|asl\.json)$/.test(path)
