import { constants } from 'node:fs'
import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Inventory, InventoryDevice } from '../../../change/inventory/inventory.ts'
import { isUnproven } from '../../../change/inventory/transports.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import { onEach, read } from '../../../change/task/act/act.ts'
import type { ConnectionLimits } from '../../../eos/device/connection-places.ts'
import {
  type Credential,
  type Device,
  type DeviceCaller,
  type DeviceTarget,
  type Fleet,
  type Transport,
  wrapDevice,
} from '../../../eos/device/device.ts'
import { fleetOf, type Logins } from '../../../eos/device/fleet.ts'
import { anyTransport } from '../../../eos/transport/any-transport.ts'
import type { FirstSight, TrustAtFirstSight } from '../../../eos/transport/connection/first-sight.ts'
import { eapiTransport } from '../../../eos/transport/eapi/eapi-transport.ts'
import { httpTransport } from '../../../eos/transport/http/http-transport.ts'
import { jumpHosts, sshTransport } from '../../../eos/transport/ssh/ssh-transport.ts'
import { withFallback } from '../../../eos/transport/with-fallback.ts'
import { codeOf, EosflowError } from '../../../model/error.ts'
import { type Fence, readsOnly } from '../../../model/fence.ts'
import type { HttpPort } from '../../../model/http-port.ts'
import { definedMembers, ownMember } from '../../../model/json.ts'
import { visibleLine } from '../../../report/text/text.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { closeSecrets, type SecretsHost, secretsOf } from '../../app/secrets/open-secrets.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { fileOf, projectText, type TextPlace } from '../../files/project-text.ts'
import type { Caller, SilentCaller } from '../../identity/caller-of.ts'
import type { Secrets } from '../../secret/secrets.ts'
import { mostOpenFiles } from '../../system/machine/open-files.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import { systemRandom } from '../../system/machine/system-clock.ts'
import { setV8Flag } from '../../system/machine/v8-flag.ts'
import type { Console } from '../../system/process/console.ts'
import type { Host, WordedHost } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'
import { noSeams } from '../../system/process/seams.ts'
import { inventoryLogins, placedFault, resolveCredential, userOf } from '../inventory/inventory-logins.ts'
import type { LoginRotation } from '../inventory/rotation.ts'
import { chosenDevices, tellWarnings } from '../inventory/tell-warnings.ts'
import { ownSimulatorOf } from './own-simulator.ts'

/** A missing one holds none: then every key is unknown, and the message says how to get them. */
export async function knownKeys(project: TextPlace, file: string): Promise<string> {
  try {
    return await projectText(project, file)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return ''
    if (cause instanceof InputError) throw cause
    throw new EosflowError('tls', `the known keys cannot be read from ${fileOf(project, file)}`, {
      hint: 'Check the path under ssh: knownHosts: or tls: tofu: in the inventory.',
      cause,
    })
  }
}

/** Throws `secret`, as its key does. */
export async function clientCertificate(project: TextPlace, file: string): Promise<string> {
  const path = fileOf(project, file)
  const text = await projectText(project, file).catch((cause: unknown) => {
    if (cause instanceof InputError) throw cause
    throw new EosflowError('secret', `the client certificate cannot be read from ${path}`, {
      hint: 'Check the path under certificate: in the credentials of the inventory.',
      cause,
    })
  })
  if (/-----BEGIN CERTIFICATE-----/.test(text)) return text
  throw new EosflowError('secret', `${path} holds no certificate`, {
    hint: 'It has to be PEM: -----BEGIN CERTIFICATE-----. The private key belongs under key:, by reference.',
  })
}

type TrustRecord = (event: Extract<EventBody, { readonly type: 'InsecureAllowed' | 'HostTrusted' }>) => Promise<unknown>

export function trustRecord({ store }: Pick<ProjectStore, 'store'>, { principal }: SilentCaller): TrustRecord {
  return (event) => store.as(principal).append(undefined, [event])
}

// Puts on record, before the first connection to it, each switch whose certificate nobody checks: what cannot be recorded is not done.
function recordInsecure(transport: Transport, record: TrustRecord | undefined): Transport {
  if (record === undefined) return transport
  const recorded = new Map<string, Promise<unknown>>()
  return {
    connect: async (target, credential, fence) => {
      const { name, transport: over } = target
      if (isUnproven(target)) {
        const first = recorded.get(name) ?? record({ type: 'InsecureAllowed', device: name, transport: over })
        recorded.set(name, first)
        await first
      }
      return transport.connect(target, credential, fence)
    },
  }
}

/** Asks the person at the terminal about each key that is met for the first time, one question at a time, and appends what is trusted to its file. */
export function askAtFirstSight(
  { env }: Pick<Host, 'env'>,
  caller: Console,
  pathOf: (file: string) => string,
  record?: TrustRecord,
): TrustAtFirstSight {
  let asked: Promise<unknown> = Promise.resolve()
  return (sight) => {
    if (!caller.interactive || env.CI !== undefined) return Promise.resolve(false)
    const answer = asked.then(() => trusted(caller, sight, pathOf(sight.file), record))
    asked = answer.catch(() => undefined)
    return answer
  }
}

async function trusted(caller: Console, sight: FirstSight, path: string, record: TrustRecord | undefined) {
  // Another connection to the same switch may have asked about the same key meanwhile.
  if (isKept(path, sight.line)) return true
  const answer = (await caller.ask(question(sight)))?.trim()
  if (answer !== 'yes' && answer !== sight.fingerprint) return false
  const { device, transport, fingerprint } = sight
  await record?.({ type: 'HostTrusted', device, transport, fingerprint })
  await keep(path, sight.line)
  return true
}

function question({ device, who, host, port, what, fingerprint, file, compareWith }: FirstSight) {
  const seen = visibleLine(`${device} (${host} port ${port}) shows a ${what} that ${file} does not hold:`)
  return `${seen}\n  ${visibleLine(fingerprint)}\nCompare it on the console of ${who}: ${compareWith}\nTrust it from now on? (yes, no, or the fingerprint itself) `
}

function isKept(path: string, line: string) {
  return textIn(path)
    .split('\n')
    .some((one) => one.trim() === line)
}

function textIn(path: string) {
  try {
    return readRegularText(path)
  } catch {
    return ''
  }
}

const APPENDED = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW

async function keep(path: string, line: string) {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const before = textIn(path)
  const begin = before === '' || before.endsWith('\n') ? '' : '\n'
  await appendFile(path, `${begin}${line}\n`, { mode: 0o600, flag: APPENDED }).catch((cause: unknown) => {
    const isLink = codeOf(cause) === 'ELOOP'
    if (!isLink) throw cause
    throw new EosflowError('guard', `${path} is a symbolic link, which is not written through: the key is not kept`, {
      hint: 'Name the file itself in eosflow.yaml.',
      cause,
    })
  })
}

export type FleetHost = SecretsHost & Pick<App, 'insecureTls' | 'meter'>

interface FleetOptions {
  readonly secrets?: Secrets
  readonly announce?: string
  // Whether a switch whose eAPI cannot be reached is read over its fallback: for commands that only read.
  readonly fallback?: true
  // Where it goes on record that a switch is not asked to prove who it is, or that a key was trusted at first sight.
  readonly record?: TrustRecord
  readonly fence?: (device: string) => Promise<Fence>
  readonly beside?: readonly DeviceTarget[]
  // The secret of a user that the change itself replaces.
  readonly rotation?: LoginRotation
  readonly as?: (credential: Credential) => Credential
}

export function openFleet(
  app: FleetHost,
  caller: Console,
  inventory: Inventory,
  targets: readonly DeviceTarget[],
  { secrets, announce, record, fallback, beside = [], fence = readsOnly, as, rotation }: FleetOptions = {},
): Fleet {
  const { project, insecureTls, meter, seams = noSeams } = app
  const inProject = (file: string) => fileOf(project, file)
  const readKnown = (file: string) => knownKeys(project, file)
  const trust = askAtFirstSight(app, caller, inProject, record)
  if (as === undefined) tellWarnings(inventory, caller)
  const warning = insecureTls && as === undefined ? insecureWarning(app, targets) : undefined
  if (warning !== undefined) caller.tell(warning)
  const held = secrets ?? secretsOf(app)
  const readCertificate = (file: string) => clientCertificate(project, file)
  const jumps = jumpHosts({
    clock: seams.clock,
    readKnownHosts: readKnown,
    trust,
    credentialOf: (hop, when) =>
      resolveCredential(userOf(inventory, hop), { ...app, secrets: held, readCertificate }, when),
  })
  const ways = new Map(inventory.devices.map(({ name, via }) => [name, via]))
  const reaching = {
    wayTo: (device: string) => jumps.wayTo(device, ways.get(device) ?? []),
    ...definedMembers({ announce }),
    judgeOf: ownSimulatorOf(project, inventory),
    ...definedMembers({ meter }),
  }
  const transport = anyTransport({
    eapi: eapiTransport({
      readCa: (file) => projectText(project, file),
      readPins: readKnown,
      trust,
      allowInsecure: insecureTls,
      ...reaching,
    }),
    ssh: sshTransport({ clock: seams.clock, readKnownHosts: readKnown, trust, ...reaching }),
  })
  const proven = placedFaults(recordInsecure(seams.transport(transport), record), app, inventory)
  const logins = inventoryLogins(inventory, {
    env: app.env,
    words: app.words,
    ...definedMembers({ typedPasswords: app.typedPasswords }),
    secrets: held,
    readCertificate,
    now: () => seams.clock.now(),
    ...definedMembers({ rotation }),
    close: async () => {
      jumps.close()
      if (secrets === undefined) await closeSecrets(held, caller)
    },
  })
  const users =
    as === undefined
      ? logins
      : { ...logins, credential: async (...asked: Asked) => as(await logins.credential(...asked)) }
  const all = [...targets, ...beside]
  if (all.length > MANY) setV8Flag('--heap-growing-percent=40')
  return fleetOf(all, fallback === true ? withFallback(proven) : proven, users, fence, connectionLimits(all.length))
}

function placedFaults(transport: Transport, app: WordedHost, { devices, credentials }: Inventory): Transport {
  return {
    connect: async (target, credential, fence) => {
      const { name } = target
      const placed = (error: unknown) => {
        const used = devices.find((one) => one.name === name)
        for (const user of [used?.credentials, used?.readCredentials]) {
          const source = user === undefined ? undefined : ownMember(credentials, user)
          if (user !== undefined && source?.at !== undefined && source.username === credential.username)
            return placedFault(error, app, { device: name, credential: user, at: source.at })
        }
        return error
      }
      const through: DeviceCaller = (call) =>
        call(device).catch((error: unknown) => {
          throw placed(error)
        })
      const device = await transport.connect(target, credential, fence).catch((error: unknown) => {
        throw placed(error)
      })
      return wrapDevice(device, { read: through, write: through })
    },
  }
}

// With more switches than these V8 lets less garbage lie, 0.4 of what is in use and not three times that: a run of 10,000 needs half of the
// memory, and no more CPU than two runs differ by (docs/speed.md).
const MANY = 2000

// So many switches at most are asked without a look at the limits of the system, which takes some milliseconds.
const FEW = 25
// So many connections a switch has at most: of the user who writes, of the one who reads, a new login beside one of these, and that of a
// probe.
const EACH = 4
// So many files of the process are no connections: 26 were seen.
const OTHERS = 48

function connectionLimits(switches: number): ConnectionLimits | undefined {
  const files = switches <= FEW ? undefined : mostOpenFiles()
  if (files === undefined) return undefined
  const usual = Math.floor((files * 3) / 4)
  return switches * EACH <= usual ? undefined : { usual, urgent: Math.max(usual, files - OTHERS) }
}

type Asked = Parameters<Logins['credential']>

/** The services that the project's settings allow, each secret resolved when it is sent. */
export function openHttp(app: SecretsHost, secrets: Secrets): HttpPort {
  const { project } = app
  const http = httpTransport({
    hosts: project.settings.http?.hosts ?? [],
    resolve: (reference) => secrets.resolve(reference),
    scrub: (text) => app.scrubber.scrub(text),
    readCa: (file) => projectText(project, file),
    clock: (app.seams ?? noSeams).clock,
  })
  return app.seams?.http?.(http) ?? http
}

function insecureWarning({ words }: WordedHost, targets: readonly DeviceTarget[]) {
  const names = targets.flatMap((one) => (isUnproven(one) ? [one.name] : []))
  if (names.length === 0) return undefined
  return `! ${words({ code: 'given', input: 'insecure-tls' })}: the certificate of ${names.join(', ')} is not checked; whoever is in between reads the password\n`
}

/** The selected switches, if the policy allows the act on all of them. Throws as it does, and InputError. */
export async function allowedSwitches(
  app: App,
  caller: Caller,
  action: Parameters<typeof requireAllowed>[2],
  target: string | undefined,
): Promise<{
  readonly chosen: readonly InventoryDevice[]
  readonly names: readonly string[]
  readonly lets: Awaited<ReturnType<typeof requireAllowed>>
}> {
  const chosen = chosenDevices(app.project.inventory(), target)
  const names = chosen.map(({ name }) => name)
  return { chosen, names, lets: await requireAllowed(app, caller, action, { devices: names }) }
}

/** Closes the switches after the work. */
export async function withFleet<T>(
  app: App,
  caller: Caller,
  chosen: readonly DeviceTarget[],
  options: FleetOptions,
  work: (fleet: Fleet) => Promise<T>,
): Promise<T> {
  const fleet = openFleet(app, caller, app.project.inventory(), chosen, {
    record: trustRecord(app, caller),
    ...options,
  })
  try {
    return await work(fleet)
  } finally {
    await fleet.close()
  }
}

/** Throws what failed where one cannot be read. */
export async function readEach<T>(
  app: App,
  caller: Caller,
  target: string | undefined,
  readOne: (device: Device) => Promise<T>,
): Promise<readonly T[]> {
  const { chosen, names } = await allowedSwitches(app, caller, 'task.snapshot', target)
  return withFleet(app, caller, chosen, {}, (fleet) => {
    const readers = readersOf(app, caller, fleet.as('read'))
    return onEach(names, (name) => read(readers, name, readOne))
  })
}

export type Readers = Parameters<typeof read>[0]

export function readersOf({ clock }: Pick<RecordApp, 'clock'>, { stop }: Pick<Caller, 'stop'>, fleet: Fleet): Readers {
  return { fleet, clock, random: systemRandom, signal: stop }
}

/** Opens switches for reading, over their fallback where eAPI is away, and closes them behind the work. */
export async function withReaders<T>(
  app: App,
  caller: Caller,
  chosen: readonly InventoryDevice[],
  work: (readers: Readers) => Promise<T>,
): Promise<T> {
  return withFleet(app, caller, chosen, { fallback: true }, (fleet) => work(readersOf(app, caller, fleet.as('read'))))
}

type ReadSwitch<T> = { readonly name: string; readonly value: T } | { readonly name: string; readonly failure: unknown }

export function readAllThatAnswer<T>(
  app: App,
  caller: Caller,
  chosen: readonly InventoryDevice[],
  readOne: (device: Device) => Promise<T>,
): Promise<readonly ReadSwitch<T>[]> {
  return withReaders(app, caller, chosen, (readers) =>
    Promise.all(
      chosen.map(async ({ name }): Promise<ReadSwitch<T>> => {
        try {
          return { name, value: await read(readers, name, readOne) }
        } catch (failure) {
          if (caller.stop.aborted) throw failure
          return { name, failure }
        }
      }),
    ),
  )
}
