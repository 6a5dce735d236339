import {
  hasContext,
  type InventoryProgram,
  pageSizeOf,
  type ServiceSettings,
} from '../../../change/inventory/source/source-settings.ts'
import {
  type DeviceForm,
  type DeviceList,
  deviceList,
  NAUTOBOT,
  NETBOX,
  nautobotAddress,
  nautobotAuthorization,
  netboxAddress,
  netboxAuthorization,
  type PageRules,
} from '../../../change/roster/service/device-list.ts'
import { branchAddress, branchIn, type NetboxBranch } from '../../../change/roster/service/netbox-branch.ts'
import { readPages } from '../../../change/roster/service/pages.ts'
import type { ResolveName } from '../../../eos/transport/http/http-transport.ts'
import { askService } from '../../../eos/transport/service/inventory-service.ts'
import type { Clock } from '../../../model/clock.ts'
import { digestOf } from '../../../model/digest.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { Secret } from '../../../model/secret.ts'
import { readMachineJson } from '../../../text/source/json.ts'
import { orProblems } from '../../system/process/input-error.ts'

export type ServiceKind = 'netbox' | 'nautobot'

export interface SourcePorts {
  /** Throws `secret`. */
  readonly resolve: (reference: string) => Promise<Secret>
  readonly readCa: (file: string) => Promise<string>
  readonly clock: Pick<Clock, 'now' | 'sleep'>
  readonly signal: AbortSignal
  readonly resolveName?: ResolveName
}

interface Product {
  readonly name: string
  readonly form: DeviceForm
  readonly address: (rules: PageRules) => URL
  readonly authorization: (token: string) => string
}

const PRODUCTS: Readonly<Record<ServiceKind, Product>> = {
  netbox: {
    name: 'NetBox',
    form: NETBOX,
    address: netboxAddress,
    authorization: netboxAuthorization,
  },
  nautobot: {
    name: 'Nautobot',
    form: NAUTOBOT,
    address: nautobotAddress,
    authorization: nautobotAuthorization,
  },
}

const serviceName = (kind: ServiceKind, { url }: Pick<ServiceSettings, 'url'>): string => `${kind} ${url}`

export type BranchSettings = ServiceSettings & { readonly branch: string }

/** Throws as {@link readService}. */
export async function readBranch(settings: BranchSettings, ports: SourcePorts): Promise<NetboxBranch> {
  const right = 'netbox_branching.branch'
  const ask = await askingOf('netbox', settings, ports, { right, what: 'list of branches' })
  const name = serviceName('netbox', settings)
  return branchIn(await ask(branchAddress(settings.url, settings.branch), ports.signal), settings.branch, name)
}

/** Throws as {@link readService}. */
export async function readOnBranch(
  settings: BranchSettings,
  ports: SourcePorts,
): Promise<DeviceList & { readonly branch: NetboxBranch }> {
  const before = await readBranch(settings, ports)
  const name = serviceName('netbox', settings)
  if (before.status !== 'ready') throw notRead(`${name}: the branch \`${before.name}\` is not ready (${before.status})`)
  const list = await readService('netbox', settings, ports, { 'x-netbox-branch': before.schema })
  const after = await readBranch(settings, ports)
  const isSame = after.schema === before.schema && after.lastSync === before.lastSync && after.status === before.status
  if (!isSame) throw notRead(`${name}: the branch \`${before.name}\` was synced or merged while it was read`)
  return { ...list, branch: before }
}

function notRead(message: string) {
  return new EosflowError('inventory-source', message, { hint: 'Ask again when NetBox shows it as ready.' })
}

/** Throws `inventory-source`, `inventory-count`, `secret`, `tls`, `guard`, `cancelled`. */
export async function readService(
  kind: ServiceKind,
  settings: ServiceSettings,
  ports: SourcePorts,
  headers: Readonly<Record<string, string>> = {},
): Promise<DeviceList> {
  const product = PRODUCTS[kind]
  const name = serviceName(kind, settings)
  const { url, query, address, hostname, platforms, paging } = settings
  const ask = await askingOf(kind, settings, ports, { headers, right: 'dcim.device' })
  const first = product.address({ url, query, pageSize: pageSizeOf(settings), hasContext: hasContext(settings) })
  const service = { name, product: product.name, byOffset: paging === 'offset' }
  const records = await readPages((page) => ask(page, ports.signal), first, service)
  const rules = { source: name, address, hostname, ...definedMembers({ platforms }) }
  return deviceList(records, rules, product.form)
}

async function askingOf(
  kind: ServiceKind,
  settings: ServiceSettings,
  ports: SourcePorts,
  more: { readonly right: string; readonly headers?: Readonly<Record<string, string>>; readonly what?: string },
) {
  const product = PRODUCTS[kind]
  const name = serviceName(kind, settings)
  const { token, ca: file, timeout } = settings
  const ca = file === undefined ? {} : { ca: { file, text: await ports.readCa(file) } }
  return askService({
    name,
    ...more,
    accept: 'application/json',
    authorization: async () => product.authorization((await ports.resolve(token)).reveal().trim()),
    ...ca,
    milliseconds: timeout * 1000,
    clock: ports.clock,
    ...definedMembers({ resolveName: ports.resolveName }),
    readText: (text) => jsonIn(text, name),
  })
}

function jsonIn(text: Uint8Array, name: string) {
  return orProblems(readMachineJson(text, name))
}

export type RemoteSource =
  | { readonly kind: ServiceKind; readonly settings: ServiceSettings; readonly branch?: string }
  | { readonly kind: 'exec'; readonly name: string; readonly program: InventoryProgram }

/** How messages name a source: `netbox https://netbox.example`, `exec cvp`. */
export function remoteName(source: RemoteSource): string {
  return source.kind === 'exec' ? `exec ${source.name}` : serviceName(source.kind, source.settings)
}

export function answerName(source: RemoteSource): string {
  return `${source.kind}-${digestOf(questionOf(source)).slice('sha256:'.length, 'sha256:'.length + 16)}`
}

function questionOf(source: RemoteSource) {
  if (source.kind === 'exec') return { name: source.name, command: source.program.command }
  const { url, query, address, hostname, platforms } = source.settings
  const asked = Object.entries(query).map(([name, value]) => [name, ...[value].flat().map(String)])
  return {
    url,
    query: asked,
    address,
    hostname,
    platforms: platforms ?? null,
    context: hasContext(source.settings),
    ...definedMembers({ branch: source.branch }),
  }
}
