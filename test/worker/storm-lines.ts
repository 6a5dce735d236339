import { percentile, type StormEnd } from './storm.ts'

/** A storm in lines: what happened, how long nobody drove, and what is wrong. */
export function stormLines(end: StormEnd): readonly string[] {
  const {
    outcomes,
    reasons,
    faults,
    takeovers,
    failovers,
    left,
    ends,
    requests,
    gaps,
    undriven,
    seconds,
    watchers,
    wrong,
    unmet,
  } = end
  const [middle, last] = [percentile(failovers, 0.5), percentile(failovers, 0.99)]
  const [inAll, atATime] = [undriven.map((one) => one.inAll), undriven.map((one) => one.longest)]
  return [
    `${seconds.toFixed(0)} s: ${JSON.stringify(outcomes)}, ${takeovers} takeovers, to a person ${JSON.stringify(left)}`,
    `faults ${JSON.stringify(faults)}; workers ended ${JSON.stringify(ends)}`,
    ...Object.entries(reasons).map(([why, count]) => `${count} did not end well: ${why}`),
    `judged ${requests.left} requests that left and ${requests.seen} that switches have seen`,
    `nobody drove: p50 ${middle} ms, p99 ${last} ms of ${failovers.length}; nobody did anything for ${Math.max(0, ...gaps)} ms at most`,
    `in all, nobody drove an execution: p50 ${percentile(inAll, 0.5)} ms, p99 ${percentile(inAll, 0.99)} ms, ${Math.max(0, ...inAll)} ms at most; ${Math.max(0, ...atATime)} ms at a time`,
    `${watchers.many} watched, and were told ${JSON.stringify(watchers.codes)}`,
    ...wrong.map((line) => `WRONG: ${line}`),
    ...unmet.map((name) => `UNMET: ${name}`),
  ]
}
