import type { Problem } from '../../model/problem.ts'
import { count, switches } from '../text/count.ts'
import { present } from '../text/present.ts'
import type { EditorFiles } from './editor-files.ts'
import { notTakenRows, type PlayWorkflow } from './play-workflow.ts'
import { PASSWORD, type SourcedProject, VAULT_PASSWORD } from './sourced-inventory.ts'

export interface ProjectFiles {
  readonly created: readonly string[]
  readonly kept: readonly string[]
  readonly unignored: readonly string[]
}

export interface NewProject extends ProjectFiles, Partial<Pick<EditorFiles, 'lacks'>> {}

export function newProjectText(written: NewProject): string {
  const { created, kept, lacks } = written
  return present(
    fileRows(written),
    '',
    'Everything is simulated until inventory.yaml names your switches.',
    'A run shows the exact change of each switch, and asks you before it makes it.',
    lacks !== undefined && editorLine(lacks),
    '',
    `Project: ${count(created.length, 'file')} created, ${kept.length} kept`,
  ).join('\n')
}

function editorLine({ schemas, extensions }: EditorFiles['lacks']): string {
  const isWhole = Object.keys(schemas).length + extensions.length === 0
  if (isWhole)
    return 'VS Code completes these files; in another clone it does once you have run `eosflow schema --editor vscode` there.'
  return '`eosflow schema --editor vscode` says what .vscode lacks to complete these files.'
}

export interface ProjectFrom {
  readonly written: ProjectFiles
  readonly workflow: string
  /** How many switches it has; null where a vault has to be opened first to know it. */
  readonly switches: number | null
  readonly leftOut: number
  readonly notes: readonly Problem[]
  readonly playbooks?: Playbooks
  readonly from: SourcedProject
}

export interface Playbooks extends Pick<PlayWorkflow, 'notTaken' | 'notes'> {
  readonly playbooks: number
  readonly taken: number
  readonly workflows: readonly string[]
}

export function projectFromText({
  written,
  workflow,
  switches: devices,
  leftOut,
  notes,
  playbooks,
  from,
}: ProjectFrom): string {
  const { kind, path, only, hasVault } = from
  const isFirst = kind !== 'avd' && (playbooks === undefined || playbooks.workflows.length === 0)
  const which = only === undefined ? 'hosts with ansible_network_os EOS' : `\`${only}\``
  const others = leftOut === 0 ? '' : `, ${count(leftOut, 'other host')} left out`
  const found = devices === null ? 'its vaults have to be opened first' : `${switches(devices)} (${which})${others}`
  const needed = present(PASSWORD, hasVault && VAULT_PASSWORD)
  return present(
    fileRows(written),
    '',
    `${path}: ${found}`,
    from.isAvd === true && 'This looks like AVD: `eosflow init --from avd` deploys what AVD has built.',
    notes.map(({ message, hint }) => `${message}${hint === undefined ? '' : `; ${hint}`}`),
    playbooks !== undefined && playbookRows(playbooks),
    `Set ${needed.join(' and ')}: a login never comes from an inventory of Ansible.`,
    'Next: eosflow inventory list',
    '      eosflow validate',
    `      eosflow plan ${workflow}${isFirst ? ' -p vlan=140 -p label=PROD-CACHE' : ''}`,
  ).join('\n')
}

function playbookRows({ playbooks, taken, workflows, notTaken, notes }: Playbooks) {
  const idle = notTaken.filter(({ isIdle }) => isIdle === true).length
  const sum = `${count(playbooks, 'playbook')}: ${count(taken, 'task')} in ${count(workflows.length, 'workflow')}, ${notTaken.length - idle} not taken, ${idle} that change no switch`
  return [sum, ...notTakenRows(notTaken).map((row) => `  ${row}`), ...notes.map((note) => `  ${note}`)]
}

export function fileRows({ created, kept, unignored }: ProjectFiles): readonly string[] {
  const lacks = unignored.length === 0 ? '' : `: add ${unignored.join(' and ')}`
  return [
    ...rows(created).map((row) => `  + ${row}`),
    ...rows(kept).map((row) => `  = ${row} (was there; kept${row === '.gitignore' ? lacks : ''})`),
  ]
}

function rows(paths: readonly string[]) {
  const together = (path: string) => /^(?:fabrics\/[^/]+|\.vscode)\//.exec(path)?.[0]
  const alike = (folder: string) => paths.filter((path) => path.startsWith(folder)).length
  const told = paths.map((path) => {
    const folder = together(path)
    return folder === undefined || alike(folder) === 1 ? path : `${folder}, ${count(alike(folder), 'file')}`
  })
  return [...new Set(told)]
}
