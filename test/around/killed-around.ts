import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { build, type Crash, type CrashEnd, crashAndResume } from '../e2e/crash.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { workflowFor } from '../lab/vlan-change.ts'
import { SECRETS } from './fake-services.ts'

/** A change of leaf1 with services around it. */
interface KilledAround extends Pick<Crash, 'point' | 'when' | 'look'> {
  /** `around` of the workflow. */
  readonly around: string
  /** The settings, given what refers to a secret: to a file, since whoever resumes has another environment. */
  readonly settings: (reference: (secret: string) => string) => string
}

/** Runs it in a process of its own that is killed with `kill -9`, and resumes it. */
export async function killedAround({ around, settings, ...crash }: KilledAround): Promise<CrashEnd> {
  const folder = temporaryFolder()
  for (const [name, secret] of Object.entries({ HTTP_KEY: 'k'.repeat(64), ...SECRETS }))
    writeFileSync(join(folder, name), secret, { mode: 0o600 })
  const { killingCli, remove } = await build()
  onTestFinished(remove)
  return crashAndResume(killingCli, {
    on: 'leaf1',
    switches: ['leaf1'],
    workflow: workflowFor('leaf1', { extra: `around: ${around}` }),
    settings: settings((secret) => `\${file:${join(folder, secret)}}`),
    ...crash,
  })
}
