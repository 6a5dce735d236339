import { readFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/**
 * Loaded before a server. When its parent asks, it tells how late a timer of 5 ms was on the thread of its engine since it was asked last: as it
 * was, and without the time in which other programs had the processors. Besides what share of that time the thread was at work, the memory of the
 * process in MiB, and its CPU time so far in milliseconds.
 */
const PERIOD = 5

/** For how many milliseconds this thread has waited for a processor (proc(5), /proc/pid/schedstat: the second field, in nanoseconds). */
const waited = () => Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6

if (isMainThread && process.send !== undefined) {
  let [late, own] = [[], []]
  let waitedBefore = waited()
  let before = performance.eventLoopUtilization()
  let due = performance.now() + PERIOD
  const tick = () => {
    const now = performance.now()
    const waitedNow = waited()
    late.push(now - due)
    own.push(Math.max(0, now - due - (waitedNow - waitedBefore)))
    waitedBefore = waitedNow
    due = now + PERIOD
    setTimeout(tick, PERIOD).unref()
  }
  setTimeout(tick, PERIOD).unref()
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    process.send({ late, own, utilization, memory: process.memoryUsage.rss() / 2 ** 20, cpu: (user + system) / 1000 })
    before = now
    late = []
    own = []
  })
  process.channel.unref()
}
