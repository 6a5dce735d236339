import { renderConfig } from '../../eos/config/text/render.ts'
import type { ConfigTree } from '../../eos/config/text/tree.ts'
import { converge } from '../../eos/sim/converge/converge.ts'
import type { NetworkState } from '../../eos/sim/converge/network-state.ts'
import { sha256 } from '../../model/digest.ts'

/** So many states are kept: a change of a few waves is seen in some dozen. */
const MOST = 64

/**
 * `converge` for trials that begin alike, one after the other: what it has computed for the same configurations on the same switches and cables
 * it gives again. With a fault between the switches it computes anew, because that may move with time. The switches and cables must be
 * those of one fabric.
 */
export function rememberedConverge(): typeof converge {
  const texts = new WeakMap<ConfigTree, string>()
  const states = new Map<string, NetworkState>()
  const digestOf = (tree: ConfigTree): string => {
    const digest = texts.get(tree) ?? sha256(renderConfig(tree))
    texts.set(tree, digest)
    return digest
  }
  return (devices, cabling, faults, at, demands) => {
    if (faults.length > 0) return converge(devices, cabling, faults, at, demands)
    const key = devices.map(({ name, config, up }) => `${name} ${up} ${digestOf(config)}`).join('\n')
    const state = states.get(key) ?? converge(devices, cabling, faults, at, demands)
    states.delete(key)
    states.set(key, state)
    const [oldest] = states.keys()
    if (states.size > MOST && oldest !== undefined) states.delete(oldest)
    return { ...state, at }
  }
}
