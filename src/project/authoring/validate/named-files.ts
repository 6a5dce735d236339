import type { Inventory, InventoryDevice } from '../../../change/inventory/inventory.ts'
import { rolloutProblems } from '../../../change/plan/prepare.ts'
import type { Soak } from '../../../change/plan/soak.ts'
import { overBudget } from '../../../change/plan/unmet-rollout.ts'
import type { FiledChange } from '../../../change/workflow/change-file.ts'
import type { Workflow } from '../../../change/workflow/definition/workflow.ts'
import { type Warning, warning } from '../../../change/workflow/habit/habits.ts'
import { FAILOVER_RESERVE, timerProblem } from '../../../change/workflow/timers.ts'
import type { DeviceTarget, Hop } from '../../../eos/device/device.ts'
import { failedTests } from '../../../eos/invariant/failed-tests.ts'
import { readInvariants } from '../../../eos/invariant/pattern/invariant.ts'
import type { Problem, ValueOrProblems } from '../../../model/error.ts'
import { definedItems } from '../../../model/json.ts'
import { windowWords } from '../../../report/phrases/spoken.ts'
import { count, switches } from '../../../report/text/text.ts'
import { accept, acceptUnless } from '../../../text/source/located.ts'
import { type ChangeGround, changeFileOf, preparedOf } from '../../files/change-given.ts'
import { failoverOf, withFailover } from '../../files/failover.ts'
import type { Project } from '../../files/project.ts'
import { isInProject } from '../../files/project-text.ts'
import type { Settings } from '../../files/settings/settings.ts'
import { targetOf } from '../../plan/definition/definition-of.ts'
import { InputError } from '../../system/process/input-error.ts'

export function filesOfSettings({ http, secrets }: Settings): readonly string[] {
  return named([...(http?.hosts ?? []).map(({ ca }) => ca), secrets.vault?.ca])
}

/** Without `isMeant` all but those that are written at first sight, which may not be there yet. */
export function filesOfInventory(
  { devices, credentials }: Inventory,
  isMeant: (proof: ProofFile) => boolean = isThereBefore,
): readonly string[] {
  const ways = devices.flatMap((device) => definedItems(targetOf(device), 'fallback' in device && device.fallback))
  const hops = devices.flatMap(({ via = [] }) => via)
  const proofs = [...ways, ...hops].flatMap((way) => (way === undefined ? [] : proofFiles(way).filter(isMeant)))
  return named([...proofs.map(({ file }) => file), ...Object.values(credentials).map(({ certificate }) => certificate)])
}

/** `at`: the file with that text. */
export function absentNames(
  files: readonly string[],
  at: string,
  content: string | Uint8Array,
  project: Project,
): readonly Problem[] {
  const lines = Buffer.from(content).toString('utf8').split('\n')
  return files
    .filter((file) => !project.stands(file))
    .map((file) => {
      const line = Math.max(
        0,
        lines.findIndex((text) => text.includes(file)),
      )
      const column = Math.max(0, lines[line]?.indexOf(file) ?? 0)
      return {
        code: 'no-such-file',
        message: `there is no file \`${file}\` in the project`,
        at: { file: at, line: line + 1, column: column + 1 },
        hint: 'Check the path, which is from the folder of the project.',
      }
    })
}

function named(files: readonly (string | undefined)[]) {
  return [...new Set(files.filter((file) => file !== undefined))].filter(isInProject)
}

function proofFiles(target: DeviceTarget | Hop) {
  return Object.values(target).filter((value) => typeof value === 'object' && 'file' in value)
}

type ProofFile = ReturnType<typeof proofFiles>[number]

function isThereBefore(proof: ProofFile) {
  return proof.mode === 'ca' || ('strict' in proof && proof.strict === true)
}

export function invariantFileHolds(
  content: string | Uint8Array,
  path: string,
  project: Pick<Project, 'invariants'>,
): ValueOrProblems<string> {
  const read = readInvariants(content, path)
  if (!read.ok) return read
  return acceptUnless([...besideOthers(path, project), ...failedTests(read.value)], () => {
    const { invariants, tests } = read.value
    return `${count(invariants.length, 'invariant')}, ${count(tests.length, 'test')}`
  })
}

function besideOthers(path: string, project: Pick<Project, 'invariants'>) {
  try {
    project.invariants()
    return []
  } catch (error) {
    if (error instanceof InputError) return error.problems.filter(({ at }) => at.file === path)
    throw error
  }
}

interface Switches {
  readonly inventory: Inventory | undefined
  readonly devices: readonly InventoryDevice[]
  readonly soak: Soak | undefined
}

/**
 * What cannot be of the waves and times of a workflow on its switches; and as warnings the commit timer that leaves less than a minute where
 * a worker of this project dies, and more switches than a budget lets be under change at once.
 */
export function judgedTimes(
  project: Pick<Project, 'settings'>,
  workflow: Workflow,
  switches: Switches,
): { readonly problems: readonly Problem[]; readonly warnings: readonly Warning[] } {
  const problems = problemsOf(withFailover(project, workflow), switches)
  const failover = failoverOf(project)
  const over = overBudget(workflow, project.settings.maxUnderChange, switches.devices)
  if (problems.length > 0 || failover === undefined) return { problems, warnings: over }
  const timers = { ...workflow.timers, failover, reserve: FAILOVER_RESERVE }
  const late = problemsOf({ ...workflow, timers }, switches)
  return { problems, warnings: [...over, ...late.map((problem) => ({ ...problem, severity: 'warning' as const }))] }
}

function problemsOf(workflow: Workflow, { inventory, devices, soak }: Switches) {
  if (inventory !== undefined) return rolloutProblems(workflow, inventory, devices, soak)
  const problem = timerProblem(workflow, [['the fewest there can be']])
  return problem === undefined ? [] : [problem]
}

/** What a change file holds in a few words, with its workflow, and a warning where its window is over at `now` (milliseconds since the epoch; without it nobody asks), or everything that is wrong with it: also a parameter that the workflow does not take, and switches that it is not for. */
export function changeFileHolds(
  path: string,
  ground: ChangeGround,
  now?: number,
): ValueOrProblems<{ readonly holds: string; readonly workflow: Workflow; readonly warnings: readonly Warning[] }> {
  try {
    const { project } = ground
    const { filed, workflow } = changeFileOf(ground, path)
    const prepared = preparedOf(project, filed, workflow, project.inventory())
    if (!prepared.ok) return prepared
    const { ticket } = filed.terms
    const words = definedItems(
      `${workflow.name}: ${switches(prepared.value.devices.length)}`,
      ticket,
      ...windowWords(filed.terms),
    )
    return accept({ holds: words.join(', '), workflow, warnings: overWindow(filed, now) })
  } catch (error) {
    const [first, ...rest] = error instanceof InputError ? error.problems : []
    if (first === undefined) throw error
    return { ok: false, problems: [first, ...rest] }
  }
}

function overWindow({ read, terms }: FiledChange, now: number | undefined) {
  const { notAfter } = terms
  if (now === undefined || notAfter === undefined || now < Date.parse(notAfter)) return []
  const message = `its window is over since ${notAfter}: it is ${new Date(now).toISOString()}, and run refuses it`
  return [warning('window-over', message, read.notAfterAt, 'write a later `notAfter`, and plan it then')]
}
