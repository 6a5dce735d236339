import { defineShow, type ShowContext } from '../define.ts'

/** `show ipv6 interface`: the interfaces with an IPv6 address of their own; link-local ones follow no configuration. */
export const showIpv6Interface = defineShow({
  words: 'show ipv6 interface',
  docs: 'IPv6 addresses as configured; napalm get_interfaces_ip (JSON).',
  json: (context) => ({
    interfaces: Object.fromEntries(
      configured(context).map(([name, addresses]) => {
        const state = context.state.interfaces.get(name)
        return [
          name,
          {
            name,
            vrf: state?.vrf ?? 'default',
            state: 'enabled',
            interfaceStatus: state?.status ?? 'notconnect',
            lineProtocolStatus: state?.lineProtocol ?? 'down',
            urpf: 'disable',
            urpfV4V6Mismatch: false,
            autoConfigStatus: 'stateless',
            dadStatus: 'unsupported',
            dadAttempts: 1,
            addresses: addresses.map((subnet) => ({
              address: subnet.split('/')[0] ?? '',
              subnet,
              active: state?.lineProtocol === 'up',
              dadfailed: false,
            })),
          },
        ] as const
      }),
    ),
  }),
})

function configured({ running, state }: ShowContext): readonly (readonly [string, readonly string[]])[] {
  return running.children.flatMap((node) => {
    const name = /^interface (\S+)$/.exec(node.line)?.[1]
    if (name === undefined || !state.interfaces.has(name)) return []
    const addresses = node.children.flatMap(({ line }) => /^ipv6 address (\S+\/\d+)$/.exec(line)?.[1] ?? [])
    return addresses.length === 0 ? [] : [[name, addresses] as const]
  })
}
