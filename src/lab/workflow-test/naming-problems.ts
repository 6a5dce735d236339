import { posix } from 'node:path'
import { statesIn } from '../../change/workflow/machine/machine.ts'
import { stateAreas } from '../../eos/check/area/index.ts'
import type { Fabric, FabricDevice } from '../../eos/sim/fabric/fabric.ts'
import { physicalPorts } from '../../eos/sim/fabric/ports.ts'
import type { Place, Problem } from '../../model/error.ts'
import { formatDuration } from '../../text/source/duration.ts'
import type { Path } from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { secondsAfter, type TestCase } from './schema.ts'

export const ROLLBACK = 'Rollback'

export function namingProblems(testCase: TestCase, place: (path: Path) => Place): readonly Problem[] {
  return [
    ...faultProblems(testCase, place),
    ...portProblems(testCase, place),
    ...memberProblems(testCase, place),
    ...stateProblems(testCase, place),
    ...checkProblems(testCase, place),
    ...pathProblems(testCase, place),
  ]
}

function faultProblems({ fabric, faults }: TestCase, place: (path: Path) => Place): readonly Problem[] {
  const known = fabric.devices.map(({ name }) => name)
  return faults.flatMap(({ fault: { device } }, index) => {
    if (known.includes(device)) return []
    const message = `\`${device}\` is no switch of the fabric ${fabric.name}`
    const at = place(['faults', index, 'device'])
    return [{ code: 'unknown-device', message, at, hint: didYouMean(device, known) }]
  })
}

function portProblems({ fabric, faults }: TestCase, place: (path: Path) => Place): readonly Problem[] {
  return faults.flatMap(({ fault, mayMiss }, index) => {
    const device = fabric.devices.find(({ name }) => name === fault.device)
    if (device === undefined || mayMiss === true || !('port' in fault)) return []
    const known = portsOf(device, fabric)
    if (known.includes(fault.port)) return []
    const message = `\`${fault.port}\` is no port of ${device.name}`
    return [
      { code: 'unknown-port', message, at: place(['faults', index, 'port']), hint: didYouMean(fault.port, known) },
    ]
  })
}

function portsOf({ name, config }: FabricDevice, { cabling }: Fabric) {
  const channels = [...config.matchAll(/^interface (Port-Channel\d+)$/gm)].map(([, channel = '']) => channel)
  return [...physicalPorts(name, config, cabling), ...channels]
}

function memberProblems({ expect }: TestCase, place: (path: Path) => Place): readonly Problem[] {
  return Object.entries(expect.state ?? {}).flatMap(([device, areas]) =>
    Object.entries(areas).flatMap(([area, expected]) => {
      const found = stateAreas.find(({ name }) => name === area)
      return (found?.strangeMembers(expected) ?? []).map(({ path, known }) => {
        const member = String(path.at(-1))
        const message = `the state area \`${area}\` has no member \`${member}\` there`
        const at = place(['expect', 'state', device, area, ...path])
        return { code: 'unknown-member', message, at, hint: didYouMean(member, known) }
      })
    }),
  )
}

function stateProblems(
  { workflow, faults, trials, interrupt, expect }: TestCase,
  place: (path: Path) => Place,
): readonly Problem[] {
  const known = [...statesIn(workflow.machine).map(({ state }) => state.name), ROLLBACK]
  const named: readonly (readonly [string | undefined, Path])[] = [
    ...faults.map(({ when }, index) => [when, ['faults', index, 'when']] as const),
    ...trials.flatMap(({ key, answers }) =>
      Object.entries(answers).flatMap(([service, given]) =>
        given.map(({ when }, index) => [when, [key.name, service, index, 'when']] as const),
      ),
    ),
    [interrupt, ['interrupt']],
    ...(expect.states ?? []).map((state, index) => [state, ['expect', 'states', index]] as const),
  ]
  return named.flatMap(([state, path]) => {
    if (state === undefined || known.includes(state)) return []
    const seconds = secondsAfter(state)
    if (seconds !== undefined) return momentProblems(workflow, seconds, place(path))
    const message = `the workflow ${workflow.name} has no state \`${state}\``
    return [{ code: 'unknown-state', message, at: place(path), hint: didYouMean(state, known) }]
  })
}

function momentProblems({ name, after }: TestCase['workflow'], seconds: number, at: Place): readonly Problem[] {
  if (after !== undefined && seconds <= after.checks) return []
  const message =
    after === undefined
      ? `the workflow ${name} keeps no checks after its end`
      : `the workflow ${name} keeps its checks for ${formatDuration(after.checks)}`
  return [
    { code: 'no-such-moment', message, at, hint: 'say `after: { checks: 24h }` in the workflow, or an earlier time' },
  ]
}

function checkProblems({ workflow, expect }: TestCase, place: (path: Path) => Place): readonly Problem[] {
  const known = [
    ...new Set([
      'reachable',
      ...workflow.checks.map(({ name }) => name),
      ...workflow.called.flatMap(({ key, calls }) => key.checks(calls)),
    ]),
  ]
  return Object.entries(expect.checks ?? {}).flatMap(([device, checks]) =>
    Object.keys(checks)
      .filter((check) => !known.includes(check))
      .map((check) => {
        const message = `the workflow ${workflow.name} has no check \`${check}\``
        const at = place(['expect', 'checks', device, check])
        return { code: 'unknown-check', message, at, hint: didYouMean(check, known) }
      }),
  )
}

function pathProblems({ expect, file }: TestCase, place: (path: Path) => Place): readonly Problem[] {
  const named: readonly (readonly [string | undefined, Path])[] = [
    [expect.plan, ['expect', 'plan']],
    ...Object.entries(expect.running ?? {}).map(
      ([device, { equals }]) => [equals, ['expect', 'running', device, 'equals']] as const,
    ),
  ]
  return named.flatMap(([path, at]) => {
    if (path === undefined) return []
    const whole = posix.join(posix.dirname(file), path)
    if (!path.startsWith('/') && whole !== '..' && !whole.startsWith('../')) return []
    const hint = 'name a file inside the project, relative to this file'
    return [{ code: 'outside-project', message: `${path} lies outside the project`, at: place(at), hint }]
  })
}
