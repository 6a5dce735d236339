export const SETTINGS = settingsText('inventory.yaml')

export function settingsText(inventory: string): string {
  return `# The folder of this file is the project. \`eosflow schema settings\` prints which keys there are.
version: 1
inventory: ${inventory}
`
}

/** What stays out of Git: the journal, its key, the address of a running simulator; saved plans, which name addresses of switches. */
export const IGNORED = `.eosflow/
*.plan
`
