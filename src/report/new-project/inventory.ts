interface Entry {
  readonly name: string
  readonly role: 'spine' | 'leaf'
  readonly asn: number
  readonly loopback: string
  readonly mlag?: string
}

const SWITCHES: readonly Entry[] = [
  { name: 'spine1', role: 'spine', asn: 65000, loopback: '10.0.250.1' },
  { name: 'spine2', role: 'spine', asn: 65000, loopback: '10.0.250.2' },
  { name: 'leaf1', role: 'leaf', asn: 65101, loopback: '10.0.250.11', mlag: 'pair1' },
  { name: 'leaf2', role: 'leaf', asn: 65101, loopback: '10.0.250.12', mlag: 'pair1' },
  { name: 'leaf3', role: 'leaf', asn: 65102, loopback: '10.0.250.13', mlag: 'pair2' },
  { name: 'leaf4', role: 'leaf', asn: 65102, loopback: '10.0.250.14', mlag: 'pair2' },
]

/** The ports of the switches from a number on: the spines begin at 1 more, the leaves at 11 more. */
export function portsFrom(base: number): Readonly<Record<string, number>> {
  const numbered = (role: Entry['role'], first: number) =>
    SWITCHES.filter((one) => one.role === role).map(({ name }, index) => [name, base + first + index] as const)
  return Object.fromEntries([...numbered('spine', 1), ...numbered('leaf', 11)])
}

const HEAD = `# The switches of fabrics/dc1, simulated: \`eosflow sim start fabrics/dc1\` answers at these addresses. The ports were free when
# they were written; give the switches other ones if sim start says that somebody has taken one.
#
# For real switches give each its address, take \`protocol: http\` away, and say where the password is kept:
#   credentials: { operator: { username: eosflow-rw, password: '\${env:EOSFLOW_RW}' } }
# A second user, under \`readCredentials:\`, is the one that snapshots and verification log in with.
# \`role:leaf\` selects by tag. \`keepApart: mlag\` in a workflow keeps the two of a pair out of one wave.
version: 1
defaults: { protocol: http, credentials: simulated }
credentials:
  simulated: { username: admin, password: admin, simulated: true }
devices:
`

export function inventoryText(ports: Readonly<Record<string, number>>): string {
  const rows = SWITCHES.map(({ name, role, asn, loopback, mlag }) => {
    const pair = mlag === undefined ? '' : `, mlag: ${mlag}`
    return `  ${name}: { host: 127.0.0.1, port: ${ports[name] ?? 0}, tags: { role: ${role}, site: dc1${pair}, asn: ${asn}, loopback: ${loopback} } }\n`
  })
  return HEAD + rows.join('')
}
