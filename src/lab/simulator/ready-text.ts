import type { FabricStatus, SwitchStatus } from '../../eos/sim/fabric/status.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { count, duration, switches } from '../../report/text/count.ts'
import type { RunningDevice, RunningFabric } from '../trial/start-fabric.ts'

/** One line: where every switch answers, the login that works on it, and the authority (PEM) behind HTTPS. */
export function readyJson({ devices, control, ca }: RunningFabric, caFile: string | undefined): string {
  const listed = devices.map((device) => {
    const { name, eos, username, password, http, https, ssh } = device
    const closed = device.closed()
    return {
      name,
      eos,
      username,
      password,
      http,
      https,
      ssh: { host: ssh.host, port: ssh.port, hostKey: ssh.hostKey },
      ...(closed.length === 0 ? {} : { closed }),
    }
  })
  return JSON.stringify({ devices: listed, control, ca, ...definedMembers({ caFile }) })
}

/** Where every switch answers and the login that works on it, one row each, and how process `pid` is ended. */
export function readyText({ devices, control }: RunningFabric, caFile: string | undefined, pid: number): string {
  const width = Math.max(6, ...devices.map(({ name }) => name.length))
  const rows = devices.map((device) => `${device.name.padEnd(width)}  ${device.eos.padEnd(10)}  ${waysIn(device)}`)
  return [
    `${'switch'.padEnd(width)}  ${'EOS'.padEnd(10)}  eAPI over HTTP and HTTPS, and SSH`,
    ...rows,
    ...logins(devices),
    `Simulated: ${switches(devices.length)} until interrupted · control port ${control.host}:${control.port}`,
    ...(caFile === undefined ? [] : [`CA certificate for HTTPS: ${caFile}`]),
    `They answer until this process ends: Ctrl-C, or kill ${pid}`,
  ].join('\n')
}

function logins(devices: readonly RunningDevice[]) {
  const login = ({ username, password }: RunningDevice) => `${username} / ${password}`
  const all = [...new Set(devices.map(login))]
  return all.map((one) => {
    const names = devices.filter((device) => login(device) === one).map(({ name }) => name)
    return `Invented login${all.length === 1 ? '' : ` of ${names.join(', ')}`}: ${one}`
  })
}

function waysIn(device: RunningDevice) {
  const { http, https, ssh, username } = device
  const closed = device.closed()
  const eapi = [
    closed.includes('http') ? [] : [`http://${http.host === '::1' ? '[::1]' : http.host}:${http.port}/command-api`],
    closed.includes('https') ? [] : [`https :${https.port}`],
  ].flat()
  const missing = closed.includes('http') ? 'eAPI is off in its configuration' : 'HTTPS is off in its configuration'
  return [
    ...eapi,
    ...(eapi.length === 2 ? [] : [missing]),
    closed.includes('ssh') ? 'SSH is off in its configuration' : `ssh -p ${ssh.port} ${username}@${ssh.host}`,
  ].join('  ')
}

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
