import { readFileSync, writeFileSync } from 'node:fs'

/** Loaded before a program, writes what it has used when it ends: milliseconds of CPU (user and system), and the most memory in MiB. */
process.once('exit', () => {
  const { user, system } = process.cpuUsage()
  // What getrusage(2) calls the most is also that of the process which has started this one.
  const [, most] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  writeFileSync(process.env.USAGE_FILE, JSON.stringify({ cpu: (user + system) / 1000, memory: Number(most) / 1024 }))
})
