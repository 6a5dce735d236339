import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import type { Bench, ProjectOptions } from '../e2e/harness.ts'
import { ADD_VLAN, PROJECT_FILES } from '../e2e/two-leaves.ts'
import { BUILT } from '../lab/checkout.ts'

/** A change that is verified for half a minute, so that there is time to do something meanwhile. */
export const LONG: ProjectOptions = {
  ...PROJECT_FILES,
  files: {
    ...PROJECT_FILES.files,
    'workflows/add-vlan.yaml': ADD_VLAN.replace('within: 2s', 'within: 40s').replace('stableFor: 0s', 'stableFor: 30s'),
  },
}
/** The built command, running in a process of its own. */
export interface Running {
  /** How it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>
  /** Resolves when its stderr matches. */
  said(line: RegExp): Promise<void>
  /** What it has printed on stderr until now. */
  printed(): string
  kill(signal: NodeJS.Signals): void
}

/** Where a command is started, and what of its environment is other than that of the test. */
interface StartedIn extends Pick<Bench, 'dir'> {
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the built command in the project. It is ended with the test at the latest. */
export function start(bench: StartedIn, ...argv: readonly string[]): Running {
  const child = spawn(process.execPath, [BUILT, ...argv], {
    cwd: bench.dir,
    env: { ...process.env, CI: '1', ...bench.env },
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.err += chunk
  })
  return {
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...said })),
    said: async (line) => {
      while (!line.test(said.err)) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`it ended without ${line}: ${said.err}`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
    printed: () => said.err,
    kill: (signal) => {
      child.kill(signal)
    },
  }
}

/** Starts the approved change of VLAN 120 in a process of its own. */
export async function startChange(bench: Bench): Promise<Running> {
  const plan = await bench.eosflow('plan', 'workflows/add-vlan.yaml', '-p', 'vlan=120', '-o', 'p.plan')
  const approved = await bench.eosflow('approve', 'p.plan')
  if (plan.code !== 0 || approved.code !== 0) throw new Error(plan.err + approved.err)
  return start(bench, 'run', 'p.plan')
}

/** The records of the newest execution. */
export async function historyOf(bench: Bench): Promise<readonly { readonly type: string; readonly seq: number }[]> {
  return JSON.parse((await bench.eosflow('history', '@latest', '--json')).out) as { type: string; seq: number }[]
}
