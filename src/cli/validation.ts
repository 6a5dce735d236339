import { basename, dirname, posix } from 'node:path'
import { builtinChecks } from '../check/builtin/index.ts'
import { type Inventory, parseInventory } from '../inventory/inventory.ts'
import { selectDevices } from '../inventory/selector.ts'
import { parseSettings } from '../inventory/settings.ts'
import type { Problem } from '../model/problem.ts'
import { parsePlan } from '../plan/plan-schema.ts'
import { count, duration, switches } from '../report/count.ts'
import { parseFabric } from '../sim/fabric/parse-fabric.ts'
import { problemsOf } from '../source/checked.ts'
import { readTestFile } from '../testing/workflow-test/read-test-file.ts'
import { compileWorkflow } from '../workflow/compile.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { InputError } from './failure.ts'
import type { Project } from './project.ts'
import { isTestFile } from './workflow-test/test-files.ts'

/** The kinds of files that can be validated. */
export type FileKind = 'settings' | 'inventory' | 'workflow' | 'fabric' | 'plan' | 'test'

/** What is known of one file after it was judged. */
export interface Validation {
  readonly file: string
  readonly kind: FileKind
  /** What the file holds, in a few words; empty when it has problems. */
  readonly holds: string
  readonly problems: readonly Problem[]
  /** The workflow, when the file is one and is good. */
  readonly workflow?: Workflow
}

/** What a file is meant as, by its name: whatever is nothing else is a workflow. */
export function kindOf(path: string, project: Project): FileKind {
  const name = basename(path)
  if (name === 'eosflow.yaml') return 'settings'
  if (path === project.settings.inventory || /^inventory.*\.ya?ml$/.test(name)) return 'inventory'
  if (name === 'fabric.yaml') return 'fabric'
  if (isTestFile(path)) return 'test'
  return /\.(plan|json)$/.test(name) ? 'plan' : 'workflow'
}

/** Judges one file of a project, its path from the project's root: everything that is wrong with it. */
export function validateFile(path: string, project: Project): Validation {
  const kind = kindOf(path, project)
  const content = project.files(path)
  if (content === undefined) return { file: path, kind, holds: '', problems: [missing(path)] }
  return { file: path, kind, ...JUDGES[kind](content, path, project) }
}

type Judged = Pick<Validation, 'holds' | 'problems' | 'workflow'>

const JUDGES: Readonly<Record<FileKind, (content: string | Uint8Array, path: string, project: Project) => Judged>> = {
  settings: (content, path) => ({ holds: '', problems: problemsOf(parseSettings(content, path)) }),
  inventory: (content, path) => {
    const read = parseInventory(content, path)
    return read.ok ? good(switches(read.value.devices.length)) : { holds: '', problems: read.problems }
  },
  fabric: (content, path, { files }) => {
    const read = parseFabric(content, path, (beside) => files(posix.join(dirname(path), beside)))
    if (!read.ok) return { holds: '', problems: read.problems }
    const { name, devices, cabling } = read.value
    return good(`${name}: ${switches(devices.length)}, ${count(cabling.length, 'cable')}`)
  },
  plan: (content, path) => {
    const read = parsePlan(content, path)
    return read.ok ? good(read.value.digest) : { holds: '', problems: read.problems }
  },
  workflow: judgeWorkflow,
  test: judgeTest,
}

function good(holds: string): Judged {
  return { holds, problems: [] }
}

function judgeWorkflow(content: string | Uint8Array, path: string, project: Project): Judged {
  const compiled = compileWorkflow(content, path, {
    files: project.files,
    checks: builtinChecks,
    policyPresent: project.policyPresent,
  })
  if (!compiled.ok) return { holds: '', problems: compiled.problems }
  const { name, targets, checks, timers } = compiled.value
  const inventory = inventoryOf(project)
  const selected = inventory === undefined ? undefined : selectDevices(targets.expression, inventory, targets.at)
  if (selected !== undefined && !selected.ok) return { holds: '', problems: selected.problems }
  const whom = selected === undefined ? targets.expression : switches(selected.value.length)
  return {
    ...good(`${name}: ${whom}, ${count(checks.length, 'check')}, commit timer ${duration(timers.confirmWithin)}`),
    workflow: compiled.value,
  }
}

function judgeTest(content: string | Uint8Array, path: string, project: Project): Judged {
  try {
    const { files, policyPresent } = project
    const read = readTestFile(content, path, { files, policyPresent, inventory: project.inventory() })
    return read.ok ? good(count(read.value.length, 'case')) : { holds: '', problems: read.problems }
  } catch (error) {
    if (error instanceof InputError) return { holds: '', problems: error.problems }
    throw error
  }
}

/** The project's inventory, when there is one and it is good: its own problems are told where it is judged. */
function inventoryOf({ files, settings }: Project): Inventory | undefined {
  const content = files(settings.inventory)
  const read = content === undefined ? undefined : parseInventory(content, settings.inventory)
  return read?.ok === true ? read.value : undefined
}

function missing(file: string): Problem {
  return {
    code: 'no-such-file',
    message: 'there is no such file in the project',
    at: { file, line: 1, column: 1 },
    hint: 'Check the path; without one `eosflow validate` checks every file of the project.',
  }
}
