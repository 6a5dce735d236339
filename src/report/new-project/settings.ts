/** The settings of a new project: where its files are. */
export const SETTINGS = `# The folder of this file is the project. \`eosflow schema settings\` prints which keys there are.
version: 1
inventory: inventory.yaml
`

/** What stays out of Git: the journal, its key, the address of a running simulator; saved plans, which name addresses of switches. */
export const IGNORED = `.eosflow/
*.plan
`
