import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inProcess, temporaryFolder, writeFiles } from '../lab.ts'

/** A project of two switches that speak BGP with each other, and a workflow that gives both a VLAN. */
export interface TestProject {
  write(path: string, text: string): void
  read(path: string): string
  remove(path: string): void
  /** Runs `eosflow test` in it. */
  test(...argv: readonly string[]): ReturnType<typeof inProcess>
  /** Runs any other command in it. */
  eosflow(...argv: readonly string[]): ReturnType<typeof inProcess>
}

/** What `eosflow test --json` says of one case. */
export interface CaseJson {
  readonly name: string
  readonly status: string
  readonly failures: readonly {
    readonly at: { readonly file: string; readonly line: number; readonly column: number }
    readonly what: string
    readonly expected: string
    readonly actual: string
    readonly diff?: readonly string[]
  }[]
}

const switchConfig = (own: number) => `hostname sw${own}
!
interface Ethernet1
   no switchport
   ip address 10.0.0.${own - 1}/31
!
interface Ethernet2
!
interface Management1
   ip address 192.0.2.${own}/24
!
ip routing
!
router bgp 6500${own}
   neighbor 10.0.0.${2 - own} remote-as 6500${3 - own}
!
management api http-commands
   no shutdown
!
end
`

const FILES: Readonly<Record<string, string>> = {
  'eosflow.yaml': 'version: 1\n',
  'inventory.yaml': `defaults: { credentials: lab }
credentials: { lab: { username: lab, password: '\${env:NOT_SET}' } }
devices: { sw1: { host: 10.9.9.1 }, sw2: { host: 10.9.9.2 }, sw3: { host: 10.9.9.3 } }
`,
  'fabrics/lab/fabric.yaml': `version: 1
name: lab
devices: { sw1: { eos: 4.32.2F, config: sw1.cfg }, sw2: { eos: 4.32.2F, config: sw2.cfg } }
cabling: ['sw1:Ethernet1 - sw2:Ethernet1']
`,
  'fabrics/lab/sw1.cfg': switchConfig(1),
  'fabrics/lab/sw2.cfg': switchConfig(2),
  'workflows/vlan.yaml': `name: vlan
params: { vlan: { type: integer, minimum: 2, maximum: 4094 } }
targets: sw1 or sw2
change: { lines: ['vlan {{ vlan }}', '   name LAB'] }
rollout: { waves: [1, 100%] }
steps:
  - snapshot: { state: [bgp, vlan] }
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify:
      within: 30s
      stableFor: 10s
      checks: [reachable, bgp-established, { vlans-present: { vlans: '{{ vlan }}' } }]
  - confirm
`,
}

/** The first six lines of a test file; the first case begins in the seventh. */
export const HEAD = `version: 1
workflow: workflows/vlan.yaml
fabric: fabrics/lab
params: { vlan: 20 }
approvals: [{ by: ann }]
cases:
`

/** Makes the project; it is gone when the test is over. */
export function testProject(): TestProject {
  const dir = temporaryFolder()
  const write = (path: string, text: string) => writeFiles(dir, { [path]: text })
  for (const [path, text] of Object.entries(FILES)) write(path, text)
  return {
    write,
    read: (path) => readFileSync(join(dir, path), 'utf8'),
    remove: (path) => rmSync(join(dir, path)),
    test: (...argv) => inProcess(['test', ...argv], dir),
    eosflow: (...argv) => inProcess(argv, dir),
  }
}

/** The cases in what `eosflow test --json` printed. */
export function casesIn(stdout: string): readonly CaseJson[] {
  return (JSON.parse(stdout) as { cases: readonly CaseJson[] }).cases
}
