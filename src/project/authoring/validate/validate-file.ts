import { basename, posix } from 'node:path'
import { seenFabric } from '../../../change/inventory/seen-device.ts'
import { selectDevices } from '../../../change/inventory/selector.ts'
import { parseAdvisories } from '../../../change/plan/advisories.ts'
import { clearSecrets } from '../../../change/plan/clear-secrets.ts'
import { COMPLY_FILE, exceptionProblems, readComplyFile } from '../../../change/plan/comply/comply-file.ts'
import { type JudgedChange, judgedChange } from '../../../change/plan/judged-change.ts'
import { parsePlan } from '../../../change/plan/plan.ts'
import { sightIn } from '../../../change/plan/readings.ts'
import { slowestOf } from '../../../change/plan/soak.ts'
import { type IsTaken, KNOWN_FORMS_FILE, vouchedForms } from '../../../change/plan/taken-forms.ts'
import { nothingApart } from '../../../change/plan/unmet-rollout.ts'
import { BUILT_IN_RULES, type Policy } from '../../../change/policy/policy.ts'
import { readPolicy } from '../../../change/policy/read-policy.ts'
import { builtinTasks } from '../../../change/task/builtin/index.ts'
import { rawAsl } from '../../../change/workflow/asl/part.ts'
import { readMachine } from '../../../change/workflow/asl/read-machine.ts'
import { isChangeFile } from '../../../change/workflow/change-file.ts'
import { type CompileContext, compileWorkflow } from '../../../change/workflow/compile.ts'
import type { Workflow } from '../../../change/workflow/definition/workflow.ts'
import { changeText, machineHabits, type Warning, workflowHabits } from '../../../change/workflow/habit/habits.ts'
import { type StateMachine, statesIn } from '../../../change/workflow/machine/machine.ts'
import { knownChecks } from '../../../eos/check/builtin/known-checks.ts'
import { looksLikeCatalog, readCatalog } from '../../../eos/check/read-catalog.ts'
import { diffConfig } from '../../../eos/config/diff/diff.ts'
import { redact } from '../../../eos/config/secrets/secrets.ts'
import { perhapsTakingDown } from '../../../eos/config/takes-down.ts'
import { parseConfig } from '../../../eos/config/text/parse.ts'
import { parseFabric } from '../../../eos/sim/fabric/fabric.ts'
import { type Problem, problemOf, type ValueOrProblems } from '../../../model/error.ts'
import { isJsonObject } from '../../../model/json.ts'
import { count, duration, switches } from '../../../report/text/text.ts'
import { absentProblem, filesBeside } from '../../../text/source/files.ts'
import { problemsOf, textPlaceOf } from '../../../text/source/located.ts'
import { readDocument, readYaml, serviceFaults } from '../../../text/source/yaml.ts'
import { actWarnings, localUserWarnings, proofWarnings } from '../../access/policy/act-warnings.ts'
import { CATALOG } from '../../files/catalog-file.ts'
import { changeFileOutside } from '../../files/load-workflow.ts'
import { INVARIANTS_FOLDER } from '../../files/loaded-invariants.ts'
import { TRUST_FILES, unreadableTrust } from '../../files/loaded-policy.ts'
import type { Project } from '../../files/project.ts'
import { parseSettings } from '../../files/settings/settings.ts'
import type { WorkflowTests } from '../../files/workflow-tests.ts'
import { readTrustFile } from '../../identity/signers/common-server-key.ts'
import type { ParamsFor } from '../../plan/typed-params.ts'
import { workflowKeys } from '../../system/feature/feature.ts'
import type { Host, WordedHost } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'
import {
  absentNames,
  changeFileHolds,
  filesOfInventory,
  filesOfSettings,
  invariantFileHolds,
  judgedTimes,
} from './named-files.ts'
import { inventoryOf, problemsInProject } from './settings-in-project.ts'

const NAMED = 2

function otherSideWords({ change: { mode }, rollout: { fitness } }: Workflow, { rendered }: JudgedChange) {
  if (mode !== 'merge' || fitness === 'off') return ''
  const none = parseConfig('')
  const changes = rendered.flatMap(({ lines: own }) => diffConfig(none, parseConfig(`${own.join('\n')}\n`)).changes)
  const opening = new Set(changes.map(({ path }) => path.join(' > ')))
  const lines = perhapsTakingDown(changes).map(({ path, line }) => [...path, line].join(' > '))
  // What opens a block is there already, as far as anybody knows.
  const different = [...new Set(lines)].filter((line) => !opening.has(line))
  if (different.length === 0) return ''
  const more = different.length - NAMED
  const named = different.slice(0, NAMED).map((line) => `\`${redact(line)}\``)
  return `; what backs a switch up is asked before ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}, which may take it or an uplink down`
}

export interface Validation {
  readonly file: string
  readonly kind: FileKind
  /** What the file holds, in a few words; empty when it has problems. */
  readonly holds: string
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
  readonly workflow?: Workflow
  readonly machine?: StateMachine
}

export interface ValidationContext extends WordedHost {
  readonly project: Project
  readonly tests: WorkflowTests
  readonly given?: ParamsFor
  /** Knows the secrets of this process, which a parameter of a change file may not hold. */
  readonly scrubber?: Host['scrubber']
  readonly isTaken?: IsTaken
  /** The time, milliseconds since the epoch, for change files whose window may be over. */
  readonly now?: number
}

export function validateFile(path: string, validating: ValidationContext): Validation {
  const { files } = validating.project
  const content = files(path)
  const kind = kindOf(path, validating, content)
  if (content === undefined)
    return {
      file: path,
      kind,
      holds: '',
      problems: [
        kind === 'trust' ? unreadableTrust(files, path) : absentProblem(files, path, missing(validating, path)),
      ],
      warnings: [],
    }
  return { file: path, kind, warnings: [], ...JUDGES[kind](content, path, validating) }
}

type Judged = Omit<Validation, 'file' | 'kind' | 'warnings'> & Partial<Pick<Validation, 'warnings'>>

const JUDGES: Readonly<
  Record<FileKind, (content: string | Uint8Array, path: string, validating: ValidationContext) => Judged>
> = {
  settings: (content, path, { project }) => ({
    holds: '',
    problems: [
      ...problemsOf(parseSettings(content, path, project.features)),
      ...problemsInProject(content, path, project),
      ...absentNames(filesOfSettings(project.settings), path, content, project),
    ],
  }),
  inventory: (content, path, { project }) => {
    const read = project.parseInventory(content, path)
    if (!read.ok) return { holds: '', problems: read.problems }
    const absent = absentNames(filesOfInventory(read.value), path, content, project)
    if (absent.length > 0) return { holds: '', problems: absent }
    const warnings = read.value.warnings.map((one): Warning => ({ ...one, severity: 'warning' }))
    return { ...good(switches(read.value.devices.length)), warnings }
  },
  policy: (content, path, { project }) => {
    const read = readPolicy(content, path)
    if (!read.ok) return { holds: '', problems: read.problems }
    const faults = gateProblems(read.value, content, project)
    if (faults.length > 0) return { holds: '', problems: faults }
    const { roles, rules, tests, gate } = read.value
    const own = rules.length - BUILT_IN_RULES.length
    const holds = `${count(Object.keys(roles).length, 'role')}, ${count(own, 'rule')}, ${count(tests.length, 'test')}${gate === undefined ? '' : ', a gate, which was not asked'}`
    const warnings = [
      ...localUserWarnings(read.value, content, project),
      ...proofWarnings(read.value, content, project),
      ...actWarnings(read.value, content),
    ]
    return { ...good(holds), warnings }
  },
  invariants: (content, path, { project }) => held(invariantFileHolds(content, path, project), (words) => words),
  trust: (content, path) => held(readTrustFile(content, path), (words) => words),
  fabric: (content, path, { project }) => {
    const read = parseFabric(content, path, filesBeside(project.files, posix.dirname(path)))
    if (!read.ok) return { holds: '', problems: read.problems }
    const { name, devices, cabling } = read.value
    return good(`${name}: ${switches(devices.length)}, ${count(cabling.length, 'cable')}`)
  },
  syntax: (_content, _path, { project }) =>
    held(vouchedForms(project.files), ({ forms }) => count(forms.length, 'form')),
  advisories: (content, path) => held(parseAdvisories(content, path), ({ length }) => `${length} advisories`),
  comply: (content, path, { project }) => {
    const read = readComplyFile(content, path)
    const inventory = inventoryOf(project)
    const problems = read.ok && inventory !== undefined ? exceptionProblems(read.value, inventory) : problemsOf(read)
    return { holds: read.ok && problems.length === 0 ? count(read.value.exceptions.length, 'exception') : '', problems }
  },
  plan: (content, path, { project }) =>
    held(parsePlan(content, path, workflowKeys(project.features)), ({ digest }) => digest),
  workflow: judgeWorkflow,
  change: (_content, path, validating) => {
    const read = changeFileHolds(path, validating, validating.now)
    return read.ok ? { ...read.value, problems: [] } : { holds: '', problems: read.problems }
  },
  machine: judgeMachine,
  catalog: judgeCatalog,
  test: judgeTest,
}

const good = (holds: string): Judged => ({ holds, problems: [] })

function held<Value>(read: ValueOrProblems<Value>, words: (value: Value) => string) {
  return read.ok ? good(words(read.value)) : { holds: '', problems: read.problems }
}

function judgeWorkflow(
  content: string | Uint8Array,
  path: string,
  { project, given, isTaken }: ValidationContext,
): Judged {
  const outside = changeFileOutside(path, content)
  if (outside !== undefined) return { holds: '', problems: [outside] }
  const compiled = compileWorkflow(content, path, { ...namedBy(project), checks: knownChecks, tasks: builtinTasks })
  if (!compiled.ok) return { holds: '', problems: compiled.problems }
  const { name, targets, checks, timers } = compiled.value
  const inventory = inventoryOf(project)
  const selected = inventory === undefined ? undefined : selectDevices(targets.expression, inventory, targets.at)
  if (selected !== undefined && !selected.ok) return { holds: '', problems: selected.problems }
  const change = judgedChange(
    compiled.value,
    given?.(compiled.value.params) ?? {},
    inventory === undefined ? [] : (selected?.value ?? []).map(sightIn(inventory, seenFabric(inventory))),
    project.files,
    isTaken,
  )
  const soak = soakIn(compiled.value, change)
  const times = judgedTimes(project, compiled.value, { inventory, devices: selected?.value ?? [], soak })
  const problems = [...times.problems, ...change.problems]
  if (problems.length > 0) return { holds: '', problems }
  const timer = `commit timer ${duration(timers.confirmWithin)}`
  const whom = selected === undefined ? targets.expression : switches(selected.value.length)
  return {
    ...good(`${name}: ${whom}, ${count(checks.length, 'check')}, ${timer}${otherSideWords(compiled.value, change)}`),
    workflow: compiled.value,
    machine: compiled.value.machine,
    warnings: [
      ...times.warnings,
      ...nothingApart(compiled.value, selected?.value ?? []),
      ...workflowHabits(compiled.value, project.files),
      ...clearSecrets(changeText(compiled.value, project.files)),
      ...change.warnings,
    ],
  }
}

function soakIn({ change: { mode }, timers }: Workflow, { rendered }: JudgedChange) {
  if (mode !== 'replace' || !timers.derived.stableFor) return undefined
  return slowestOf(rendered.map(({ device, lines }) => ({ device, tree: parseConfig(`${lines.join('\n')}\n`) })))
}

function judgeMachine(content: string | Uint8Array, path: string): Judged {
  const located = readDocument(content, path)
  const read = located.ok ? readMachine(located.value, rawAsl('STANDARD')) : located
  if (!read.ok) return { holds: '', problems: read.problems }
  const states = count(statesIn(read.value).length, 'state')
  return { ...good(`${states} from ${read.value.startAt}`), machine: read.value, warnings: machineHabits(read.value) }
}

function judgeCatalog(content: string | Uint8Array, path: string) {
  const located = readDocument(content, path)
  return held(located.ok ? readCatalog(located.value) : located, ({ length }) => count(length, 'check'))
}

function judgeTest(content: string | Uint8Array, path: string, { project, tests }: ValidationContext) {
  try {
    const read = tests.read(content, path, { ...namedBy(project), inventory: project.inventory() })
    return read.ok ? good(count(read.value.length, 'case')) : { holds: '', problems: read.problems }
  } catch (error) {
    if (error instanceof InputError) return { holds: '', problems: error.problems }
    throw error
  }
}

function namedBy({
  features,
  files,
  settings,
  policyPresent,
}: Project): Pick<CompileContext, 'around' | 'files' | 'keys' | 'policyPresent' | 'roles' | 'settings'> &
  Pick<Project, 'features'> {
  const content = files(settings.policy)
  const read = content === undefined ? undefined : readPolicy(content, settings.policy)
  const roles = read?.ok === true ? { roles: Object.keys(read.value.roles) } : {}
  return { features, files, policyPresent, keys: workflowKeys(features), settings, around: settings.around, ...roles }
}

function missing({ words }: WordedHost, file: string) {
  return problemOf(file, 'no-such-file', 'there is no such file in the project', words({ code: 'validate-all' }))
}

// The gate of a policy whose host the settings do not allow could never be asked.
function gateProblems(
  { file, gate }: Policy,
  content: string | Uint8Array,
  { settings }: Pick<Project, 'settings'>,
): readonly Problem[] {
  const located = readYaml(content, file)
  if (gate === undefined || !('http' in gate) || !located.ok) return []
  return serviceFaults('the gate', gate.http, settings.http?.hosts ?? []).map(({ path, ...fault }) => ({
    ...fault,
    at: textPlaceOf(located.value, ['gate', 'http', ...path]),
  }))
}

type FileKind =
  | 'settings'
  | 'inventory'
  | 'policy'
  | 'invariants'
  | 'trust'
  | 'workflow'
  | 'change'
  | 'machine'
  | 'catalog'
  | 'fabric'
  | 'syntax'
  | 'advisories'
  | 'comply'
  | 'plan'
  | 'test'

const BY_PATH: ReadonlyMap<string, FileKind> = new Map([
  ...TRUST_FILES.map((path): [string, FileKind] => [path, 'trust']),
  [KNOWN_FORMS_FILE, 'syntax'],
  [COMPLY_FILE, 'comply'],
])

// `content` is undefined for a file that is not there.
function kindOf(path: string, ground: KindGround, content: string | Uint8Array | undefined): FileKind {
  return isChangeFile(path) ? 'change' : kindOfOther(path, ground, content)
}

interface KindGround {
  readonly project: Project
  readonly tests: WorkflowTests
}

function kindOfOther(path: string, { project, tests }: KindGround, content: string | Uint8Array | undefined): FileKind {
  const name = basename(path)
  if (/\.asl\.(?:json|ya?ml)$/.test(name) || (content !== undefined && isMachine(content, path))) return 'machine'
  if (name === 'eosflow.yaml') return 'settings'
  if (path === project.settings.inventory || /^inventory.*\.ya?ml$/.test(name)) return 'inventory'
  if (path === project.settings.policy || name === 'policy.yaml') return 'policy'
  if (name === 'fabric.yaml') return 'fabric'
  if (tests.isTest(path)) return 'test'
  if (name === CATALOG || (content !== undefined && isCatalog(content, path))) return 'catalog'
  return path === project.settings.plan.advisories ? 'advisories' : (BY_PATH.get(path) ?? byFolder(path))
}

const byFolder = (path: string): FileKind => {
  if (posix.dirname(path) === INVARIANTS_FOLDER) return 'invariants'
  return /\.(plan|json)$/.test(path) ? 'plan' : 'workflow'
}

function isCatalog(content: string | Uint8Array, path: string) {
  const read = /^(?!workflows\/).*\.(?:json|ya?ml)$/.test(path) ? readDocument(content, path) : undefined
  return read?.ok === true && looksLikeCatalog(read.value.value)
}

function isMachine(content: string | Uint8Array, path: string) {
  const read = /\.(?:json|ya?ml)$/.test(path) ? readDocument(content, path) : undefined
  return read?.ok === true && isJsonObject(read.value.value) && Object.hasOwn(read.value.value, 'States')
}
