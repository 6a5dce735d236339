import { switches } from '../../report/count.ts'
import type { RunningFabric } from '../start-fabric.ts'

/** One line: where every switch answers, the login that works on it, and the authority (PEM) behind HTTPS. */
export function readyJson({ devices, control, ca }: RunningFabric, caFile: string | undefined): string {
  const listed = devices.map(({ name, eos, username, password, http, https, ssh }) => ({
    name,
    eos,
    username,
    password,
    http,
    https,
    ssh: { host: ssh.host, port: ssh.port, hostKey: ssh.hostKey },
  }))
  return JSON.stringify({ devices: listed, control, ca, ...(caFile === undefined ? {} : { caFile }) })
}

/** Where every switch answers and the login that works on it, one row each. */
export function readyText({ devices, control }: RunningFabric, caFile: string | undefined): string {
  const width = Math.max(6, ...devices.map(({ name }) => name.length))
  const rows = devices.map(
    ({ name, eos, http, https, ssh, username, password }) =>
      `${name.padEnd(width)}  ${eos.padEnd(10)}  http://${http.host}:${http.port}/command-api  https :${https.port}  ssh -p ${ssh.port} ${username}@${ssh.host}  ${username} / ${password}`,
  )
  return [
    `${'switch'.padEnd(width)}  ${'EOS'.padEnd(10)}  eAPI over HTTP and HTTPS, SSH, and the invented login`,
    ...rows,
    `Simulated: ${switches(devices.length)} until interrupted · control port ${control.host}:${control.port}`,
    ...(caFile === undefined ? [] : [`CA certificate for HTTPS: ${caFile}`]),
    'It answers until it is stopped: Ctrl-C here, or SIGTERM to the process',
  ].join('\n')
}
