import type { FabricStatus, SwitchStatus } from '../../eos/sim/fabric/status.ts'
import { count, duration, switches } from '../../report/text/count.ts'

export function statusText({ name, devices, network }: FabricStatus): string {
  const width = Math.max(6, ...devices.map((device) => device.name.length))
  const head = `${'switch'.padEnd(width)}  EOS         answers  saved  commits timed/confirmed/plain  requests  connections`
  const rows = devices.flatMap((device) => [row(device, width), ...details(device).map((line) => `  ${line}`)])
  const faults = network.map((fault) => `between switches: ${JSON.stringify(fault)}`)
  const requests = devices.reduce((sum, { counters }) => sum + counters.requests, 0)
  const armed = devices.filter(({ timer }) => timer !== undefined).length
  const total = `Simulated: ${name} · ${switches(devices.length)} · ${armed} under a commit timer · ${count(requests, 'request')}`
  return [head, ...rows, ...faults, total, ''].join('\n')
}

function row({ name, eos, reachable, saved, counters }: SwitchStatus, width: number) {
  const { timed, confirms, plain } = counters.commits
  return [
    name.padEnd(width),
    eos.padEnd(10),
    (reachable ? 'yes' : 'no').padEnd(7),
    (saved ? 'yes' : 'no').padEnd(5),
    `${timed}/${confirms}/${plain}`.padEnd(29),
    String(counters.requests).padEnd(8),
    counters.connections,
  ].join('  ')
}

function details({ sessions, timer, faults, recorded }: SwitchStatus) {
  return [
    ...Object.entries(sessions).map(([session, state]) => `session ${session}: ${state}`),
    ...(timer === undefined ? [] : [`commit timer of ${timer.session}: ${duration(timer.secondsLeft)} left`]),
    ...faults.map((fault) => `fault ${JSON.stringify(fault)}`),
    ...(recorded.length === 0 ? [] : [`recorded, not computed: ${recorded.join(', ')}`]),
  ]
}
