import { stateAreas } from '../../src/eos/check/area/index.ts'
import { knownChecks } from '../../src/eos/check/builtin/known-checks.ts'
import type { RequestRecord } from '../../src/eos/sim/switch/counters.ts'
import type { JudgeSpec } from '../../src/model/judge.ts'
import { rowsByModule } from '../eos/check/rows/index.ts'
import { whereIs } from '../lab/vlan-change.ts'

interface AskedSwitches {
  readonly devices: readonly (Parameters<typeof whereIs>[0] & {
    readonly name: string
    requests(): readonly Pick<RequestRecord, 'commands'>[]
  })[]
}

const TIMED = / commit timer /

/** The switches that run the change, or were asked to commit it under a timer. */
export function committed({ devices }: AskedSwitches) {
  return devices
    .filter(
      (device) =>
        whereIs(device) === 'AFTER' ||
        device.requests().some(({ commands }) => commands.some((command) => TIMED.test(command))),
    )
    .map(({ name }) => name)
}

/** What a switch was asked before and after its first timed commit, without the form in which it was to answer. */
export function askedAround(requests: readonly Pick<RequestRecord, 'commands'>[]): {
  readonly before: ReadonlySet<string>
  readonly after: ReadonlySet<string>
} {
  const all = requests.flatMap(({ commands }) => commands)
  const at = all.findIndex((command) => TIMED.test(command))
  const questions = (some: readonly string[]) =>
    new Set(
      some.filter((command) => /^(?:show|ping) /.test(command)).map((command) => command.replace(/ \| json.*$/, '')),
    )
  return { before: questions(all.slice(0, at)), after: questions(all.slice(at)) }
}

/** Each check that asks something, with inputs that it takes. */
const ASKING = knownChecks.flatMap((check) => {
  const rows = Object.values(rowsByModule)
    .flat()
    .filter((row) => row.check === check.name)
  const found = [
    { vlans: [110] },
    { command: 'show clock', that: 'true' },
    check.example,
    ...rows.map(({ inputs }) => inputs),
    {},
  ]
    .map((inputs) => ({ inputs: inputs ?? {}, read: check.input.safeParse(inputs ?? {}) }))
    .find(({ read }) => read.success && check.commands(read.data).length > 0)
  if (found === undefined || check.name === 'expected-change') return []
  return [{ name: check.name, inputs: found.inputs, commands: check.commands(found.read.data) }]
})

/** The names of the checks that ask a switch. */
export const CHECKS = ASKING.map(({ name }) => name)

/** The names of the checks whose questions can be refused: eosflow asks those of the others for itself, and a switch that refuses them is not planned at all. */
export const REFUSABLE = CHECKS.filter(
  (name) =>
    ![
      'VerifyRunningConfig',
      'VerifyRunningConfigLines',
      'VerifyEOSVersion',
      'VerifyMemoryUtilization',
      'config-lines',
      'eos-version',
      'memory',
    ].includes(name),
)

/** The names of the state areas. */
export const AREAS = stateAreas.map(({ name }) => name)

/** One probe of each form in which it can be written, and one of a switch that does not change. */
export const PROBES = [
  { from: 'leaf1', to: '10.0.250.13' },
  { from: 'leaf1', to: '10.0.250.13', source: 'Loopback0' },
  { from: 'leaf1', to: '10.10.10.1', vrf: 'PROD' },
  { from: 'leaf2', to: '10.0.250.13' },
]

/** One judge of each kind. */
export const JUDGES: Readonly<Record<JudgeSpec['judge'], string>> = {
  prometheus:
    '{ prometheus: core, query: \'sum by (instance) (up{instance=~"{{ device.name }}"})\', good: "value >= 0", empty: pass, by: instance }',
  alerts: '{ alerts: core, labels: { severity: critical } }',
}

/** A workflow that changes leaf1. Each check is a line of its own from {@link FIRST_CHECK} on, each probe from {@link FIRST_PROBE} on. */
export function askingWorkflow({
  areas = ['lldp', 'mlag', 'interfaces', 'bgp'],
  checks = [],
  probes = [],
  verify = [],
  after = false,
}: {
  readonly areas?: readonly string[]
  readonly checks?: readonly string[]
  readonly probes?: typeof PROBES
  readonly verify?: readonly string[]
  readonly after?: boolean
}) {
  const written = ASKING.filter(({ name }) => checks.includes(name))
  const inVerify = [
    ...verify,
    ...(checks.length > 0 ? ['checks:'] : []),
    ...written.map(({ name, inputs }) => `  - ${JSON.stringify({ [name]: inputs })}`),
  ]
  return `name: add-a-vlan
targets: leaf1
change: { mode: merge, lines: ['vlan 998', '   name TESTED'] }
steps:
  - snapshot: { state: [${areas.join(', ')}] }
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify:
      within: 20s
      stableFor: 0s
      every: 2s
${inVerify.map((line) => `      ${line}\n`).join('')}  - confirm
${after ? 'after: { checks: 24h, every: 10m }\n' : ''}${probes.length > 0 ? 'probe:\n' : ''}${probes.map((probe) => `  - ${JSON.stringify(probe)}\n`).join('')}`
}

/** The line of the first check of {@link askingWorkflow}. */
export const FIRST_CHECK = 14

/** Each command that checks, areas and probes ask, as a fault names it; but for what eosflow asks for itself. */
export const QUESTIONS: readonly string[] = [
  ...new Set([
    ...[...ASKING.flatMap(({ commands }) => commands), ...stateAreas.flatMap(({ commands }) => commands)]
      .map(({ cmd }) => cmd)
      .filter((cmd) => !['show version', 'show running-config'].includes(cmd))
      .map((cmd) => `^${cmd.replaceAll(/[^A-Za-z0-9 ]/g, '\\$&')}( \\| json.*)?$`),
    '^ping .* repeat 1 ',
  ]),
]
