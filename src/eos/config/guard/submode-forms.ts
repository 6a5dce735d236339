import { compilePattern, matchPattern } from '../rules/pattern.ts'

/**
 * Commands of submodes that begin like an exec command, or like one of the root that decides who may log in, and are none: the command that opens the submode, as its beginning,
 * and the patterns of the commands in it. The rule tables know some of them by the name of their feature alone, which would
 * take `dot1x re-authenticate` under an interface.
 *
 * Source: the submodes of the recorded configurations, and the EOS manual's command lists by mode.
 */
const forms: readonly (readonly [header: RegExp, patterns: readonly string[], only?: RegExp])[] = [
  [
    /^(?:interface|qos profile) /,
    [
      'dot1x aaa|authentication|authorization|credential|default|eapol|host-mode|mac|pae|port-control|reauthentication',
      'dot1x reauthorization|timeout|unauthorized|vlan',
    ],
  ],
  [/^dot1x$/, ['vlan', 'mac', 'aaa unresponsive', 'aaa accounting update', 'captive-portal', 'radius']],
  [/^evpn ethernet-segment$/, ['redundancy single-active|all-active']],
  [/^actions$/, ['log $']],
  [/^class /, ['log $']],
  // The key is hexadecimal: `license import` and `license update` name a file or nothing.
  [/^mac security$/, ['license * *'], /^license \S+ [\da-f]+$/i],
  [/^poe$/, ['reboot action']],
  [/^management ssh$/, ['user|username * $']],
  [/^(?:monitor telemetry influx|destination influxdb \S+)$/, ['username * password']],
  [/^vmtracer session /, ['username * $']],
  [/^management accounts$/, ['session default-limit *']],
  [/^mpls rsvp$/, ['refresh interval|method *']],
  [/^router bfd$/, ['session stats']],
  [/^router bgp /, ['session tracker']],
  [/^segment-routing srv6$/, ['locator *']],
  [/^management (?:api|ssh|console|telnet)/, ['session timeout', 'session privilege']],
  [/^management security$/, ['session shared-secret']],
  [/^address-family /, ['install map']],
  [/^exporter /, ['format ipfix|sflow']],
  [/./, ['tcp mss']],
  [/^ipv[46]$/, ['routing $']],
]

const compiled = forms.map(
  ([header, patterns, only = /./]) => [header, patterns.flatMap(compilePattern), only] as const,
)

/** Whether a command, `no` and `default` aside, is one of the submode that `header` opens, though an exec command begins alike. */
export function isSubmodeForm(header: string, words: readonly string[]): boolean {
  return compiled.some(
    ([opens, patterns, only]) =>
      opens.test(header) &&
      only.test(words.join(' ')) &&
      patterns.some((pattern) => matchPattern(pattern, words) !== undefined),
  )
}

/** The first words of the commands above. */
export const SUBMODE_WORDS: ReadonlySet<string> = new Set(
  forms.flatMap(([, patterns]) => patterns.map((pattern) => pattern.split(' ')[0] ?? '')),
)
