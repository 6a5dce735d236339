import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { frontEnd } from '../src/doors/cli/outcome/front-end.ts'
import { silentIo } from '../src/doors/cli/thread/silent-io.ts'
import { selectedCases, testExecution } from '../src/lab/workflow-test/execution.ts'
import { startLab } from '../src/lab/workflow-test/lab.ts'
import { openProject } from '../src/project/files/project.ts'
import { systemClock } from '../src/project/system/machine/system-clock.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url))
/** So many times each change is made, in turns. */
const TURNS = 7

const AREAS = 'interfaces, bgp, lldp, mlag, vlan'
const FELT =
  'spanning-tree, bgp-advertised, bgp-limits, traffic, exits, gateways, hardware-capacity, ipv6-routes, routes'

/** What a change may have beside its lines and checks. */
interface Extras {
  readonly areas?: string
  readonly top?: string
  readonly rollout?: string
  readonly verify?: string
  readonly settings?: string
}

const JUDGES = `      judges:
        - { prometheus: core, query: 'drops{instance=~"{{ device.name }}"}', good: 'value <= before + 5', empty: fail, by: instance }`
const PROBES = `probe:
  - { from: 'role:leaf', to: 10.0.250.1 }
  - { from: leaf1, to: 10.0.250.13 }
`

const FITNESS_OFF = ', fitness: off'

/** Each thing by itself, and all of them. */
const CHANGES: Readonly<Record<string, Extras>> = {
  'a change': { rollout: FITNESS_OFF },
  'the other side': {},
  'areas of what users feel': { rollout: FITNESS_OFF, areas: `${AREAS}, ${FELT}` },
  'a judge': { rollout: FITNESS_OFF, verify: JUDGES },
  'five probes': { rollout: FITNESS_OFF, top: PROBES },
  'a budget': { rollout: FITNESS_OFF, settings: "maxUnderChange: [{ on: 'role:leaf', max: 4 }]\n" },
  'checks after the confirm': { rollout: FITNESS_OFF, top: 'after: { checks: 24h }\n' },
  'all of it': {
    areas: `${AREAS}, ${FELT}`,
    verify: JUDGES,
    top: `${PROBES}after: { checks: 24h }\n`,
    settings: "maxUnderChange: [{ on: 'role:leaf', max: 4 }]\n",
  },
}

function workflowOf({ areas = AREAS, top = '', rollout = '', verify = '' }: Extras): string {
  return `name: measured
targets: role:leaf
change: { mode: merge, lines: ['interface Loopback9', '   ip address 10.9.9.9/32'] }
rollout: { waves: [1, 50%, 100%], keepApart: mlag${rollout} }
${top}steps:
  - snapshot: { state: [${areas}] }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify:
      within: 3m
      stableFor: 30s
      checks: [reachable, bgp-established, mlag-healthy]
${verify}
  - confirm
`
}

const SETTINGS = `version: 1
http: { key: '\${env:EOSFLOW_HTTP_KEY}', hosts: [{ origin: 'http://prometheus.example:9090' }] }
judges: { core: { url: 'http://prometheus.example:9090' } }
`

const TEST = `version: 1
workflow: workflow.yaml
fabric: dc1
approvals: [{ by: ann }]
judges:
  core: [{ values: { leaf1: 1, leaf2: 1, leaf3: 1, leaf4: 1 } }]
cases:
  - name: it is made
    expect: { outcome: succeeded }
`

/** What one change took: requests to the switches and to services, CPU in milliseconds, records. */
interface Taken {
  readonly requests: number
  readonly cpu: number
  readonly records: number
}

/**
 * What each thing costs that says what users feel, in one change of four simulated leaves on the virtual clock: requests to switches, records, and CPU of
 * this process beside that of the same change without it.
 */
export async function cost(print: Print): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'eosflow-cost-'))
  try {
    const made = Object.entries(CHANGES).map(([what, extras], index) => ({
      what,
      folder: projectIn(root, index, extras),
    }))
    const taken = new Map<string, Taken[]>()
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (const { what, folder } of made) taken.set(what, [...(taken.get(what) ?? []), await changed(folder)])
    }
    const cpuOf = (what: string): number => median((taken.get(what) ?? []).slice(1).map(({ cpu }) => cpu))
    for (const { what } of made) {
      const [first] = taken.get(what) ?? []
      const times = rounded(cpuOf(what) / cpuOf('a change'))
      print({
        bench: 'cost',
        what,
        requests: first?.requests,
        records: first?.records,
        cpu: rounded(cpuOf(what)),
        times,
      })
    }
  } finally {
    rmSync(root, { recursive: true })
  }
}

function projectIn(root: string, index: number, extras: Extras): string {
  const folder = join(root, String(index))
  mkdirSync(join(folder, 'tests'), { recursive: true })
  cpSync(join(CHECKOUT, 'fixtures/dc1'), join(folder, 'dc1'), { recursive: true })
  cpSync(join(CHECKOUT, 'inventory.yaml'), join(folder, 'inventory.yaml'))
  writeFileSync(join(folder, 'eosflow.yaml'), `${SETTINGS}${extras.settings ?? ''}`)
  writeFileSync(join(folder, 'workflow.yaml'), workflowOf(extras))
  writeFileSync(join(folder, 'tests/measured.test.yaml'), TEST)
  return folder
}

async function changed(folder: string): Promise<Taken> {
  const project = openProject(silentIo(folder), {})
  const [testCase] = selectedCases(project, { files: ['tests/measured.test.yaml'] })
  if (testCase === undefined) throw new Error('there is no case')
  const lab = startLab(testCase, systemClock)
  const before = process.cpuUsage()
  const { state, events, error } = await lab.whileTimePasses(testExecution(project, frontEnd)(testCase, lab))
  const { user, system } = process.cpuUsage(before)
  if (state?.outcome !== 'succeeded') throw new Error(`${folder}: ${state?.outcome}: ${error}`)
  const requests = testCase.fabric.devices.reduce(
    (sum, { name }) => sum + lab.fabric.get(name).device.requests.length,
    0,
  )
  return { requests, cpu: (user + system) / 1000, records: events.length }
}
