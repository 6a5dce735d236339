import { definedItems, type JsonObject } from '../../../../model/json.ts'
import { shortName } from '../../converge/interface-name.ts'
import type {
  MlagInconsistency,
  MlagInterfaceState,
  MlagInterfaceStatus,
  MlagState,
} from '../../converge/network-state.ts'
import { eosAtLeast, printedLines } from '../../platform/facts.ts'
import { columns, objectOf, printedTable, type ShowCommand, type ShowContext } from '../format/define.ts'
import { lineProtocolText } from '../format/interface-text.ts'

/** The commands of this subject. */
export const MLAG_COMMANDS: readonly ShowCommand[] = [
  // The MLAG port-channels at both switches; suzieq (JSON of 4.23). The text form follows the EOS manual, Multi-Chassis Link Aggregation.
  {
    words: 'show mlag interfaces',
    json: ({ state }) => ({
      interfaces: objectOf(state.mlag.interfaces, (port) => [
        String(port.id),
        {
          localInterface: port.localInterface,
          localInterfaceStatus: upDown(port.localUp),
          peerInterface: port.peerInterface,
          peerInterfaceStatus: port.peerInterface === '' ? 'unknown' : upDown(port.peerUp),
          status: port.status,
        },
      ]),
    }),
    text: ({ state }) => {
      const rows = state.mlag.interfaces.map((port) =>
        row(port, state.interfaces.get(port.localInterface)?.description),
      )
      const head = ['mlag', 'desc', 'state', 'local', 'remote', 'local/remote']
      return printedTable([head, ...rows], [6, 14, 14, 7, 7, 12])
    },
  },
  // Where the two switches of the pair are configured differently; anta. Empty maps when the pair agrees are recorded; the shape of a difference
  // is what ANTA reads.
  {
    words: 'show mlag config-sanity',
    json: ({ state: { mlag } }) => ({
      globalConfiguration: globalJson(of(mlag, 'global')),
      interfaceConfiguration: interfaceJson(mlag, of(mlag, 'interface')),
      mlagActive: mlag.state === 'active',
      mlagConnected: mlag.negotiation === 'connected',
    }),
    text: ({ state: { mlag } }) => {
      if (mlag.state !== 'active') return 'Command not applicable for inactive MLAG state.\n'
      const global = section('global', of(mlag, 'global'))
      return `${global}\n${section('per interface', of(mlag, 'interface'))}`
    },
  },
  // State of the pair and of its ports; suzieq (4.23) without detail, ntc show_mlag (text). A switch without MLAG says little more than
  // `disabled` (ANTA cases).
  {
    words: 'show mlag',
    json: ({ state }) => mlagMlagJson(state.mlag),
    text: mlagMlagText,
  },
  // MLAG with its role and timers; suzieq (4.23), avd-lab (text of 4.26 and 4.27). The same with a `detail` object (4.23).
  {
    words: 'show mlag detail',
    json: ({ state }) => {
      const { mlag } = state
      if (mlag.domainId !== '') return { ...mlagMlagJson(mlag), detail: mlagDetailJson(mlag) }
      const { lastStateChangeTime: _changed, peerMonotonicClockOffset: _offset, ...detail } = mlagDetailJson(mlag)
      return { ...mlagMlagJson(mlag), ...MLAG_WITHOUT_MLAG, detail: { ...detail, ...MLAG_DETAIL_WITHOUT_MLAG } }
    },
    text: (context) => mlagMlagText(context) + mlagDetailText(context.state.mlag),
  },
]

function row(port: MlagInterfaceState, description = '') {
  const states = `${upDown(port.localUp)}/${upDown(port.peerUp)}`
  const remote = port.peerInterface === '' ? '-' : shortName(port.peerInterface)
  return [String(port.id), description.slice(0, 14), port.status, shortName(port.localInterface), remote, states]
}

function upDown(up: boolean): string {
  return up ? 'up' : 'down'
}

function of({ inconsistencies }: MlagState, scope: MlagInconsistency['scope']) {
  return inconsistencies.filter((found) => found.scope === scope)
}

function globalJson(found: readonly MlagInconsistency[]): JsonObject {
  const features = new Map<string, Record<string, JsonObject>>()
  for (const { subject, attribute, local, peer } of found) {
    const parameters = features.get(subject) ?? {}
    parameters[attribute] = { localValue: local, peerValue: peer }
    features.set(subject, parameters)
  }
  return objectOf(features, ([feature, globalParameters]) => [feature, { globalParameters }])
}

function interfaceJson({ interfaces }: MlagState, found: readonly MlagInconsistency[]): JsonObject {
  return Object.fromEntries(
    found.map(({ subject, attribute, local, peer }) => {
      const name = interfaces.find((port) => String(port.id) === subject)?.localInterface ?? ''
      return [`${attribute} mlag${subject}`, { interface: { [name]: { localValue: local, peerValue: peer } } }]
    }),
  )
}

function section(name: string, found: readonly MlagInconsistency[]) {
  if (found.length === 0) return `No ${name} configuration inconsistencies found.\n`
  const rows = found.map(({ scope, subject, attribute, local, peer }) => [
    scope === 'global' ? subject : `mlag ${subject}`,
    attribute,
    local,
    peer,
  ])
  const table = [['Feature', 'Attribute', 'Local value', 'Peer value'], ...rows].map((cells) =>
    columns(cells, [20, 25, 18, 18]),
  )
  return printedLines([`${name} configuration inconsistencies:`, ...table, ''])
}

// What a switch without MLAG says of it (suzieq, 4.23).
const MLAG_WITHOUT_MLAG = {
  localInterface: '',
  peerLink: '',
  dualPrimaryDetectionState: 'disabled',
  dualPrimaryPortsErrdisabled: false,
  reloadDelay: 300,
  reloadDelayNonMlag: 300,
}
const MLAG_DETAIL_WITHOUT_MLAG = {
  mlagState: 'disabled',
  heartbeatInterval: 4000,
  effectiveHeartbeatInterval: 0,
  heartbeatTimeout: 0,
  stateChanges: 0,
  mountChanges: 0,
}

function mlagPortCounts({ interfaces }: MlagState): Readonly<Record<string, number>> {
  const count = (status: MlagInterfaceStatus) => interfaces.filter((port) => port.status === status).length
  return {
    Disabled: count('disabled'),
    Configured: count('configured'),
    Inactive: count('inactive'),
    'Active-partial': count('active-partial'),
    'Active-full': count('active-full'),
  }
}

function mlagMlagJson(mlag: MlagState): JsonObject {
  const { state } = mlag
  if (mlag.domainId === '') return { state, mlagPorts: mlagPortCounts(mlag), portsErrdisabled: false }
  return {
    domainId: mlag.domainId,
    localInterface: mlag.localInterface,
    peerAddress: mlag.peerAddress,
    peerLink: mlag.peerLink,
    state,
    negStatus: mlag.negotiation,
    peerLinkStatus: lineProtocolText(mlag.peerLinkStatus),
    localIntfStatus: lineProtocolText(mlag.localInterfaceStatus),
    systemId: mlag.systemId,
    configSanity: mlagSanity(mlag),
    portsErrdisabled: false,
    dualPrimaryDetectionState: 'disabled',
    dualPrimaryPortsErrdisabled: false,
    reloadDelay: mlag.reloadDelay,
    reloadDelayNonMlag: mlag.reloadDelayNonMlag,
    mlagPorts: mlagPortCounts(mlag),
  }
}

// `peer-config`: the word of a pair that agrees is recorded, `inconsistent` follows the EOS manual, Multi-Chassis Link Aggregation; the empty
// one is not known.
function mlagSanity({ state, inconsistencies }: MlagState): string {
  if (state !== 'active') return ''
  return inconsistencies.length === 0 ? 'consistent' : 'inconsistent'
}

function mlagDetailJson(mlag: MlagState): JsonObject {
  const active = mlag.state === 'active'
  const other = mlag.role === 'primary' ? 'secondary' : 'primary'
  return {
    mlagState: mlag.role,
    peerMlagState: active ? other : 'unknown',
    enabled: mlag.state !== 'disabled',
    primaryPriority: 32_767,
    peerPrimaryPriority: active ? 32_767 : 0,
    peerMacAddress: mlag.peerMac ?? '00:00:00:00:00:00',
    peerMacRoutingSupported: false,
    peerPortsErrdisabled: false,
    heartbeatInterval: mlag.heartbeatInterval,
    effectiveHeartbeatInterval: mlag.heartbeatInterval,
    heartbeatTimeout: mlag.heartbeatInterval * 15,
    heartbeatTimeoutsSinceReboot: 0,
    udpHeartbeatAlive: active,
    udpHeartbeatsSent: 0,
    udpHeartbeatsReceived: 0,
    stateChanges: active ? 2 : 1,
    lastStateChangeTime: 0,
    failover: false,
    failoverInitiated: false,
    failoverCauseList: ['Unknown'],
    secondaryFromFailover: false,
    mountChanges: 1,
    mlagHwReady: true,
    lacpStandby: false,
    fastMacRedirectionEnabled: false,
    peerMonotonicClockOffset: 0,
  }
}

// The wide form is that of current releases, the narrow one is recorded on 4.1x; where it changed is not.
const MLAG_WIDE_SINCE = '4.23'
// 4.27 does not name the address of a second heartbeat where there is none, and a later release does (avd-lab, ntc).
const MLAG_NO_HEARTBEAT_SINCE = '4.28'

function mlagMlagText(context: ShowContext) {
  const { mlag } = context.state
  const wide = eosAtLeast(context.facts.eos, MLAG_WIDE_SINCE)
  const row = (label: string, value: string | number) => `${label.padEnd(wide ? 35 : 20)}:${String(value).padStart(20)}`
  return printedLines(
    definedItems(
      'MLAG Configuration:',
      row('domain-id', mlag.domainId),
      row('local-interface', mlag.localInterface),
      row('peer-address', mlag.peerAddress),
      row('peer-link', mlag.peerLink),
      mlagIsHeartbeatShown(context) && row('hb-peer-address', mlag.heartbeatAddress),
      wide && row('peer-config', mlagSanity(mlag)),
      '',
      'MLAG Status:',
      row('state', mlagCapital(mlag.state)),
      row('negotiation status', mlag.domainId === '' ? '' : mlagCapital(mlag.negotiation)),
      row('peer-link status', mlag.domainId === '' ? '' : mlagCapital(lineProtocolText(mlag.peerLinkStatus))),
      row('local-int status', mlag.domainId === '' ? '' : mlagCapital(lineProtocolText(mlag.localInterfaceStatus))),
      row('system-id', mlag.systemId),
      ...(wide ? [row('dual-primary detection', 'Disabled'), row('dual-primary interface errdisabled', 'False')] : []),
      '',
      'MLAG Ports:',
      ...Object.entries(mlagPortCounts(mlag)).map(([status, count]) => row(status, count)),
      '',
    ),
  )
}

function mlagIsHeartbeatShown({ facts, state: { mlag } }: ShowContext) {
  return (
    eosAtLeast(facts.eos, MLAG_WIDE_SINCE) &&
    (eosAtLeast(facts.eos, MLAG_NO_HEARTBEAT_SINCE) || mlag.heartbeatAddress !== '0.0.0.0')
  )
}

function mlagDetailText(mlag: MlagState) {
  const row = (label: string, value: string | number) => `${label.padEnd(32)}:${String(value).padStart(20)}`
  const yes = (is: boolean) => (is ? 'True' : 'False')
  const [configured, active] = [mlag.domainId !== '', mlag.state === 'active']
  return printedLines([
    'MLAG Detailed Status:',
    row('State', configured ? mlag.role : 'disabled'),
    row('Peer State', active ? (mlag.role === 'primary' ? 'secondary' : 'primary') : 'unknown'),
    row('State changes', configured ? (active ? 2 : 1) : 0),
    row('Last state change time', configured ? '1 day, 3:46:40 ago' : 'never'),
    row('Hardware ready', 'True'),
    row('Failover', 'False'),
    row('Failover Cause(s)', 'Unknown'),
    row('Last failover change time', 'never'),
    row('Secondary from failover', 'False'),
    row('Peer MAC address', mlag.peerMac ?? '00:00:00:00:00:00'),
    row('Peer MAC routing supported', 'False'),
    row('Reload delay', `${mlag.reloadDelay} seconds`),
    row('Non-MLAG reload delay', `${mlag.reloadDelayNonMlag} seconds`),
    row(mlag.role === 'primary' ? 'Peer ports errdisabled' : 'Ports errdisabled', 'False'),
    row('Lacp standby', 'False'),
    row('Configured heartbeat interval', `${mlag.heartbeatInterval} ms`),
    row('Effective heartbeat interval', configured ? `${mlag.heartbeatInterval} ms` : 'disabled'),
    row('Heartbeat timeout', `${configured ? mlag.heartbeatInterval * 15 : 0} ms`),
    row('Last heartbeat timeout', 'never'),
    row('Heartbeat timeouts since reboot', 0),
    row('UDP heartbeat alive', yes(active)),
    row('Heartbeats sent/received', '0/0'),
    row('Peer monotonic clock offset', active ? '0.000000 seconds' : 'unknown'),
    row('Agent should be running', yes(configured)),
    row('P2p mount state changes', configured ? 1 : 0),
    row('Fast MAC redirection enabled', 'False'),
  ])
}

function mlagCapital(word: string) {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
