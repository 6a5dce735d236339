/**
 * A shorter value may be an ordinary word or number, and removing it would make the output unreadable
 * (docs/security.md#values-that-are-no-secrets).
 */
export const SHORTEST = 8
const SHORTEST_NUMBER = 12

// Words that stand in output for themselves: of EOS, and of eosflow's records and reports. To remove them would break what is printed and
// recorded, and would tell everybody what the password is.
const WORDS = [
  'accepted access-list activate adjacency administrator advertised aggregate approval approved arista artefact attributes authentication',
  'authorization automatic bandwidth broadcast capability certificate checkpoint command-api commands community compensation',
  'completed concurrency condition config-session configuration configure confirmed connected connection container controller credential',
  'definition description detected development disabled discovered distribute dot1q-tunnel duration dynamic-list encapsulation encryption',
  'established ethernet evidence execution executions expired external extended failover firewall forwarding frequency hardware heartbeat',
  'hostname identity inactive interface interfaces interpreter inventory keepalive kubernetes learned link-state load-balance',
  'local-interface loopback maintenance management maximum-paths maximum-routes message microseconds milliseconds minimum monitoring multicast',
  'multipath neighbor neighbour neighbors netadmin network-admin network-operator networking notconnect operator originate parameters password',
  'passive-interface permission policy-map port-channel prefix-list principal privilege priority production progress protocol',
  'protocols redistribute redundancy reference rejected remote-as remote-interface requester resource response rollback route-map',
  'route-reflector-client router-id running-config satellite scheduled schedule secondary security sequence service-policy session sessions',
  'settings shutdown signature simulated simulation snapshot spanning-tree startup-config statement statistics step-up succeeded superuser',
  'switchport template threshold timed-out timestamp topology transport trunking unconfirmed undefined undefined-value unreachable',
  'aborting arguments baseline branches cancelled ci-token client-credentials comparison compensating confirming decision device-code',
  'immutable insecure iterator jsonpath known-hosts lost-answer not-approved not-authorised nothing-to-do parallel permissions restoring',
  'reverted rolled-back rollback-incomplete severity sibling-failed state-failed submitted tampered tolerated unauthenticated unchanged',
  'unentitled unreadable untouched verdicts verification window-closed wrong-device',
  'update-source username validate variables verified virtual-router workflow workflows',
]
  .join(' ')
  .split(' ')

/**
 * Why a value is not removed from output though it is a secret; undefined when it is removed. `names` are words that are
 * always shown, such as those of the switches.
 */
export function whyOrdinary(value: string, names: Iterable<string>): string | undefined {
  if (value.length < SHORTEST) return `is shorter than ${SHORTEST} characters`
  if (value.length < SHORTEST_NUMBER && /^\d+$/.test(value))
    return `is a number of fewer than ${SHORTEST_NUMBER} digits`
  if (/^([-=_*#. ])\1*$/.test(value)) return 'is a drawn line'
  const word = value.toLowerCase()
  if (WORDS.some((one) => one.includes(word))) return 'is an ordinary word'
  for (const name of names) if (name.toLowerCase().includes(word)) return 'is part of a name that is shown'
  return undefined
}
