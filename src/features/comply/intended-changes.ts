import { posix } from 'node:path'
import type { InventoryDevice } from '../../change/inventory/inventory.ts'
import { prepare } from '../../change/plan/prepare.ts'
import { renderedChange } from '../../change/plan/rendered.ts'
import { vouchedForms } from '../../change/plan/taken-forms.ts'
import type { RenderedChange } from '../../change/task/act/rendered-change.ts'
import type { DeviceIdentity } from '../../eos/device/device.ts'
import { EosflowError, problemOf } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { decided } from '../../project/access/policy/authority.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { workflowsIn } from '../../project/files/files-of-project.ts'
import { commitNamed } from '../../project/files/git/changed-files.ts'
import { commitFiles } from '../../project/files/git/commit-files.ts'
import { loadWorkflow } from '../../project/files/load-workflow.ts'
import type { Project } from '../../project/files/project.ts'
import type { SilentCaller } from '../../project/identity/caller-of.ts'
import { confirmedConfigs } from '../../project/switches/drift/drift-of-switches.ts'
import { chosenDevices } from '../../project/switches/inventory/tell-warnings.ts'
import { gitIn } from '../../project/system/machine/git.ts'
import type { Host } from '../../project/system/process/host.ts'
import { InputError, inputError, orProblems, problemText } from '../../project/system/process/input-error.ts'
import type { IntendedSource } from '../../report/comply/comply.ts'
import type { Files } from '../../text/source/files.ts'
import { GENERATED_LIMIT, problemsOf, readText } from '../../text/source/located.ts'
import { BACKUPS } from '../backup/backup-folder.ts'

interface AgainstFiles {
  readonly files: Files
  readonly fileOf: (name: string) => string
  readonly shown: string
}

interface AgainstWord {
  readonly word: string
  readonly at: string
}

const NAME = /\{\{ *device\.name *\}\}/g
const USUAL = '{{ device.name }}.cfg'

/**
 * The files that a word means: `intended`, a folder with NAME.cfg; `intended/{{ device.name }}.cfg`, paths from the project's root; `git:REF` or `git:REF:PATH`, those of a
 * commit from the root of its repository. Throws InputError for a word that means none, and as the reading of a commit does.
 */
export async function againstFiles(
  { env }: Pick<Host, 'env'>,
  project: Project,
  { word, at }: AgainstWord,
): Promise<AgainstFiles> {
  const [, ref, path] = /^git:([^:]*)(?::(.*))?$/s.exec(word) ?? []
  if (ref === undefined) return { files: project.files, fileOf: namedBy(at, word), shown: word }
  const fileOf = namedBy(at, path ?? USUAL)
  const here = gitIn(project.dir, env)
  const { code, out, said } = await here({ args: ['rev-parse', '--show-toplevel'] })
  if (code !== 0) throw new EosflowError('protocol', `the repository of the project cannot be read: ${said}`)
  const git = gitIn(out.toString('utf8').replace(/\n$/, ''), env)
  const commit = await commitNamed(git, at, ref)
  return { files: await commitFiles(git, commit), fileOf, shown: word }
}

// Throws InputError.
function namedBy(at: string, path: string): (name: string) => string {
  const pattern = path.includes('{{') ? path : `${path}/${USUAL}`
  const rest = pattern.replaceAll(NAME, '')
  if (rest === pattern || rest.includes('{{'))
    throw refused(at, `\`${path}\` names no file of a switch`, `Write the name of the switch as \`${USUAL}\`.`)
  const plain = posix.normalize(pattern)
  if (plain.startsWith('/') || plain.split('/').includes('..'))
    throw refused(at, `\`${path}\` leads out of the project`, 'Name a path from the root of the project.')
  return (name) => plain.replaceAll(NAME, () => name)
}

function refused(at: string, message: string, hint: string) {
  return inputError(at, 'bad-usage', message, hint)
}

export interface IntendedFrom {
  readonly workflow?: string | undefined
  readonly folder?: string | undefined
  /** Files of the project or of a commit, which are never backups without secrets. */
  readonly against?: AgainstFiles | undefined
}

export interface IntendedChange {
  readonly change: RenderedChange
  readonly source: IntendedSource
  /** The switch that it was confirmed on; absent where a file says it. */
  readonly of?: DeviceIdentity
}

export interface IntendedSwitch {
  readonly device: InventoryDevice
  readonly intended: IntendedChange | { readonly failure: EosflowError } | undefined
}

/**
 * What is intended for each of the switches, after the guards of a plan: nothing that acts at once reaches a switch, not even a session that is
 * aborted. Throws InputError with all that is wrong in files.
 */
export async function intendedChanges(
  app: RecordApp,
  { workflow, folder, against }: IntendedFrom,
  target: string | undefined,
): Promise<readonly IntendedSwitch[]> {
  if (workflow !== undefined) return inWorkflow(app.project, workflow, target)
  const devices = chosenDevices(app.project.inventory(), target)
  if (against !== undefined) return inFiles(app.project, against, devices)
  return folder === undefined ? onRecord(app, devices) : inFolder(app.project, folder, devices)
}

function inWorkflow(project: Project, file: string, target: string | undefined): readonly IntendedSwitch[] {
  const workflow = loadWorkflow(project, file)
  if (workflow.change.mode !== 'replace') {
    const message = `${workflow.name} is a merge: it says what is added, not what a switch is to have`
    const hint = 'Name a workflow with `mode: replace`, or a folder with the whole configurations.'
    throw inputError(file, 'no-whole-configuration', message, hint)
  }
  const prepared = orProblems(
    prepare({
      workflow,
      given: {},
      inventory: project.inventory(),
      files: project.files,
      ...definedMembers({ only: target }),
    }),
  )
  return prepared.devices.map((device) => {
    const change = prepared.changes[device.name]
    return { device, intended: change === undefined ? undefined : { change, source: { kind: 'workflow', file } } }
  })
}

// What of a text is let through without a workflow that says so: lines that no table knows and another `boot` line are judged by the model,
// and reach no session. Whatever else may act at once is refused.
const ALLOWED = ['unknown-lines', 'boot']

function inFolder(project: Project, folder: string, devices: readonly InventoryDevice[]): readonly IntendedSwitch[] {
  const { files } = project
  const fileOf = (name: string) => posix.join(folder, `${name}.cfg`)
  if (files(posix.join(folder, BACKUPS)) !== undefined) requireIntended({ files, fileOf }, devices)
  const hint = 'Name a folder of the project that holds NAME.cfg for the switches of the inventory.'
  return read(project, { files, fileOf, shown: folder }, devices, hint)
}

function inFiles(project: Project, from: AgainstFiles, devices: readonly InventoryDevice[]): readonly IntendedSwitch[] {
  requireIntended(from, devices)
  return read(project, from, devices, `Name files that are there, such as ${from.fileOf('leaf1')} for a switch leaf1.`)
}

function read(
  project: Project,
  { files, fileOf, shown }: AgainstFiles,
  devices: readonly InventoryDevice[],
  hint: string,
): readonly IntendedSwitch[] {
  const all = devices.map((device) => {
    const file = fileOf(device.name)
    const content = files(file)
    if (content === undefined) return { device, change: undefined, file }
    const text = readText(content, file, GENERATED_LIMIT)
    return { device, change: text.ok ? changeOf(project, text.value, file) : text, file }
  })
  const problems = all.flatMap(({ change }) => (change === undefined ? [] : problemsOf(change)))
  if (all.every(({ change }) => change === undefined))
    problems.push(problemOf(shown, 'nothing-intended', 'there is no file of any of the switches in it', hint))
  if (problems.length > 0) throw new InputError(problems)
  return all.map(({ device, change, file }) => ({
    device,
    intended: change?.ok === true ? { change: change.value, source: { kind: 'files', file } } : undefined,
  }))
}

// Throws InputError for backups without secrets: hundreds of lines would be refused, and none of them is what is wrong.
function requireIntended(
  { files, fileOf }: Pick<AgainstFiles, 'files' | 'fileOf'>,
  devices: readonly InventoryDevice[],
) {
  const textOf = (file: string) => Buffer.from(files(file) ?? '').toString('latin1')
  const placed = devices.map(({ name }) => fileOf(name)).find((file) => /<redacted:[0-9a-f]{8}>/.test(textOf(file)))
  if (placed === undefined) return
  const message = 'these are backups without secrets: they say what was, with placeholders where secrets were'
  const hint =
    'Compare them with what is intended, without a switch: docs/comply.md#without-a-switch. To go back, restore a backup that keeps its secrets.'
  throw inputError(placed, 'no-whole-configuration', message, hint)
}

async function onRecord(app: RecordApp, devices: readonly InventoryDevice[]): Promise<readonly IntendedSwitch[]> {
  const confirmed = await confirmedConfigs(
    app,
    devices.map(({ name }) => name),
  )
  return devices.map((device) => {
    const { name } = device
    const found = confirmed[name]
    if (found === undefined) return { device, intended: undefined }
    const change = changeOf(app.project, found.running, `confirmed configuration of ${name}`)
    if (change.ok) return { device, intended: { change: change.value, source: found.source, of: found.identity } }
    const message = `${name}: what was confirmed on it cannot be compared: ${change.problems.map(problemText).join('; ')}`
    return { device, intended: { failure: new EosflowError('guard', message, { device: name }) } }
  })
}

function changeOf(project: Project, text: string, file: string) {
  const known = vouchedForms(project.files)
  if (!known.ok) return known
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd())
  return renderedChange({ mode: 'replace', lines, file }, ALLOWED, known.value.forms)
}

/**
 * The workflow of the project that makes the whole configurations of a folder those of the switches, by its file; undefined where there is none that
 * whoever asks may see. `folder`: its path from the project's root.
 */
export function deployingWorkflow(app: RecordApp, caller: SilentCaller, folder: string): string | undefined {
  const wanted = `${folder}/{{device.name}}.cfg`
  return workflowsIn(app.project.dir).find((file) => {
    if (decided(app, caller, 'workflow.list', { workflow: file }).effect !== 'allow') return false
    try {
      const { mode, source } = loadWorkflow(app.project, file).change
      return mode === 'replace' && source.from === 'file' && source.path.replaceAll(/\s+/g, '') === wanted
    } catch (error) {
      if (error instanceof InputError) return false
      throw error
    }
  })
}
