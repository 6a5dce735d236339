import { readFileSync, writeFileSync } from 'node:fs'

/** Loaded before a program, writes what it has used when it ends: milliseconds of its own user CPU, and of the system's for it; the most memory in MiB. */
process.once('exit', () => {
  const { user, system } = process.cpuUsage()
  // What getrusage(2) calls the most is also that of the process which has started this one.
  const [, most] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  writeFileSync(
    process.env.USAGE_FILE,
    JSON.stringify({ cpu: user / 1000, system: system / 1000, memory: Number(most) / 1024 }),
  )
})
