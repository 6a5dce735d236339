#!/usr/bin/env node
import { VERSION } from '../../model/version.ts'
import { refusedNode } from '../../project/system/machine/node-floor.ts'

// The version is answered before anything is loaded: scripts ask for it often.
if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    process.exitCode = code === 'EPIPE' ? 0 : 1
  })
  process.stdout.write(`${VERSION}\n`)
} else {
  refuseOldNode()
  const argv = process.argv.slice(2)
  const code = (await completed(argv)) ? 0 : await run(argv)
  await Promise.all([process.stdout, process.stderr].map(written))
  // Not at the end of the event loop: there Node gives up its handlers of signals before the process is gone, and a second interrupt
  // ends by the signal what has ended well (node: FreeEnvironment; seen with 20.20, each time).
  process.exit(code)
}

async function run(argv: readonly string[]) {
  const { keepCode, loadProgram } = await import('./load-program.ts')
  const { main } = await loadProgram(argv)
  const code = await main(argv)
  keepCode()
  return code
}

async function completed([name, ...asked]: readonly string[]) {
  if (name !== '__complete') return false
  const { quickCompletion } = await import('./quick-completion.ts')
  const answer = quickCompletion(asked)
  if (answer === undefined) return false
  process.stdout.on('error', () => undefined)
  process.stdout.write(answer)
  return true
}

function refuseOldNode() {
  const refused = refusedNode(process.versions.node)
  if (refused === undefined) return
  process.stderr.write(`${refused}\n`)
  process.exit(3)
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    try {
      stream.write('', () => resolve())
    } catch {
      resolve()
    }
  })
}
