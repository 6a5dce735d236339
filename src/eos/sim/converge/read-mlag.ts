import { type ConfigTree, childLines, foundIn } from '../../config/text/tree.ts'

/** What `mlag configuration` says; the defaults are those of `show mlag detail` of 4.23 (suzieq). */
export interface MlagConfig {
  readonly domainId: string
  readonly localInterface: string
  readonly peerAddress: string
  readonly heartbeatAddress: string
  readonly peerLink: string
  readonly shutdown: boolean
  readonly heartbeatInterval: number
  readonly reloadDelay: number
  readonly reloadDelayNonMlag: number
}

/** MLAG as configured, or undefined without `mlag configuration`. */
export function readMlag(config: ConfigTree): MlagConfig | undefined {
  const block = config.children.find((node) => node.line === 'mlag configuration' || node.line === 'mlag')
  if (block === undefined) return undefined
  const lines = childLines(block)
  const value = (head: RegExp) => foundIn(lines, head)[0]
  const reloadDelay = Number(value(/^reload-delay (?:mlag )?(\d+)$/) ?? 300)
  return {
    domainId: value(/^domain-id (\S+)$/) ?? '',
    localInterface: value(/^local-interface (\S+)$/) ?? '',
    peerAddress: value(/^peer-address ([\d.]+)$/) ?? '',
    heartbeatAddress: value(/^peer-address heartbeat ([\d.]+)/) ?? '0.0.0.0',
    peerLink: value(/^peer-link (\S+)$/) ?? '',
    shutdown: lines.includes('shutdown'),
    heartbeatInterval: Number(value(/^heartbeat-interval (\d+)$/) ?? 4000),
    reloadDelay,
    reloadDelayNonMlag: Number(value(/^reload-delay non-mlag (\d+)$/) ?? reloadDelay),
  }
}
