import { hasContext, pageSizeOf, type ServiceSettings } from '../../inventory/source/service-settings.ts'
import type { Clock } from '../../model/clock.ts'
import type { Json } from '../../model/json.ts'
import type { Secret } from '../../model/secret.ts'
import { type DeviceForm, type DeviceList, deviceList } from '../../roster/service/device-list.ts'
import { NAUTOBOT, nautobotAddress, nautobotAuthorization } from '../../roster/service/nautobot.ts'
import { NETBOX, netboxAddress, netboxAuthorization } from '../../roster/service/netbox.ts'
import type { PageRules } from '../../roster/service/page-address.ts'
import { readPages } from '../../roster/service/pages.ts'
import { readMachineJson } from '../../source/machine-json.ts'
import type { ResolveName } from '../../transport/http/guarded-lookup.ts'
import { askService } from '../../transport/roster/service.ts'
import { orProblems } from '../input-error.ts'

/** The services that keep devices. */
export type ServiceKind = 'netbox' | 'nautobot'

/** What reading a source needs from outside. */
export interface SourcePorts {
  /** The value behind a reference. Throws `secret`. */
  readonly resolve: (reference: string) => Promise<Secret>
  /** The text of a file of the project. */
  readonly readCa: (file: string) => Promise<string>
  readonly clock: Pick<Clock, 'now' | 'sleep'>
  readonly signal: AbortSignal
  /** Default: the resolver of the system. */
  readonly resolveName?: ResolveName
}

interface Product {
  readonly name: string
  readonly right: string
  readonly form: DeviceForm
  readonly address: (rules: PageRules) => URL
  readonly authorization: (token: string) => string
}

const PRODUCTS: Readonly<Record<ServiceKind, Product>> = {
  netbox: {
    name: 'NetBox',
    right: 'dcim.device',
    form: NETBOX,
    address: netboxAddress,
    authorization: netboxAuthorization,
  },
  nautobot: {
    name: 'Nautobot',
    right: 'dcim.device',
    form: NAUTOBOT,
    address: nautobotAddress,
    authorization: nautobotAuthorization,
  },
}

/** How messages name a service. */
export const serviceName = (kind: ServiceKind, { url }: Pick<ServiceSettings, 'url'>): string => `${kind} ${url}`

/**
 * All devices of a NetBox or a Nautobot, or none. Throws `inventory-source`, `inventory-count`, `secret`, `tls`, `guard`, `cancelled`.
 */
export async function readService(
  kind: ServiceKind,
  settings: ServiceSettings,
  ports: SourcePorts,
): Promise<DeviceList> {
  const product = PRODUCTS[kind]
  const name = serviceName(kind, settings)
  const { token, ca: file, timeout, url, query, address, hostname, platforms, paging } = settings
  const ca = file === undefined ? {} : { ca: { file, text: await ports.readCa(file) } }
  const ask = askService({
    name,
    right: product.right,
    accept: 'application/json',
    authorization: async () => product.authorization((await ports.resolve(token)).reveal().trim()),
    ...ca,
    milliseconds: timeout * 1000,
    clock: ports.clock,
    ...(ports.resolveName === undefined ? {} : { resolveName: ports.resolveName }),
    readText: (text) => jsonIn(text, name),
  })
  const first = product.address({ url, query, pageSize: pageSizeOf(settings), hasContext: hasContext(settings) })
  const service = { name, product: product.name, byOffset: paging === 'offset' }
  const records = await readPages((page) => ask(page, ports.signal), first, service)
  const rules = { source: name, address, hostname, ...(platforms === undefined ? {} : { platforms }) }
  return deviceList(records, rules, product.form)
}

function jsonIn(text: Uint8Array, name: string): Json {
  return orProblems(readMachineJson(text, name))
}
