/** What the pages of this folder call things, and the longest name of each kind, without a place to break. */
const LONG: readonly (readonly [short: RegExp, long: string])[] = [
  [/\b((?:leaf|spine)\d)\b/g, '$1accessswitchofthethirdfloorofbuildingseventeen.dc1.example'],
  [/\b(?:Ada Berg|Ben Ortiz|Cleo Marsh|corp:ben)\b/g, 'SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8'],
  [/\badd-vlan\b/g, 'addavlantotheleavesandstretchitoverthefabricofthesite'],
  [/\b(?:PROD-CACHE|VOICE|PRINTERS)\b/g, 'PRODUCTIONCACHEOFTHETHIRDFLOOR17'],
  [/\b(?:net-leads|net-ops)\b/g, 'networkleadsofthenorthernandsoutherndatacentres'],
  [/\b(?:before|after)-vlan\b/g, 'snapshotbeforetheupgradeofallleavesofthebuilding'],
  [/\b(?:bgp-established|vlans-present|reachable)\b/g, 'everybgpneighbourisestablishedandhasitsprefixes'],
  [
    /\b(?:year-end|nightly-drift|weekly-vlan|leaf-checks|policy\.yaml)\b/g,
    'freezeattheendoftheyearinallofthedatacentres',
  ],
  [/\b(?:Nobody|Somebody)\b/g, 'sha256:9f31c02a77aa0c1d9f31c02a77aa0c1d9f31c02a77aa0c1d9f31c02a77aa0c1d'],
]

/** The HTML of a page on which all that has a name has the longest one. */
export function withLongNames(html: string): string {
  return LONG.reduce((text, [short, long]) => text.replaceAll(short, long), html)
}
