/**
 * Whether an EOS version is at least `major.minor`: `4.32.2F`, `4.34.2F-43232954.4342F.1 (engineering build)` and
 * `4.36.0.1F` are all compared by their first two numbers. A text that is no version counts as older than all.
 */
export function eosAtLeast(version: string, floor: string): boolean {
  const [major, minor] = release(version)
  const [floorMajor, floorMinor] = release(floor)
  return major === floorMajor ? minor >= floorMinor : major > floorMajor
}

function release(version: string): readonly [number, number] {
  const match = /^(\d+)\.(\d+)/.exec(version)
  return match === null ? [0, 0] : [Number(match[1]), Number(match[2])]
}
