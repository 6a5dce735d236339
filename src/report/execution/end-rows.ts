import type { ExecutionState } from '../../change/engine/state.ts'
import { neverWords } from '../../eos/device/history.ts'
import type { DeviceEnd } from '../../model/act.ts'
import { isOdd, networkInShort, networkLines, networkOf, networkWords } from '../phrases/network-words.ts'
import type { Style } from '../text/style.ts'
import { hanging } from '../text/visible.ts'

const MEANS: Readonly<Record<Exclude<DeviceEnd, 'untouched'>, string>> = {
  changed: 'AFTER: confirmed, saved, read back',
  reverted: 'BEFORE: put back, read back',
  unchanged: 'BEFORE: nothing to change',
  unknown: 'UNKNOWN: see below',
}

/** What is read of where a switch ended; of one whose change was in force and was put back: `BEFORE: configuration read back, network as before`. */
export function endMeans(execution: ExecutionState, name: string, end: DeviceEnd): string {
  if (end === 'untouched') return untouchedMeans(execution, name)
  const network = networkOf(execution, name)
  return network === undefined ? MEANS[end] : `BEFORE: configuration read back, ${networkWords(network)}`
}

const untouchedMeans = ({ leftOut, devices }: ExecutionState, name: string): string =>
  leftOut.has(name) ? 'LEFT OUT: it did not answer' : `BEFORE: ${neverWords(devices.get(name))}`

/** So many lines about the network of one switch are shown. */
const ROWS = 8

/** What is not as before around the switches that were put back, or why nobody knows. */
export function networkRows(execution: ExecutionState, style: Style): readonly string[] {
  return execution.targets.flatMap((name) => {
    const found = networkOf(execution, name)
    if (found === undefined || !isOdd(found)) return []
    const others = networkLines(found).slice(1)
    const rest = others.length > ROWS ? [`and ${others.length - ROWS} more: eosflow show ${execution.id} --json`] : []
    const shown = [...others.slice(0, ROWS), ...rest]
    const lines = [`${name}: ${hanging(networkInShort(found))}`, ...shown.map((line) => `  ${hanging(line)}`)]
    return [style.warning(`! ${lines.join('\n')}`)]
  })
}
