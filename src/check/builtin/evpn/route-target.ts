/** The route targets among extended communities as EOS prints them: `Route-Target-AS:65001:10`, `Route-Target-IP:10.0.0.1:10`. */
export function routeTargetsOf(communities: readonly string[]): readonly string[] {
  return communities.flatMap((community) => /^Route-Target-[^:]+:(.+)$/.exec(community)?.[1] ?? [])
}

/** Whether two route targets are one: the autonomous system may be written as a number or in asdot notation (RFC 5396). */
export function sameRouteTarget(one: string, other: string): boolean {
  return plain(one) === plain(other)
}

function plain(target: string): string {
  return target.replace(/^(\d+)\.(\d+):/, (_, high: string, low: string) => `${Number(high) * 65_536 + Number(low)}:`)
}
