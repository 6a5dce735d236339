import type { JsonObject } from '../../../../model/json.ts'
import { defineShow, type ShowContext } from '../format/define.ts'

/** `show snmp`: what the configuration says; the counters stand still, because nobody asks. */
export const showSnmp = defineShow({
  words: 'show snmp',
  docs: 'The SNMP agent; the keys that ANTA reads.',
  json: (context) => {
    const enabled = lines(context, 'snmp-server ').length > 0
    return {
      enabled,
      chassisId: chassis(context),
      ...told(context, 'contact'),
      ...told(context, 'location'),
      vrfs: { snmpVrfs: enabled ? vrfs(context) : [] },
      counters: zeros(IN_COUNTERS),
      ...(enabled ? { snmpPduFormat: {} } : {}),
      logging: loggingJson(context),
      srcIntf: { sourceInterfaces: sourceInterfaces(context) },
      notificationHosts: {},
    }
  },
  text: (context) =>
    [
      `Chassis: ${chassis(context)}`,
      `Contact: ${value(context, 'contact') ?? ''}`,
      `Location: ${value(context, 'location') ?? ''}`,
      ...IN_COUNTERS.slice(0, 2).map((name) => `0 ${name}`),
    ]
      .map((line) => `${line}\n`)
      .join(''),
})

/** `show snmp chassis`, which Ansible asks. */
export const showSnmpChassis = defineShow({
  words: 'show snmp chassis',
  docs: 'The chassis id, which is the serial number unless set; asked by arista.eos facts.',
  json: (context) => ({ chassisId: chassis(context) }),
  text: (context) => `Chassis: ${chassis(context)}\n`,
})

/** `show snmp contact`. */
export const showSnmpContact = defineShow({
  words: 'show snmp contact',
  docs: 'Whom to ask about the switch; asked by arista.eos facts.',
  json: (context) => given(context, 'contact'),
  text: (context) => `Contact: ${value(context, 'contact') ?? ''}\n`,
})

/** `show snmp location`. */
export const showSnmpLocation = defineShow({
  words: 'show snmp location',
  docs: 'The location of the switch; asked by arista.eos facts.',
  json: (context) => given(context, 'location'),
  text: (context) => `Location: ${value(context, 'location') ?? ''}\n`,
})

/** `show snmp v2-mib chassis`, as newer releases call `show snmp chassis`. */
export const showSnmpMibChassis = defineShow({
  ...showSnmpChassis,
  words: 'show snmp v2-mib chassis',
  docs: 'The chassis id; asked by NAPALM.',
})

/** `show snmp v2-mib contact`: its JSON is the text itself (NAPALM's `get_snmp_information`). */
export const showSnmpMibContact = defineShow({
  ...showSnmpContact,
  words: 'show snmp v2-mib contact',
  docs: 'Whom to ask about the switch; asked by NAPALM.',
  json: (context) => ({ contact: value(context, 'contact') ?? '' }),
})

/** `show snmp v2-mib location`: its JSON is the text itself (NAPALM's `get_snmp_information`). */
export const showSnmpMibLocation = defineShow({
  ...showSnmpLocation,
  words: 'show snmp v2-mib location',
  docs: 'The location of the switch; asked by NAPALM.',
  json: (context) => ({ location: value(context, 'location') ?? '' }),
})

/** `show snmp user`. */
export const showSnmpUser = defineShow({
  words: 'show snmp user',
  docs: 'SNMP users by version; the keys that ANTA reads.',
  json: (context) => {
    const byVersion: Record<string, { users: Record<string, JsonObject> }> = {}
    for (const line of lines(context, 'snmp-server user ')) {
      const [, user = '', group = '', version = ''] = /^snmp-server user (\S+) (\S+) (v\S+)/.exec(line) ?? []
      if (version === '') continue
      const known = byVersion[version] ?? { users: {} }
      known.users[user] = { groupName: group, ...v3Params(line) }
      byVersion[version] = known
    }
    return { usersByVersion: byVersion }
  },
})

/** `show snmp group`. */
export const showSnmpGroup = defineShow({
  words: 'show snmp group',
  docs: 'SNMP groups by version; the keys that ANTA reads.',
  json: (context) => ({
    groups: Object.fromEntries(
      lines(context, 'snmp-server group ').flatMap((line) => {
        const [, group, version = '', level] =
          /^snmp-server group (\S+) (v\S+)(?: (auth|noauth|priv))?/.exec(line) ?? []
        if (group === undefined) return []
        const view = (word: string) => new RegExp(` ${word} (\\S+)`).exec(line)?.[1]
        const secModel = level === undefined ? version : `${version}${level.charAt(0).toUpperCase()}${level.slice(1)}`
        return [[group, { versions: { [version]: { secModel, ...views(view) } } }] as const]
      }),
    ),
  }),
})

/** `show snmp notification host`. */
export const showSnmpHosts = defineShow({
  words: 'show snmp notification host',
  docs: 'Who gets traps; the keys that ANTA reads.',
  json: (context) => ({ hosts: notificationHosts(context).map(({ params, ...host }) => ({ ...host, ...params })) }),
})

interface NotificationHost {
  readonly hostname: string
  readonly port: number
  readonly vrf: string
  readonly notificationType: 'inform' | 'trap'
  readonly protocolVersion: string
  readonly params: JsonObject
}

function notificationHosts(context: ShowContext): readonly NotificationHost[] {
  return lines(context, 'snmp-server host ').flatMap((line) => {
    const [, hostname, vrf = '', kind = 'traps', version = '1', community = '', port = '162'] =
      /^snmp-server host (\S+)(?: vrf (\S+))?(?: (traps|informs))?(?: version (\S+))?(?: (?:auth|noauth|priv))? (\S+)(?: udp-port (\d+))?/.exec(
        line,
      ) ?? []
    if (hostname === undefined) return []
    const params = version === '3' ? { v3Params: { user: community } } : { v1v2cParams: { communityString: community } }
    const notificationType = kind === 'informs' ? 'inform' : 'trap'
    return [{ hostname, port: Number(port), vrf, notificationType, protocolVersion: `v${version}`, params }]
  })
}

function lines({ running }: ShowContext, head: string): readonly string[] {
  return running.children.map(({ line }) => line).filter((line) => line.startsWith(head))
}

function value(context: ShowContext, what: string): string | undefined {
  return lines(context, `snmp-server ${what} `)[0]?.slice(`snmp-server ${what} `.length)
}

function given(context: ShowContext, what: 'contact' | 'location'): JsonObject {
  const text = value(context, what)
  return text === undefined ? {} : { [what]: { [`sys${what.charAt(0).toUpperCase()}${what.slice(1)}`]: text } }
}

/** `show snmp` names whom to ask and where otherwise than the commands of their own do (ANTA's recordings). */
function told(context: ShowContext, what: 'contact' | 'location'): JsonObject {
  const text = value(context, what)
  return text === undefined ? {} : { [what]: { [what]: text } }
}

/** SNMP logs to the hosts that are notified (EOS manual, "show snmp"). */
function loggingJson(context: ShowContext): JsonObject {
  const hosts = notificationHosts(context).map(({ hostname, port, vrf }) => [hostname, { port, vrf }] as const)
  return { loggingEnabled: hosts.length > 0, ...(hosts.length === 0 ? {} : { hosts: Object.fromEntries(hosts) }) }
}

function sourceInterfaces(context: ShowContext): JsonObject {
  return Object.fromEntries(
    lines(context, 'snmp-server ').flatMap((line) => {
      const [, vrf = 'default', name] = /^snmp-server (?:vrf (\S+) )?local-interface (\S+)$/.exec(line) ?? []
      return name === undefined ? [] : [[vrf, name] as const]
    }),
  )
}

function chassis(context: ShowContext): string {
  return value(context, 'chassis-id') ?? context.facts.serial
}

function vrfs(context: ShowContext): readonly string[] {
  const off = lines(context, 'no snmp-server vrf default').length > 0
  const named = lines(context, 'snmp-server vrf ').map((line) => line.split(' ')[2] ?? '')
  return [...new Set([...(off ? [] : ['default']), ...named])]
}

function v3Params(line: string): JsonObject {
  const auth = / auth (\S+)/.exec(line)?.[1]
  const priv = / priv (\S+)/.exec(line)?.[1]
  const named = (text: string, letters: RegExp) => text.toUpperCase().replace(letters, '$1-$2')
  return {
    v3Params: {
      authType: auth === undefined ? '' : named(auth, /^(SHA)(\d+)$/),
      privType: priv === undefined ? '' : named(priv, /^(AES)(\d+)$/).replace(/^AES$/, 'AES-128'),
    },
  }
}

function views(view: (word: string) => string | undefined): JsonObject {
  return Object.fromEntries(
    ['read', 'write', 'notify'].flatMap((word) => {
      const name = view(word)
      return name === undefined ? [] : [[`${word}View`, name] as const, [`${word}ViewConfig`, true] as const]
    }),
  )
}

const IN_COUNTERS = [
  'inPkts',
  'outPkts',
  'inVersionErrs',
  'inBadCommunityNames',
  'inBadCommunityUses',
  'inParseErrs',
  'outTooBigErrs',
  'outNoSuchNameErrs',
  'outBadValueErrs',
  'outGeneralErrs',
  'outTraps',
  'inGetPdus',
  'inGetNextPdus',
  'inSetPdus',
  'inTotalReqVars',
  'inTotalSetVars',
  'outGetResponsePdus',
] as const

function zeros(names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, 0]))
}
