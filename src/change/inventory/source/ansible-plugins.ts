import { TRANSPORT_KINDS, type TransportKind } from '../../../model/transport-kind.ts'

interface AnsiblePlugin {
  readonly connection: string
  readonly port: string
}

const PLUGINS: Readonly<Partial<Record<TransportKind, AnsiblePlugin>>> = {
  eapi: { connection: 'ansible.netcommon.httpapi', port: 'ansible_httpapi_port' },
  ssh: { connection: 'ansible.netcommon.network_cli', port: 'ansible_port' },
}

/** The plugin of Ansible for a transport; undefined where Ansible has none. */
export function pluginFor(transport: TransportKind): AnsiblePlugin | undefined {
  return PLUGINS[transport]
}

/** The transport that `ansible_connection` names, in full or by its last part; undefined for another one. */
export function transportNamed(connection: string): TransportKind | undefined {
  const last = lastPart(connection)
  return TRANSPORT_KINDS.find((kind) => {
    const plugin = PLUGINS[kind]
    return plugin !== undefined && lastPart(plugin.connection) === last
  })
}

/** Where no transport is named it is the one of eAPI, as it is of a switch in `inventory.yaml`. */
export function portVariable(transport: TransportKind = 'eapi'): string {
  return PLUGINS[transport]?.port ?? 'ansible_port'
}

function lastPart(name: string) {
  return name.split('.').at(-1) ?? ''
}
