import type { ConfigTree } from '../../config/tree.ts'

/** Milliseconds without input after which a terminal is closed: `idle-timeout MINUTES` of `management ssh`; 0 for never. */
export function idleMilliseconds(tree: ConfigTree): number {
  const block = tree.children.find(({ line }) => line === 'management ssh')
  const minutes = block?.children.map(({ line }) => /^idle-timeout (\d+)$/.exec(line)?.[1]).find(Boolean)
  return Number(minutes ?? 0) * 60_000
}
