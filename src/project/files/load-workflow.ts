import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { builtinTasks } from '../../change/task/builtin/index.ts'
import { CHANGES_FOLDER, isChangeFile } from '../../change/workflow/change-file.ts'
import { compileWorkflow } from '../../change/workflow/compile.ts'
import type { Workflow } from '../../change/workflow/definition/workflow.ts'
import type { Files } from '../../change/workflow/template/files.ts'
import { knownChecks } from '../../eos/check/builtin/known-checks.ts'
import { type Problem, problemOf } from '../../model/error.ts'
import { absentProblem } from '../../text/source/files.ts'
import { suggest } from '../../text/source/suggest.ts'
import { bundled } from '../system/bundled.ts'
import { workflowKeys } from '../system/feature/feature.ts'
import { InputError, orProblems } from '../system/process/input-error.ts'
import { withFailover } from './failover.ts'
import type { Project } from './project.ts'

/** `known`: the workflows that whoever asks may see; the nearest is named where there is none at the path. Throws InputError. */
export function loadWorkflow(project: Project, path: string, known: readonly string[] = []): Workflow {
  const content = project.files(path)
  if (content === undefined) {
    throw new InputError([absentProblem(project.files, path, missingFile(path, known))])
  }
  const text = Buffer.from(content).toString('latin1')
  const last = lastCompiled.get(project.files)
  if (last?.workflow.file === path && last.text === text) return last.workflow
  const outside = changeFileOutside(path, content)
  if (outside !== undefined) throw new InputError([outside])
  const { files, policyPresent } = project
  const roles = Object.keys(project.policy()?.policy.roles ?? {})
  const compiled = orProblems(
    compileWorkflow(content, path, {
      files,
      policyPresent,
      roles,
      keys: workflowKeys(project.features),
      settings: project.settings,
      around: project.settings.around,
      checks: knownChecks,
      tasks: builtinTasks,
    }),
  )
  const workflow = withFailover(project, compiled)
  lastCompiled.set(files, { text, workflow })
  return workflow
}

function missingFile(path: string, known: readonly string[]) {
  if (path.endsWith('.plan')) {
    const hint = 'a plan that is made from a workflow is saved where you say'
    return problemOf(path, 'no-such-file', 'there is no such saved plan in the project', hint)
  }
  const word = path.replace(/^(?:\.\.\/)+/, '')
  const isName = !word.includes('/') && !word.includes('.')
  const near =
    suggest(word, known) ?? known.find((file) => basename(file) === basename(word)) ?? nearestName(word, known)
  if (near !== undefined)
    return problemOf(path, 'no-such-file', 'there is no such workflow in the project', `did you mean ${near}?`)
  const name = basename(path, '.yaml')
  if (existsSync(bundled(`workflows/${name}.yaml`)))
    return problemOf(
      path,
      'no-such-file',
      'this workflow is shipped, and not in the project',
      'init adds it to a project: docs/first-workflow.md#the-bundled-workflows',
    )
  const hint = isName
    ? `a workflow is named by its file, as workflows/${word}.yaml`
    : 'name a workflow file or a saved plan inside the project'
  return problemOf(path, 'no-such-file', 'there is no such workflow in the project', hint)
}

function nearestName(word: string, known: readonly string[]) {
  const nameOf = (file: string) => basename(file).replace(/\.ya?ml$/, '')
  const near = suggest(nameOf(word), known.map(nameOf))
  return known.find((file) => nameOf(file) === nameOf(word)) ?? known.find((file) => nameOf(file) === near)
}

export function changeFileOutside(path: string, content: string | Uint8Array): Problem | undefined {
  const text = Buffer.from(content).toString('utf8')
  if (isChangeFile(path) || !/^workflow:/m.test(text) || /^(?:steps|states|startAt):/m.test(text)) return undefined
  const hint = `Put it there, and name it there: ${CHANGES_FOLDER}/${basename(path)}`
  return problemOf(
    path,
    'outside-changes',
    `this is a change file, and those are in the folder ${CHANGES_FOLDER}/`,
    hint,
  )
}

// An execution asks for its workflow once per switch and act; its templates are read again each time.
const lastCompiled = new WeakMap<Files, { readonly text: string; readonly workflow: Workflow }>()
