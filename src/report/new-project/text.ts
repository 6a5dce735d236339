import type { Problem } from '../../model/problem.ts'
import { count, switches } from '../text/count.ts'
import type { EditorFiles } from './editor-files.ts'
import { notTakenRows, type PlayWorkflow } from './play-workflow.ts'
import { PASSWORD, type SourcedProject, VAULT_PASSWORD } from './sourced-inventory.ts'

/** Which files were written, and which were there before and stay as they are. */
export interface ProjectFiles {
  readonly created: readonly string[]
  readonly kept: readonly string[]
  /** What a .gitignore that stays as it is lacks: without it secrets may be committed. */
  readonly unignored: readonly string[]
}

/** The files of a new project; `lacks` is what settings of an editor that stay as they are lack, absent where it has no schemas. */
export interface NewProject extends ProjectFiles, Partial<Pick<EditorFiles, 'lacks'>> {}

/** The files of a new project, and what is to know about it. */
export function newProjectText(written: NewProject): string {
  const { created, kept, lacks } = written
  return [
    ...fileRows(written),
    '',
    'Everything is simulated until inventory.yaml names your switches.',
    'A run shows the exact change of each switch, and asks you before it makes it.',
    ...(lacks === undefined ? [] : [editorLine(lacks)]),
    '',
    `Project: ${count(created.length, 'file')} created, ${kept.length} kept`,
  ].join('\n')
}

function editorLine({ schemas, extensions }: EditorFiles['lacks']): string {
  const isWhole = Object.keys(schemas).length + extensions.length === 0
  if (isWhole)
    return 'VS Code completes these files; in another clone it does once you have run `eosflow schema --editor vscode` there.'
  return '`eosflow schema --editor vscode` says what .vscode lacks to complete these files.'
}

/** A project that reads the inventory of another tool. */
export interface ProjectFrom {
  readonly written: ProjectFiles
  /** The workflow that is planned first, from the project. */
  readonly workflow: string
  /** How many switches it has; null where a vault has to be opened first to know it. */
  readonly switches: number | null
  /** How many of the other hosts of its inventory there are: no switches, or without an address. */
  readonly leftOut: number
  /** What is there and is not read. */
  readonly notes: readonly Problem[]
  /** What became of the playbooks; absent where there are none. */
  readonly playbooks?: Playbooks
  readonly from: SourcedProject
}

/** What became of the tasks of playbooks. */
export interface Playbooks extends Pick<PlayWorkflow, 'notTaken' | 'notes'> {
  readonly playbooks: number
  readonly taken: number
  /** Paths from the project. */
  readonly workflows: readonly string[]
}

/** The files of a project that reads the inventory of another tool, and what is left to do. */
export function projectFromText(made: ProjectFrom): string {
  const { written, workflow, switches: devices, leftOut, notes, playbooks, from } = made
  const { kind, path, only, hasVault } = from
  const isFirst = kind !== 'avd' && (playbooks === undefined || playbooks.workflows.length === 0)
  const which = only === undefined ? 'hosts with ansible_network_os EOS' : `\`${only}\``
  const others = leftOut === 0 ? '' : `, ${count(leftOut, 'other host')} left out`
  const found = devices === null ? 'its vaults have to be opened first' : `${switches(devices)} (${which})${others}`
  const needed = [PASSWORD, ...(hasVault ? [VAULT_PASSWORD] : [])]
  return [
    ...fileRows(written),
    '',
    `${path}: ${found}`,
    ...(from.isAvd === true ? ['This looks like AVD: `eosflow init --from avd` deploys what AVD has built.'] : []),
    ...notes.map(({ message, hint }) => `${message}${hint === undefined ? '' : `; ${hint}`}`),
    ...(playbooks === undefined ? [] : playbookRows(playbooks)),
    `Set ${needed.join(' and ')}: a login never comes from an inventory of Ansible.`,
    'Next: eosflow inventory list',
    '      eosflow validate',
    `      eosflow plan ${workflow}${isFirst ? ' -p vlan=140 -p label=PROD-CACHE' : ''}`,
  ].join('\n')
}

function playbookRows({ playbooks, taken, workflows, notTaken, notes }: Playbooks): readonly string[] {
  const idle = notTaken.filter(({ isIdle }) => isIdle === true).length
  const sum = `${count(playbooks, 'playbook')}: ${count(taken, 'task')} in ${count(workflows.length, 'workflow')}, ${notTaken.length - idle} not taken, ${idle} that change no switch`
  return [sum, ...notTakenRows(notTaken).map((row) => `  ${row}`), ...notes.map((note) => `  ${note}`)]
}

/** A row for each file: that it is new, or was there. */
export function fileRows({ created, kept, unignored }: ProjectFiles): readonly string[] {
  const lacks = unignored.length === 0 ? '' : `: add ${unignored.join(' and ')}`
  return [
    ...rows(created).map((row) => `  + ${row}`),
    ...rows(kept).map((row) => `  = ${row} (was there; kept${row === '.gitignore' ? lacks : ''})`),
  ]
}

/** Files one by one, those of a fabric and of an editor together. */
function rows(paths: readonly string[]): readonly string[] {
  const together = (path: string): string | undefined => /^(?:fabrics\/[^/]+|\.vscode)\//.exec(path)?.[0]
  const alike = (folder: string): number => paths.filter((path) => path.startsWith(folder)).length
  const told = paths.map((path) => {
    const folder = together(path)
    return folder === undefined || alike(folder) === 1 ? path : `${folder}, ${count(alike(folder), 'file')}`
  })
  return [...new Set(told)]
}
