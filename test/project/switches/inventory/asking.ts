import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { nautobotSettings, netboxSettings } from '../../../../src/change/inventory/source/source-settings.ts'
import type { ListForm } from '../../../../src/change/roster/hosts/roster.ts'
import { type DeviceList, nameIn } from '../../../../src/change/roster/service/device-list.ts'
import { Secret } from '../../../../src/model/secret.ts'
import type { SecretsHost } from '../../../../src/project/app/secrets/open-secrets.ts'
import { openProject } from '../../../../src/project/files/project.ts'
import {
  type RemoteSource,
  readService,
  type ServiceKind,
  type SourcePorts,
} from '../../../../src/project/files/sources/read-service.ts'
import {
  type RefreshOptions,
  type RefreshResult,
  refreshSources,
} from '../../../../src/project/switches/inventory/refresh-sources.ts'
import { noSeams } from '../../../../src/project/system/process/seams.ts'
import { hostIn, temporaryFolder } from '../../../lab/lab.ts'
import { TOKENS } from './device-service.ts'

/** A clock that does not wait, and remembers how long it was asked to. */
export function restlessClock(now = Date.UTC(2026, 10, 20, 8, 0, 0)) {
  const waited: number[] = []
  return {
    waited,
    now: () => now,
    sleep: async (milliseconds: number) => {
      waited.push(milliseconds)
    },
  }
}

/** What a source is read with in tests: a token, and a clock that does not wait. */
export function sourcePorts(more: Partial<SourcePorts> & { readonly token?: string } = {}): SourcePorts {
  const { token = TOKENS.v1, ...rest } = more
  return {
    resolve: async () => new Secret(token),
    readCa: async (file) => {
      throw new Error(`ENOENT: ${file}`)
    },
    clock: restlessClock(),
    signal: new AbortController().signal,
    ...rest,
  }
}

/** Reads a service with settings as `inventory.yaml` has them. */
export function reading(
  kind: ServiceKind,
  settings: Readonly<Record<string, unknown>>,
  ports: SourcePorts = sourcePorts(),
  timeout = 5,
): Promise<DeviceList> {
  const schema = kind === 'netbox' ? netboxSettings : nautobotSettings
  return readService(kind, { ...schema.parse({ token: `\${env:TOKEN}`, ...settings }), timeout }, ports)
}

/** The hosts of a list as the recordings say what is expected of each record. */
export function hostsOf({ _meta: { hostvars } }: ListForm) {
  return Object.entries(hostvars).map(([name, vars]) => ({
    id: vars.id,
    name,
    address: vars.ansible_host ?? null,
    platform: nameIn(vars.platform) ?? null,
    site: nameIn(vars.site ?? vars.location) ?? null,
    role: nameIn(vars.device_role ?? vars.role) ?? null,
    status: (vars.status as { readonly value: unknown }).value,
  }))
}

/** A project on the disk whose sources are asked at a time that the test chooses. */
export interface AskingProject {
  readonly dir: string
  readonly app: SecretsHost
  /** What was told while sources were asked. */
  readonly told: string[]
  /** Sets the time, as ISO 8601. */
  at(time: string): void
  refresh(source: RemoteSource, options?: RefreshOptions): Promise<RefreshResult>
  /** The files in the folder of answers. */
  answers(): readonly string[]
}

/** Makes such a project; it ends with the test. */
export function askingProject(env: Readonly<Record<string, string>> = { NETBOX_TOKEN: TOKENS.v1 }): AskingProject {
  const dir = temporaryFolder({ 'eosflow.yaml': '' })
  let now = Date.parse('2026-11-20T08:00:00Z')
  const host = hostIn(dir, { env })
  const clock = { ...noSeams.clock, now: () => now, sleep: async () => undefined }
  const app: SecretsHost = { ...host, seams: { ...noSeams, clock }, project: openProject(host, {}) }
  const told: string[] = []
  const caller = {
    tell: (text: string) => void told.push(text),
    interactive: false,
    ask: async () => undefined,
    stop: new AbortController().signal,
  }
  return {
    dir,
    app,
    told,
    at: (time) => {
      now = Date.parse(time)
    },
    refresh: async (source, options) => {
      const [one] = await refreshSources(app, caller, [source], options)
      if (one === undefined) throw new Error('one source gives one result')
      return one
    },
    answers: () => readdirSync(join(dir, '.eosflow/inventory')),
  }
}

/** A NetBox as a source of `inventory.yaml`. */
export const netboxSource = (settings: Readonly<Record<string, unknown>>): RemoteSource => ({
  kind: 'netbox',
  settings: netboxSettings.parse({ token: `\${env:NETBOX_TOKEN}`, ...settings }),
})

/** A program as a source of `inventory.yaml`: `/bin/sh` with a script. */
export const shellSource = (
  script: string,
  more: { readonly env?: readonly string[]; readonly seconds?: number } = {},
): RemoteSource => ({
  kind: 'exec',
  name: 'cvp',
  program: { command: ['/bin/sh', '-c', script], env: [...(more.env ?? [])], seconds: more.seconds ?? 10 },
})
