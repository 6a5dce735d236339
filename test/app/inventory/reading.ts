import { readService, type ServiceKind, type SourcePorts } from '../../../src/app/inventory/read-service.ts'
import { nautobotSettings, netboxSettings } from '../../../src/inventory/source/source-settings.ts'
import { Secret } from '../../../src/model/secret.ts'
import type { ListForm } from '../../../src/roster/listed-value.ts'
import type { DeviceList } from '../../../src/roster/service/device-list.ts'
import { nameIn } from '../../../src/roster/service/device-record.ts'
import { TOKENS } from './fake-netbox.ts'

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
