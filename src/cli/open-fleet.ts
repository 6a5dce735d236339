import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { fleetOf } from '../device/fleet.ts'
import type { Credential, DeviceTarget, Fleet } from '../device/transport.ts'
import type { CredentialSource, Inventory, SecretSource } from '../inventory/inventory.ts'
import { EosflowError } from '../model/error.ts'
import type { HttpPort } from '../model/http-port.ts'
import type { Secret } from '../model/secret.ts'
import { resolveSecret } from '../secret/resolve.ts'
import { Scrubber } from '../secret/scrubber.ts'
import { anyTransport } from '../transport/any-transport.ts'
import { eapiTransport } from '../transport/eapi/eapi-transport.ts'
import { httpTransport } from '../transport/http/http-transport.ts'
import { sshTransport } from '../transport/ssh/ssh-transport.ts'
import type { GlobalOptions, Io } from './io.ts'
import type { Project } from './project.ts'
import { noSeams } from './seams.ts'

/** The switches of an execution, each over its transport; credentials are resolved when a connection is made. */
export function openFleet(
  project: Project,
  io: Io,
  global: GlobalOptions,
  inventory: Inventory,
  targets: readonly DeviceTarget[],
): Fleet {
  const scrubber = new Scrubber()
  const seams = io.seams ?? noSeams
  const { configureLock } = project.settings
  const inProject = (file: string): string => resolve(project.dir, file.replace(/^~(?=\/)/, homedir()))
  const transport = anyTransport({
    eapi: eapiTransport({
      readCa: (file) => readFile(inProject(file), 'utf8'),
      allowInsecure: global.insecureTls,
      configureLock,
    }),
    ssh: sshTransport({ clock: seams.clock, configureLock, readKnownHosts: (file) => textOrNothing(inProject(file)) }),
  })
  const credentialOf = async (name: string): Promise<Credential> => {
    const device = inventory.devices.find((one) => one.name === name)
    const source = device === undefined ? undefined : inventory.credentials[device.credentials]
    if (source === undefined) throw new EosflowError('secret', `${name}: no credential`, { device: name })
    return resolveCredential(source, io, scrubber)
  }
  return fleetOf(targets, seams.transport(transport), credentialOf)
}

/** The services that the project's settings allow, each secret resolved when it is sent. */
export function openHttp({ dir, settings }: Project, io: Io): HttpPort {
  const scrubber = new Scrubber()
  const http = httpTransport({
    hosts: settings.http?.hosts ?? [],
    resolve: (reference) => resolveSecret(reference, { env: io.env, scrubber, simulated: false }),
    scrub: (text) => scrubber.scrub(text),
    readCa: (file) => readFile(resolve(dir, file), 'utf8'),
    clock: (io.seams ?? noSeams).clock,
  })
  return io.seams?.http?.(http) ?? http
}

/** The user behind a credential of the inventory, its secrets known to the scrubber. Throws `secret`. */
export async function resolveCredential(source: CredentialSource, io: Io, scrubber: Scrubber): Promise<Credential> {
  const secretOf = (from: SecretSource): Promise<Secret> =>
    resolveSecret(referenceText(from), { env: io.env, scrubber, simulated: from.provider === 'simulated' })
  return {
    username: source.username,
    ...(source.password === undefined ? {} : { password: await secretOf(source.password) }),
    ...(source.key === undefined ? {} : { privateKey: await secretOf(source.key) }),
    ...(source.enable === undefined ? {} : { enable: await secretOf(source.enable) }),
  }
}

/** A missing file holds no host keys: then every one of them is unknown, and the message says how to get them. */
async function textOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return ''
    throw new EosflowError('tls', `the host keys cannot be read from ${path}`, {
      hint: 'Check the path under ssh: knownHosts: in the inventory.',
      cause,
    })
  }
}

function referenceText(source: SecretSource): string {
  return source.provider === 'simulated' ? source.text : `\${${source.provider}:${source.key}}`
}
