import type { Problem } from '../../model/error.ts'
import { count, present, switches } from '../text/text.ts'
import type { EditorFiles } from './editor-files.ts'
import { notTakenRows, type PlayWorkflow } from './play-workflow.ts'

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

export interface SourcedProject {
  readonly kind: 'ansible' | 'avd'
  readonly path: string
  /** Which of its hosts are switches, as a pattern of Ansible; absent where `ansible_network_os` says it. */
  readonly only?: string
  /** Whether it looks like one of AVD, though it is read as one of Ansible. */
  readonly isAvd?: true
  readonly tags: Readonly<Record<string, string>>
  readonly hasVault: boolean
  readonly username: string
}

// The variable in which the password of the switches is looked for.
const PASSWORD = 'EOSFLOW_PASSWORD'

// The variable in which the password of the vaults is looked for.
const VAULT_PASSWORD = 'ANSIBLE_VAULT_PASSWORD'

export function sourcedInventoryText({ path, only, tags, hasVault, username }: SourcedProject): string {
  const entries = Object.entries(tags)
  const lines = present(
    `  - ansible: ${quoted(path)}`,
    only !== undefined && `    only: ${quoted(only)}`,
    entries.length > 0 && `    tags: { ${entries.map(([tag, name]) => `${tag}: ${name}`).join(', ')} }`,
    hasVault && `    vault: '\${env:${VAULT_PASSWORD}}'`,
  )
  return `# The switches are those of Ansible: its files are read where they are, nothing is copied.
#   eosflow inventory list                  the switches, with addresses, tags and groups
#   eosflow inventory show NAME --origin    each variable of one, with file and line
version: 1
sources:
${lines.join('\n')}
# The user that changes the switches. A login never comes from a source.
# With certificates of your own authority write tls: { ca: certs/ca.pem } instead: \`tofu\` asks about each new key at a terminal.
defaults: { credentials: operator, tls: { tofu: certs/known_pins } }
credentials:
  operator: { username: ${quoted(username)}, password: '\${env:${PASSWORD}}' }
# What is written here of a switch goes before the source, for example
#   leaf1: { host: 10.0.0.11, tags: { role: leaf }, vars: { asn: 65101 } }
devices: {}
`
}

export function quoted(text: string): string {
  return /^[A-Za-z_./][A-Za-z0-9_./-]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`
}
