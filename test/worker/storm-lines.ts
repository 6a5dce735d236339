import { percentile, type StormEnd } from './storm.ts'

/** A storm in lines: what happened, how long nobody drove, and what is wrong. */
export function stormLines(end: StormEnd): readonly string[] {
  const { outcomes, reasons, faults, takeovers, failovers, left, ends, requests, gaps, seconds, wrong, unmet } = end
  const [middle, last] = [percentile(failovers, 0.5), percentile(failovers, 0.99)]
  return [
    `${seconds.toFixed(0)} s: ${JSON.stringify(outcomes)}, ${takeovers} takeovers, to a person ${JSON.stringify(left)}`,
    `faults ${JSON.stringify(faults)}; workers ended ${JSON.stringify(ends)}`,
    ...Object.entries(reasons).map(([why, count]) => `${count} did not end well: ${why}`),
    `judged ${requests.left} requests that left and ${requests.seen} that switches have seen`,
    `nobody drove: p50 ${middle} ms, p99 ${last} ms of ${failovers.length}; nobody did anything for ${Math.max(0, ...gaps)} ms at most`,
    ...wrong.map((line) => `WRONG: ${line}`),
    ...unmet.map((name) => `UNMET: ${name}`),
  ]
}
