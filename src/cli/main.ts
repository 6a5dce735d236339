#!/usr/bin/env node
import { VERSION } from '../version.ts'

// The version is answered before anything is loaded: scripts ask for it often.
if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${VERSION}\n`)
} else {
  const { loadProgram } = await import('./load-program.ts')
  const { main } = await loadProgram()
  process.exitCode = await main(process.argv.slice(2))
}
