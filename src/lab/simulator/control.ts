import { mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FabricStatus, SwitchStatus } from '../../eos/sim/fabric/simulated-fabric.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers, givenJson } from '../../model/json.ts'
import type { Project } from '../../project/files/project.ts'
import { readRegularText } from '../../project/system/machine/regular-file.ts'
import { hinted } from '../../project/system/process/hinted.ts'
import type { WordedHost } from '../../project/system/process/host.ts'
import { inputError } from '../../project/system/process/input-error.ts'
import { PRIVATE, writeUnlinked } from '../../project/system/process/unlinked-file.ts'
import { count, duration, switches } from '../../report/text/text.ts'
import type { RunningDevice, RunningFabric } from '../trial/start-fabric.ts'

export interface ControlAddress {
  readonly host: string
  readonly port: number
}

interface SimulatorNote {
  readonly caFile: string
  forget(): void
}

interface Note {
  readonly version: 2
  readonly pid: number
  readonly project: string
  readonly control: ControlAddress
  readonly ca: string
}

// How long a simulator on this machine takes at most to say that it is there.
const ANSWERS_WITHIN = 2_000

/** Notes in the project where its simulator is controlled, and the authority (PEM) behind its HTTPS. Each process has a note of its own, so that a second simulator takes nothing from the first; notes of simulators that answer no longer go. */
export async function rememberSimulator(
  { dir }: Pick<Project, 'dir'>,
  control: ControlAddress,
  ca: string,
  pid: number,
): Promise<SimulatorNote> {
  const folder = folderIn(dir)
  const caFile = join(dirname(folder), 'sim-ca.pem')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const { file } of await ended(folder)) rmSync(file, { force: true })
  const own = join(folder, `${pid}.json`)
  const note: Note = { version: 2, pid, project: realpathSync(dir), control, ca }
  writeUnlinked(own, `${JSON.stringify(note)}\n`, PRIVATE)
  writeAuthorities(folder, caFile)
  return {
    caFile,
    forget: () => {
      rmSync(own, { force: true })
      writeAuthorities(folder, caFile)
    },
  }
}

/** Throws `unreachable` where none runs, InputError where several do. */
export async function controlOf(app: WordedHost, project: Pick<Project, 'dir'> | undefined): Promise<ControlAddress> {
  const notes = project === undefined ? [] : notesIn(folderIn(project.dir))
  const [only] = notes
  if (only !== undefined && notes.length === 1) return only.note.control
  const answering = (await Promise.all(notes.map(async (one) => ((await answers(one.note)) ? [one.note] : [])))).flat()
  const [first] = answering
  if (first === undefined) {
    throw new EosflowError('unreachable', 'no simulator of this project is running', {
      ...hinted(app, { code: 'start-or-name-simulator' }),
    })
  }
  if (answering.length === 1) return first.control
  const addresses = answering.map(({ control }) => `${control.host}:${control.port}`).join(', ')
  const message = `${answering.length} simulators of this project are running: ${addresses}`
  throw inputError('.eosflow/sim', 'several-simulators', message, app.words({ code: 'name-simulator' }))
}

/** Throws `unreachable` when nobody answers, `refused` with what it said, `protocol`. */
export async function askControl(
  app: WordedHost,
  { host, port }: ControlAddress,
  method: 'GET' | 'POST',
  path: string,
  body?: string,
): Promise<unknown> {
  const address = `${host}:${port}`
  const response = await fetch(`http://${address}${path}`, { method, ...definedMembers({ body }) }).catch(
    (cause: unknown) => {
      throw new EosflowError('unreachable', `no simulator answers at ${address}`, {
        ...hinted(app, { code: 'start-simulator' }),
        cause,
      })
    },
  )
  const answer = (await response
    .text()
    .then(givenJson)
    .catch(() => undefined)) as { readonly error?: string } | undefined
  if (answer === undefined) throw new EosflowError('protocol', `what answers at ${address} is no simulator`)
  if (!response.ok) throw new EosflowError('refused', answer.error ?? `the simulator answered ${response.status}`)
  return answer
}

function folderIn(dir: string) {
  return join(dir, '.eosflow', 'sim')
}

function writeAuthorities(folder: string, caFile: string) {
  const authorities = notesIn(folder).map(({ note }) => note.ca)
  if (authorities.length === 0) rmSync(caFile, { force: true })
  else writeUnlinked(caFile, authorities.join(''), PRIVATE)
}

interface FiledNote {
  readonly file: string
  readonly note: Note
}

function notesIn(folder: string): readonly FiledNote[] {
  return entriesOf(folder).flatMap((entry) => {
    const file = join(folder, entry)
    const note = readNote(file)
    return note?.project !== realpathSync(dirname(dirname(folder))) ? [] : [{ file, note }]
  })
}

async function ended(folder: string): Promise<readonly FiledNote[]> {
  const notes = notesIn(folder)
  const answered = await Promise.all(notes.map(({ note }) => answers(note)))
  return notes.filter((_, index) => answered[index] !== true)
}

async function answers({ control: { host, port } }: Note) {
  const signal = AbortSignal.timeout(ANSWERS_WITHIN)
  return fetch(`http://${host}:${port}/status`, { signal }).then(
    ({ ok }) => ok,
    () => false,
  )
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder)
      .filter((entry) => entry.endsWith('.json'))
      .sort()
  } catch {
    return []
  }
}

function readNote(file: string) {
  try {
    return givenJson(readRegularText(file)) as unknown as Note
  } catch {
    return undefined
  }
}

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
