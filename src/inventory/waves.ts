/** The size of a wave: a number of switches, or a percentage of all selected ones. */
export type WaveSize = number | `${number}%`

/** A switch as far as its place in the waves is concerned. */
interface Member {
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
}

/**
 * Orders switches into waves. Sizes work as Ansible's `serial`, a percentage being of all switches and rounded up;
 * the last size repeats. With `keepApart`, switches with equal values of that tag never share a wave: a wave takes
 * the next ones in order instead, or fewer.
 */
export function planWaves(
  devices: readonly Member[],
  { waves, keepApart }: { readonly waves: readonly WaveSize[]; readonly keepApart?: string | undefined },
): string[][] {
  const planned: string[][] = []
  let waiting: readonly Member[] = devices
  while (waiting.length > 0) {
    const size = sizeOf(waves[Math.min(planned.length, waves.length - 1)] ?? devices.length, devices.length)
    const wave = takeApart(waiting, size, keepApart)
    planned.push(wave.map(({ name }) => name))
    waiting = waiting.filter((device) => !wave.includes(device))
  }
  return planned
}

function sizeOf(size: WaveSize, all: number): number {
  const count = typeof size === 'number' ? size : Math.ceil((all * Number.parseInt(size, 10)) / 100)
  return Math.max(1, count)
}

function takeApart(waiting: readonly Member[], size: number, keepApart: string | undefined): Member[] {
  const taken: Member[] = []
  const groups = new Set<string>()
  for (const device of waiting) {
    if (taken.length === size) break
    const group = keepApart !== undefined && Object.hasOwn(device.tags, keepApart) ? device.tags[keepApart] : undefined
    if (group !== undefined && groups.has(group)) continue
    if (group !== undefined) groups.add(group)
    taken.push(device)
  }
  return taken
}
