import { resolve } from 'node:path'
import { isChangeFile } from '../../../change/workflow/change-file.ts'
import type { StateMachine } from '../../../change/workflow/machine/machine.ts'
import { exampleOf } from '../../../change/workflow/param/example-of.ts'
import { VERSION } from '../../../model/version.ts'
import { evidenceOfStore } from '../../../project/authoring/validate/evidence-of-store.ts'
import { repositoryPaths } from '../../../project/authoring/validate/repository-paths.ts'
import type { Validation } from '../../../project/authoring/validate/validate-file.ts'
import { validateFiles } from '../../../project/authoring/validate/validate-files.ts'
import { filesMeant } from '../../../project/files/files-of-project.ts'
import { findProject, looseProject, openProject } from '../../../project/files/project.ts'
import { projectFolder } from '../../../project/files/project-folder.ts'
import { InputError, inputError, problemText } from '../../../project/system/process/input-error.ts'
import { noSeams } from '../../../project/system/process/seams.ts'
import { annotated, annotationsAs } from '../../../report/annotations/forges.ts'
import { graphAs } from '../../../report/graph/formats.ts'
import { graphOf } from '../../../report/graph/graph.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { styleOf } from '../../../report/text/text.ts'
import { validationText } from '../../../report/validation.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { requireNothingBeside } from '../option/given-change.ts'
import { givenParams } from '../option/given-params.ts'
import { oneOf } from '../option/options.ts'
import { workflowTests } from '../option/workflow-tests.ts'
import { failureText, typedProblem } from '../outcome/failure.ts'
import { type Invocation, screenWidth } from '../terminal/io.ts'

/** Checks the named files, or every file of the project, and tells all problems of all files at once; bad habits are warnings, which stop nothing. With `--graph` it draws the one file's machine, with `--format` a forge shows the problems beside their lines. */
export async function run(invocation: Invocation): Promise<number> {
  const { options, global } = invocation
  if (options.format === undefined) return judge(invocation)
  const format = formatNamed(String(options.format))
  const other = options.graph !== undefined ? '--graph' : global.json ? '--json' : undefined
  if (other !== undefined)
    throw inputError('--format', 'bad-usage', `--format beside ${other}: one output has one form`, 'Leave one out.')
  return annotate(invocation, format)
}

// Throws InputError.
async function judged(invocation: Invocation) {
  const { io, args, global } = invocation
  const project = args.length === 0 ? openProject(io, global) : (findProject(io, global) ?? looseProject(io, global))
  const paths = filesMeant(args, project, workflowTests)
  const [change] = args.length === 0 ? [] : paths.filter(isChangeFile)
  if (change !== undefined) requireNothingBeside(change, invocation.options)
  const { words, scrubber } = io
  const now = args.length === 0 ? {} : { now: (io.seams ?? noSeams).clock.now() }
  const validating = { project, tests: workflowTests, words, scrubber, given: givenParams(invocation), ...now }
  return validateFiles(paths, validating, {
    ask: (forms) => evidenceOfStore(project, io, forms),
    tell: (note) => io.err(`! ${note}\n`),
  })
}

async function judge(invocation: Invocation) {
  const { io, options, global } = invocation
  const draw = options.graph === undefined ? undefined : drawingNamed(String(options.graph))
  const validations = await judged(invocation)
  const warnings = validations.flatMap((validation) => validation.warnings)
  const texts = warnings.map((one) => `! ${problemText(typedProblem(one, io))}`)
  if (draw !== undefined) {
    const graph = draw(graphOf(...machineOf(validations)))
    io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'graph', format: options.graph, graph })}\n` : graph)
    for (const text of texts) io.err(`${text}\n`)
  } else if (global.json) {
    const files = validations.map(({ file, kind, holds }) => ({ file, kind, holds }))
    io.out(`${JSON.stringify({ version: 1, kind: 'validation', files, problems: [], warnings })}\n`)
  } else {
    const text = validationText(validations, texts, styleOf(io), screenWidth(io))
    io.out(`${text}\nNext: ${nextStep(validations)}\n`)
  }
  return 0
}

type AnnotationFormat = keyof typeof annotationsAs

// What goes into a file leaves the log empty, so that a person reads it on stderr.
async function annotate(invocation: Invocation, format: AnnotationFormat): Promise<number> {
  const { io } = invocation
  const paths = repositoryPaths({ project: projectDir(invocation), cwd: io.cwd })
  const ground = { settings: paths('eosflow.yaml') ?? 'eosflow.yaml', version: VERSION }
  try {
    const warnings = (await judged(invocation)).flatMap((validation) => validation.warnings)
    io.out(annotationsAs[format](annotated(warnings, 'warning', paths), ground))
    return 0
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    io.out(annotationsAs[format](annotated(error.problems, 'error', paths), ground))
    if (format !== 'github') io.err(`${failureText(error, io)}\n`)
    return 3
  }
}

function projectDir({ io, global: { project } }: Invocation) {
  return project === undefined ? (projectFolder(io.cwd) ?? io.cwd) : resolve(io.cwd, project)
}

const formatNamed = (format: string) =>
  oneOf(
    FORMATS,
    format,
    '--format',
    'unknown-format',
    `\`${format}\` is not a format of problems`,
    `One of ${FORMATS.join(', ')}.`,
  )

const FORMATS = Object.keys(annotationsAs) as AnnotationFormat[]

const DRAWINGS = Object.keys(graphAs) as (keyof typeof graphAs)[]

const drawingNamed = (format: string) =>
  graphAs[
    oneOf(
      DRAWINGS,
      format,
      '--graph',
      'unknown-format',
      `\`${format}\` is not a format of a graph`,
      didYouMean(format, DRAWINGS),
    )
  ]

// Throws InputError when there is none, or not one.
function machineOf(validations: readonly Validation[]): [StateMachine, string] {
  const [only, ...others] = validations
  if (only?.machine === undefined || others.length > 0) {
    throw inputError('--graph', 'no-machine', 'a graph is drawn of one file', 'Name one workflow or one state machine.')
  }
  return [only.machine, only.workflow?.name ?? only.file]
}

function nextStep(validations: readonly Validation[]) {
  const change = validations.length === 1 ? validations.find(({ kind }) => kind === 'change') : undefined
  if (change !== undefined) return `eosflow plan ${shellWord(change.file)}`
  const next = validations.find(({ workflow }) => workflow !== undefined)?.workflow
  if (next !== undefined) {
    const asked = Object.entries(next.params).filter(([, { default: value }]) => value === undefined)
    return `eosflow plan ${next.file}${asked.map(([name, param]) => ` -p ${shellWord(`${name}=${exampleOf(param)}`)}`).join('')}`
  }
  const catalog = validations.find(({ kind }) => kind === 'catalog')
  return catalog === undefined ? 'eosflow schema workflow' : `eosflow check run ${shellWord(catalog.file)}`
}
