import { knownChecks } from '../check/known-checks.ts'
import { type Problem, problemOf } from '../model/problem.ts'
import { absentProblem } from '../source/files.ts'
import { builtinTasks } from '../task/builtin/index.ts'
import { compileWorkflow } from '../workflow/compile.ts'
import type { Files } from '../workflow/files.ts'
import { type GivenParams, readParamsFile } from '../workflow/param/read.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { InputError, orProblems } from './failure.ts'
import type { Invocation, Io } from './io.ts'
import type { Project } from './project.ts'
import { readGiven } from './read-given.ts'

/** Compiles a workflow of the project by its path from the project's root. Throws InputError. */
export function loadWorkflow(project: Project, path: string): Workflow {
  const content = project.files(path)
  if (content === undefined) {
    const missing: Problem = problemOf(
      path,
      'no-such-file',
      'there is no such workflow in the project',
      'Name a workflow file or a saved plan inside the project.',
    )
    throw new InputError([absentProblem(project.files, path, missing)])
  }
  const text = Buffer.from(content).toString('latin1')
  const last = lastCompiled.get(project.files)
  if (last?.workflow.file === path && last.text === text) return last.workflow
  const { files, policyPresent } = project
  const roles = Object.keys(project.policy()?.policy.roles ?? {})
  const workflow = orProblems(
    compileWorkflow(content, path, { files, policyPresent, roles, checks: knownChecks, tasks: builtinTasks }),
  )
  lastCompiled.set(files, { text, workflow })
  return workflow
}

/**
 * The workflow that was compiled last from these files. An execution asks for its workflow once per switch and act; its
 * templates are read again each time.
 */
const lastCompiled = new WeakMap<Files, { readonly text: string; readonly workflow: Workflow }>()

/** The parameters of `-p key=value` and `--params FILE`; what is typed wins. Throws InputError, also for one that holds a secret. */
export function givenParams(invocation: Invocation): GivenParams {
  const given = typedParams(invocation)
  const problems = Object.entries(given)
    .filter(([, value]) => holdsSecret(invocation.io, value))
    .map(([name]) => secretInParam(name))
  if (problems.length > 0) throw new InputError(problems)
  return given
}

function holdsSecret({ scrubber }: Io, given: GivenParams[string]): boolean {
  const text = typeof given === 'string' ? given : JSON.stringify(given.value)
  return scrubber.scrub(text) !== text
}

/** A parameter is on record, in the plan and in what approvers see; without its secret it would be another parameter. */
function secretInParam(name: string): Problem {
  return problemOf(
    `-p ${name}`,
    'secret-parameter',
    `the parameter \`${name}\` holds a secret of this project`,
    'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.',
  )
}

function typedParams({ io, options }: Invocation): GivenParams {
  const file = options.params
  const fromFile =
    typeof file === 'string' ? orProblems(readParamsFile(readGiven(io, file), file)) : ({} satisfies GivenParams)
  const typed = (Array.isArray(options.param) ? options.param : []).map(String)
  const pairs = typed.map((pair) => {
    const at = pair.indexOf('=')
    if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)] as const
    throw new InputError([
      problemOf(`-p ${pair}`, 'bad-param', `\`-p ${pair}\` is not key=value`, 'Write for example -p vlan=120.'),
    ])
  })
  return { ...fromFile, ...Object.fromEntries(pairs) }
}
