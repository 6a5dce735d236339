import type { Workflow } from '../../../change/workflow/definition/workflow.ts'
import { readParam } from '../../../change/workflow/param/read.ts'
import type { Problem } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { absentProblem } from '../../../text/source/files.ts'
import {
  keyPlaceOf,
  type LocatedValue,
  locatedNowhere,
  type Path,
  placeOf,
  problemsOf,
} from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import { loadWorkflow } from '../../files/load-workflow.ts'
import type { Project } from '../../files/project.ts'
import { isExpression } from '../../files/settings/event-expression.ts'
import { parseSettings } from '../../files/settings/settings.ts'
import { InputError } from '../../system/process/input-error.ts'

interface Asked {
  readonly path: Path
  readonly workflow: string
  readonly params: Json
}

export function askedWorkflowProblems(
  content: string | Uint8Array,
  file: string,
  project: Project,
): readonly Problem[] {
  const [settings, located] = [parseSettings(content, file, project.features), readYaml(content, file)]
  if (!settings.ok || !located.ok) return []
  const { events, schedules } = settings.value
  const asked: readonly Asked[] = [
    ...events.flatMap(({ does, workflow, params, commit }, index) =>
      commit === undefined ? [{ path: ['events', index, does], workflow, params }] : [],
    ),
    ...schedules.flatMap(({ workflow, params }, index) =>
      workflow === undefined ? [] : [{ path: ['schedules', index], workflow, params: params as JsonObject }],
    ),
  ]
  return asked.flatMap((one) => problemsIn(one, located.value, project))
}

function problemsIn({ path, workflow, params }: Asked, settings: LocatedValue, project: Project) {
  const at = placeOf(settings, [...path, 'workflow'])
  if (project.files(workflow) === undefined) {
    const hint = 'Name the file of a workflow, from the root of the project.'
    const missing = { code: 'no-such-file', message: `there is no workflow ${workflow} in the project`, at, hint }
    return [absentProblem(project.files, workflow, missing)]
  }
  const loaded = loadedOrWhy(project, workflow)
  if (typeof loaded === 'string') {
    const hint = 'Mend the workflow first.'
    return [{ code: 'bad-workflow', message: `the workflow ${workflow} is not good: ${loaded}`, at, hint }]
  }
  // One expression gives all of them, and nobody knows which before an event comes.
  return isJsonObject(params) ? paramProblems(loaded, params, settings, path) : []
}

function loadedOrWhy(project: Project, workflow: string) {
  try {
    return loadWorkflow(project, workflow)
  } catch (error) {
    if (error instanceof InputError) return error.problems[0]?.message ?? error.message
    throw error
  }
}

function paramProblems(
  { name: workflow, params: declared }: Workflow,
  given: JsonObject,
  settings: LocatedValue,
  path: Path,
): readonly Problem[] {
  const placeIn = (name: string) => keyPlaceOf(settings, [...path, 'params', name])
  const unknown = Object.keys(given)
    .filter((name) => !Object.hasOwn(declared, name))
    .map((name) => {
      const message = `the workflow ${workflow} has no parameter \`${name}\``
      const known = Object.keys(declared)
      const hint = known.length === 0 ? 'this workflow has no parameters' : didYouMean(name, known)
      return { code: 'unknown-parameter', message, at: placeIn(name), hint }
    })
  const bad = Object.entries(declared).flatMap(([name, param]) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value !== undefined && hasExpression(value)) return []
    // A text is read as behind `-p`, as when an event comes or a schedule is due.
    const read = value === undefined || typeof value === 'string' ? value : locatedNowhere(value, name)
    const own =
      value === undefined
        ? { at: keyPlaceOf(settings, path), hint: `Give \`${name}\` under \`params:\`.` }
        : { at: placeIn(name) }
    return problemsOf(readParam(name, param, read)).map((problem) => ({ ...problem, ...own }))
  })
  return [...unknown, ...bad]
}

function hasExpression(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return isExpression(value)
  return Object.values(value).some((one) => hasExpression(one as Json))
}
