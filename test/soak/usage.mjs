import { writeFileSync } from 'node:fs'

/** Loaded before a program, writes what it has used when it ends: CPU of its own and of the system for it in milliseconds, and the most memory in MB. */
process.once('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const used = { cpu: userCPUTime / 1000, system: systemCPUTime / 1000, memory: maxRSS / 1024 }
  writeFileSync(process.env.USAGE_FILE, JSON.stringify(used))
})
