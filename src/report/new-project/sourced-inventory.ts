import { present } from '../text/present.ts'

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

/** The variable in which the password of the switches is looked for. */
export const PASSWORD = 'EOSFLOW_PASSWORD'

/** The variable in which the password of the vaults is looked for. */
export const VAULT_PASSWORD = 'ANSIBLE_VAULT_PASSWORD'

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
