/** The forms of affected versions: `<4.33` all before a train, `4.33.*` a train, `4.33.0-8` some of it, `4.34.7` one of it, `4.34.7.0` that without a hotfix. */
export const VERSIONS = /^(?:<4\.\d+|4\.\d+\.(?:\*|\d+(?:-\d+|\.\d+)?))$/

/** Whether a version, as `show version` prints it (`4.31.4M`, `4.34.7.1M`), is among these. One that cannot be read is not. */
export function isAffected(eos: string, affected: readonly string[]): boolean {
  const [, minor, patch = '0', hotfix = '0'] = /^4\.(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(eos) ?? []
  if (minor === undefined) return false
  const is = { minor: Number(minor), patch: Number(patch), hotfix: Number(hotfix) }
  return affected.some((versions) => isWithin(is, versions))
}

function isWithin(
  { minor, patch, hotfix }: Readonly<Record<'minor' | 'patch' | 'hotfix', number>>,
  versions: string,
): boolean {
  const [, before, train, first, last, exact] = /^(<)?4\.(\d+)(?:\.(\d+|\*)(?:-(\d+)|\.(\d+))?)?$/.exec(versions) ?? []
  if (train === undefined) return false
  if (before !== undefined) return minor < Number(train)
  if (minor !== Number(train)) return false
  if (first === undefined || first === '*') return true
  if (exact !== undefined) return patch === Number(first) && hotfix === Number(exact)
  return patch >= Number(first) && patch <= Number(last ?? first)
}
