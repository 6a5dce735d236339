import { relative, resolve } from 'node:path'
import { fabricFolders, readFabric } from '../../app/fabric-folder.ts'
import { InputError } from '../../app/input-error.ts'
import { findProject, type Project } from '../../app/project.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import { switches } from '../../report/count.ts'
import type { Fabric } from '../../sim/fabric/fabric.ts'
import { type OneSwitchOptions, oneSwitchFabric } from '../../sim/fabric/one-switch.ts'
import { systemRandom } from '../../system/system-random.ts'
import { type RunningFabric, startFabric } from '../../trial/start-fabric.ts'
import { isInProject, onInventoryPorts } from '../fixed-ports.ts'
import type { Invocation } from '../io.ts'
import { readConfigText } from '../read-config.ts'
import { rememberSimulator } from '../sim-control.ts'

/**
 * Simulated switches that answer until the process is told to end. In a project a fabric of its own answers where the
 * inventory looks for its switches, so that `run` finds them; any other on ports that are free.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  const project = findProject(io, global)
  const running = await start(fabricOf(invocation, project))
  const note = project === undefined ? undefined : rememberSimulator(project, running.control, running.ca)
  try {
    io.out(global.json ? `${readyJson(running, note?.caFile)}\n` : readyText(running, note?.caFile))
    await ended(io.stop)
    return 0
  } finally {
    note?.forget()
    await running.close()
  }
}

function fabricOf(invocation: Invocation, project: Project | undefined): Fabric {
  const { io, args, options } = invocation
  if (typeof options.config === 'string') {
    return oneSwitchFabric(readConfigText(io, options.config), oneSwitchOptions(options))
  }
  const folder = resolve(io.cwd, args[0] ?? onlyFabric(io.cwd, project))
  const fabric = readFabric(io, folder)
  if (project === undefined || !isInProject(project, folder)) return fabric
  return project.stands(project.settings.inventory) ? onInventoryPorts(fabric, project.inventory()) : fabric
}

function oneSwitchOptions({ eos, name, privilege, enableSecret, verbatim }: Invocation['options']): OneSwitchOptions {
  if (eos !== undefined && !/^4\.\d+(\.\d+)*[A-Z]*$/.test(String(eos))) {
    throw bad('--eos', `\`${eos}\` is no EOS version`, 'Write it as 4.32.2F.')
  }
  if (privilege !== undefined && privilege !== '1' && privilege !== '15') {
    throw bad('--privilege', `\`${privilege}\` is no privilege of a login`, 'Write 1 or 15.')
  }
  return {
    ...(typeof eos === 'string' ? { eos } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    ...(privilege === undefined ? {} : { privilege: privilege === '1' ? 1 : 15 }),
    ...(typeof enableSecret === 'string' ? { enableSecret } : {}),
    ...(verbatim === true ? { verbatim } : {}),
  }
}

function onlyFabric(cwd: string, project: Project | undefined): string {
  const folders = project === undefined ? [] : fabricFolders(project)
  const [folder] = folders
  if (folder !== undefined && folders.length === 1) return folder
  const names = folders.map((one) => relative(cwd, one)).join(', ')
  const message = names === '' ? 'no fabric is named' : `the project has several fabrics: ${names}`
  throw bad('sim start', message, 'Name a folder with fabric.yaml, or a running-config with --config FILE.')
}

async function start(fabric: Fabric): Promise<RunningFabric> {
  try {
    return await startFabric({ fabric, random: systemRandom })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    const port = 'port' in error ? String(error.port) : ''
    throw new EosflowError('busy', `port ${port} on 127.0.0.1 is taken`, {
      hint: 'Is a simulator running already? eosflow sim status; else give the switches other ports in inventory.yaml.',
      cause: error,
    })
  }
}

/** One line: where every switch answers, the login that works on it, and the authority (PEM) behind HTTPS. */
function readyJson({ devices, control, ca }: RunningFabric, caFile: string | undefined): string {
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

function readyText({ devices, control }: RunningFabric, caFile: string | undefined): string {
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
    `Next: eosflow sim status --control ${control.host}:${control.port}`,
    '',
  ].join('\n')
}

function ended(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve()
    else stop.addEventListener('abort', () => resolve(), { once: true })
  })
}

function bad(file: string, message: string, hint: string): InputError {
  return new InputError([problemOf(file, 'bad-usage', message, hint)])
}
