import { isMainThread } from 'node:worker_threads'

/**
 * Loaded before a server. When its parent asks, it tells how late a timer of 5 ms was on the thread of its engine since it was asked last, and what
 * share of that time the thread was at work; the memory of the process in MiB, and its CPU time so far in milliseconds.
 */
const PERIOD = 5

if (isMainThread && process.send !== undefined) {
  let late = []
  let before = performance.eventLoopUtilization()
  let due = performance.now() + PERIOD
  const tick = () => {
    const now = performance.now()
    late.push(now - due)
    due = now + PERIOD
    setTimeout(tick, PERIOD).unref()
  }
  setTimeout(tick, PERIOD).unref()
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    process.send({ late, utilization, memory: process.memoryUsage.rss() / 2 ** 20, cpu: (user + system) / 1000 })
    before = now
    late = []
  })
  process.channel.unref()
}
