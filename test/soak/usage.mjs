import { writeFileSync } from 'node:fs'

/** Loaded before a program, writes what it has used when it ends: user CPU in milliseconds, and the most memory in MB. */
process.once('exit', () => {
  const { userCPUTime, maxRSS } = process.resourceUsage()
  writeFileSync(process.env.USAGE_FILE, JSON.stringify({ cpu: userCPUTime / 1000, memory: maxRSS / 1024 }))
})
