import type { JsonObject } from '../../../../model/json.ts'
import { type ConfigTree, childLines, hasChild, restOf } from '../../../config/text/tree.ts'
import { readIdentity } from '../../converge/read-identity.ts'
import { dateText, printedLines } from '../../platform/facts.ts'
import { objectOf, type ShowCommand, type ShowContext, seconds } from '../format/define.ts'

// The chassis id, which is the serial number unless set; asked by arista.eos facts.
const showSnmpChassis: ShowCommand = {
  words: 'show snmp chassis',
  json: (context) => ({ chassisId: chassis(context) }),
  text: (context) => `Chassis: ${chassis(context)}\n`,
}

// Whom to ask about the switch; asked by arista.eos facts.
const showSnmpContact: ShowCommand = {
  words: 'show snmp contact',
  json: (context) => given(context, 'contact'),
  text: (context) => `Contact: ${value(context, 'contact') ?? ''}\n`,
}

// The location of the switch; asked by arista.eos facts.
const showSnmpLocation: ShowCommand = {
  words: 'show snmp location',
  json: (context) => given(context, 'location'),
  text: (context) => `Location: ${value(context, 'location') ?? ''}\n`,
}

/** The commands of this subject. */
export const SERVICES_COMMANDS: readonly ShowCommand[] = [
  // The SNMP agent; the keys that ANTA reads. What the configuration says; the counters stand still, because nobody asks.
  {
    words: 'show snmp',
    json: (context) => {
      const enabled = lines(context, 'snmp-server ').length > 0
      return {
        enabled,
        chassisId: chassis(context),
        ...told(context, 'contact'),
        ...told(context, 'location'),
        vrfs: { snmpVrfs: enabled ? vrfs(context) : [] },
        counters: objectOf(IN_COUNTERS, (name) => [name, 0]),
        ...(enabled ? { snmpPduFormat: {} } : {}),
        logging: loggingJson(context),
        srcIntf: { sourceInterfaces: sourceInterfaces(context) },
        notificationHosts: {},
      }
    },
    text: (context) =>
      printedLines([
        `Chassis: ${chassis(context)}`,
        `Contact: ${value(context, 'contact') ?? ''}`,
        `Location: ${value(context, 'location') ?? ''}`,
        ...IN_COUNTERS.slice(0, 2).map((name) => `0 ${name}`),
      ]),
  },
  showSnmpChassis,
  showSnmpContact,
  showSnmpLocation,
  // The chassis id; asked by NAPALM. Newer releases call `show snmp chassis` so.
  {
    ...showSnmpChassis,
    words: 'show snmp v2-mib chassis',
  },
  // Whom to ask about the switch; asked by NAPALM. Its JSON is the text itself (NAPALM's `get_snmp_information`).
  {
    ...showSnmpContact,
    words: 'show snmp v2-mib contact',
    json: (context) => ({ contact: value(context, 'contact') ?? '' }),
  },
  // The location of the switch; asked by NAPALM. Its JSON is the text itself (NAPALM's `get_snmp_information`).
  {
    ...showSnmpLocation,
    words: 'show snmp v2-mib location',
    json: (context) => ({ location: value(context, 'location') ?? '' }),
  },
  // SNMP users by version; the keys that ANTA reads.
  {
    words: 'show snmp user',
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
  },
  // SNMP groups by version; the keys that ANTA reads.
  {
    words: 'show snmp group',
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
  },
  // Who gets traps; the keys that ANTA reads.
  {
    words: 'show snmp notification host',
    json: (context) => ({ hosts: notificationHosts(context).map(({ params, ...host }) => ({ ...host, ...params })) }),
  },
  // Whether the clock is synchronised; anta (text). The servers lie outside the fabric and are taken to answer.
  {
    words: 'show ntp status',
    text: ({ running, state: { ailments } }) => {
      if (servers(running).length === 0) return 'NTP is disabled.\n'
      return ailments.clockAdrift ? 'unsynchronised\npoll interval unknown\n' : 'synchronised\npoll interval unknown\n'
    },
  },
  // The time servers; anta (JSON). The first preferred server is the one in use.
  {
    words: 'show ntp associations',
    json: ({ running }) => ({
      peers: objectOf(servers(running), (server, at) => [
        server,
        { condition: at === 0 ? 'sys.peer' : 'candidate', peerIpAddr: server, stratumLevel: STRATUM },
      ]),
    }),
    text: ({ running }) => {
      const rows = servers(running).map(
        (server, at) =>
          `${at === 0 ? '*' : '+'}${server.padEnd(16)} .GPS.            ${STRATUM} u    - 1024  377    0.000    0.000   0.000`,
      )
      const head = ['     remote           refid      st t when poll reach   delay   offset  jitter', '='.repeat(78)]
      return printedLines([...head, ...rows])
    },
  },
  // DNS servers by VRF with their priority; the keys that ANTA reads.
  {
    words: 'show ip name-server',
    json: ({ running }) => ({
      nameServerConfigs: running.children.flatMap(({ line }) => {
        const [, vrf = 'default', servers = '', priority = '0'] =
          /^ip name-server(?: vrf (\S+))? ((?:[\d.]+ ?)+?)(?: priority (\d+))?$/.exec(line) ?? []
        return servers
          .split(' ')
          .filter((server) => server !== '')
          .map((ipAddr) => ({ ipAddr, vrf, priority: Number(priority) }))
      }),
    }),
  },
  // Whether the lengths of queues are watched; ANTA recordings (revision 1). LANZ, which is off unless configured.
  {
    words: 'show queue-monitor length status',
    json: ({ running }) => ({ lanzEnabled: hasChild(running, 'queue-monitor length') }),
  },
  // The host name and the fully qualified one; napalm, ntc show_hostname.
  {
    words: 'show hostname',
    json: ({ running }) => {
      const { hostname, fqdn } = readIdentity(running)
      return { fqdn, hostname }
    },
    text: ({ running }) => {
      const { hostname, fqdn } = readIdentity(running)
      return `Hostname: ${hostname}\nFQDN:     ${fqdn}\n`
    },
  },
  // The time of the switch; suzieq and ntc (text), anta (JSON, 4.31). JSON as recorded on 4.31 (`dayOfWeek` 0 is Monday, `dayOfYear` counts from
  // 1), text as on 4.23.
  {
    words: 'show clock',
    json: (context) => {
      const local = localTime(context)
      return {
        utcTime: seconds(context.now),
        timezone: timezone(context),
        localTime: {
          year: local.getUTCFullYear(),
          month: local.getUTCMonth() + 1,
          dayOfMonth: local.getUTCDate(),
          hour: local.getUTCHours(),
          min: local.getUTCMinutes(),
          sec: local.getUTCSeconds(),
          dayOfWeek: (local.getUTCDay() + 6) % 7,
          dayOfYear: dayOfYear(local),
          daylightSavingsAdjust: 0,
        },
        clockSource: { local: true },
      }
    },
    text: (context) =>
      `${dateText(localTime(context).getTime())}\nTimezone: ${timezone(context)}\nClock source: local\n`,
  },
]

function notificationHosts(context: ShowContext) {
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

function lines({ running }: ShowContext, head: string) {
  return childLines(running).filter((line) => line.startsWith(head))
}

function value({ running }: ShowContext, what: string) {
  return restOf(running.children, `snmp-server ${what} `)
}

function given(context: ShowContext, what: 'contact' | 'location'): JsonObject {
  const text = value(context, what)
  return text === undefined ? {} : { [what]: { [`sys${what.charAt(0).toUpperCase()}${what.slice(1)}`]: text } }
}

// `show snmp` names whom to ask and where otherwise than the commands of their own do (ANTA's recordings).
function told(context: ShowContext, what: 'contact' | 'location'): JsonObject {
  const text = value(context, what)
  return text === undefined ? {} : { [what]: { [what]: text } }
}

// SNMP logs to the hosts that are notified (EOS manual, "show snmp").
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

function chassis(context: ShowContext) {
  return value(context, 'chassis-id') ?? context.facts.serial
}

function vrfs(context: ShowContext) {
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

const STRATUM = 2

function servers(running: ConfigTree) {
  const found = running.children.flatMap(({ line }) => {
    const [, server, options = ''] = /^ntp server (?:vrf \S+ )?(\S+)(.*)$/.exec(line) ?? []
    return server === undefined ? [] : [{ server, preferred: options.includes(' prefer') }]
  })
  return [...found].sort((a, b) => Number(b.preferred) - Number(a.preferred)).map(({ server }) => server)
}

function timezone({ running }: ShowContext) {
  return restOf(running.children, 'clock timezone ') ?? 'UTC'
}

// The wall clock of the configured zone, as a Date whose UTC fields hold it; UTC for a zone nobody knows.
function localTime(context: ShowContext) {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone(context),
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(context.now)
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
    return new Date(Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')))
  } catch {
    return new Date(context.now)
  }
}

function dayOfYear(date: Date) {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1
}
