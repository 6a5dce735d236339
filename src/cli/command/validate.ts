import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fabricFolders, isFabricFolder } from '../../app/fabric-folder.ts'
import { InputError, problemText } from '../../app/input-error.ts'
import { TRUST_FILE } from '../../app/policy/loaded-policy.ts'
import { findProject, looseProject, openProject, type Project } from '../../app/project.ts'
import { shellWord } from '../../app/shell-word.ts'
import { type Problem, problemOf } from '../../model/problem.ts'
import { count } from '../../report/count.ts'
import { cutMiddle, wrapped } from '../../report/fit.ts'
import { graphAs } from '../../report/graph/formats.ts'
import { type Graph, graphOf } from '../../report/graph/graph.ts'
import { colored, plain } from '../../report/style.ts'
import { didYouMean } from '../../source/suggest.ts'
import type { Warning } from '../../workflow/habit/warning.ts'
import type { StateMachine } from '../../workflow/machine.ts'
import { CATALOG } from '../check/catalog-file.ts'
import { givenParams } from '../given-params.ts'
import type { Invocation, Io } from '../io.ts'
import { screenWidth } from '../screen-width.ts'
import { type Validation, validateFile } from '../validation.ts'
import { testFilesOf } from '../workflow-test/test-files.ts'

/**
 * Checks the named files, or every file of the project, and tells all problems of all files at once; bad habits are warnings,
 * which stop nothing. With `--graph` it draws the one file's machine. Contacts nothing.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const draw = options.graph === undefined ? undefined : drawingNamed(String(options.graph))
  const project = args.length === 0 ? openProject(io, global) : (findProject(io, global) ?? looseProject(io, global))
  const paths = args.length === 0 ? filesOf(project) : args.map((typed) => named(typed, project))
  const given = givenParams(invocation)
  const validations = paths.map((path) => validateFile(path, project, given))
  const problems = unique(validations.flatMap((validation) => validation.problems))
  if (problems.length > 0) throw new InputError(problems)
  const warnings = validations.flatMap((validation) => validation.warnings)
  if (draw !== undefined) {
    const graph = draw(graphOf(...machineOf(validations)))
    io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'graph', format: options.graph, graph })}\n` : graph)
    for (const one of warnings) io.err(`${warningText(one)}\n`)
  } else if (global.json) {
    const files = validations.map(({ file, kind, holds }) => ({ file, kind, holds }))
    io.out(`${JSON.stringify({ version: 1, kind: 'validation', files, problems: [], warnings })}\n`)
  } else io.out(report(validations, warnings, io))
  return 0
}

const DRAWINGS: Readonly<Record<string, (graph: Graph) => string>> = graphAs

function drawingNamed(format: string): (graph: Graph) => string {
  const draw = Object.hasOwn(DRAWINGS, format) ? DRAWINGS[format] : undefined
  if (draw !== undefined) return draw
  const names = Object.keys(DRAWINGS)
  throw refused('unknown-format', `\`${format}\` is not a format of a graph`, didYouMean(format, names))
}

/** The machine that is drawn, and what it is called. Throws InputError when there is none, or not one. */
function machineOf(validations: readonly Validation[]): [StateMachine, string] {
  const [only, ...others] = validations
  if (only?.machine === undefined || others.length > 0) {
    throw refused('no-machine', 'a graph is drawn of one file', 'Name one workflow or one state machine.')
  }
  return [only.machine, only.workflow?.name ?? only.file]
}

function refused(code: string, message: string, hint: string): InputError {
  return new InputError([problemOf('--graph', code, message, hint)])
}

function warningText(one: Warning): string {
  return `warning: ${problemText(one)}`
}

function warningLines(one: Warning, width: number): readonly string[] {
  return warningText(one)
    .split('\n')
    .flatMap((line) => wrapped(line, { width, hang: 4 }))
}

/** Settings, inventory, policy, trusted keys, catalog, every workflow, fabric and test, by their paths from the project's root. */
export function filesOf(project: Project): readonly string[] {
  return [
    'eosflow.yaml',
    project.settings.inventory,
    ...(project.policyPresent ? [project.settings.policy] : []),
    ...(project.stands(TRUST_FILE) ? [TRUST_FILE] : []),
    ...(project.stands(CATALOG) ? [CATALOG] : []),
    ...workflowsIn(project.dir),
    ...fabricFolders(project).map((folder) => project.pathOf(join(folder, 'fabric.yaml'))),
    ...testFilesOf(project),
  ]
}

function workflowsIn(dir: string): readonly string[] {
  const folder = join(dir, 'workflows')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => `workflows/${name}`)
}

/** What is wrong with a workflow is found again behind every test of it. */
function unique(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [problemText(problem), problem])).values()]
}

/** A folder with a fabric stands for its `fabric.yaml`. */
function named(typed: string, project: Project): string {
  const path = project.pathOf(typed)
  return isFabricFolder(join(project.dir, path)) ? `${path}/fabric.yaml` : path
}

/** Half of the screen is for the names of files, the rest for what they hold; the digest of a policy is short. */
function report(validations: readonly Validation[], warnings: readonly Warning[], io: Io): string {
  const style = io.color ? colored : plain
  const screen = screenWidth(io)
  const width = Math.min(Math.max(...validations.map(({ file }) => [...file].length)), Math.floor(screen / 2))
  const rows = validations.flatMap(({ file, kind, holds }) => {
    const name = cutMiddle(file, width)
    const said =
      `${name}${' '.repeat(width - [...name].length)}  ${kind} ${holds.replace(/^(sha256:[0-9a-f]{8})[0-9a-f]{56}$/, '$1')}`.trimEnd()
    const [first = '', ...more] = wrapped(said, { width: screen - 2, hang: width + 2 })
    return [`${style.good('✔')} ${first}`, ...more.map((line) => `  ${line}`)]
  })
  const next = validations.flatMap(({ workflow }) => (workflow === undefined ? [] : [workflow]))[0]
  const asked = Object.entries(next?.params ?? {}).filter(([, { default: value }]) => value === undefined)
  const flags = asked.map(([name]) => ` -p ${name}=…`).join('')
  return [
    ...rows,
    ...warnings.flatMap((one) => warningLines(one, screen)),
    `Valid: ${count(validations.length, 'file')}, 0 problems${warnings.length === 0 ? '' : `, ${count(warnings.length, 'warning')}`}`,
    `Next: ${next === undefined ? withoutWorkflow(validations) : `eosflow plan ${next.file}${flags}`}`,
    '',
  ].join('\n')
}

function withoutWorkflow(validations: readonly Validation[]): string {
  const catalog = validations.find(({ kind }) => kind === 'catalog')
  return catalog === undefined ? 'eosflow schema workflow' : `eosflow check run ${shellWord(catalog.file)}`
}
