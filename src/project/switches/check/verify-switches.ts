import { requireAllowed } from '../../access/policy/authority.ts'
import type { App } from '../../app/app.ts'
import type { Caller } from '../../identity/caller.ts'
import { withReaders } from '../connect/read-each.ts'
import { judgeDevices, type SwitchVerification, type VerifiedSwitch } from './judged-devices.ts'

// Between two rounds of a verification that is asked again, in seconds.
const PAUSE = 5

/** Asks switches and judges their checks, again and again until all is good, for at most `within` seconds. */
export async function verifySwitches(
  app: App,
  caller: Caller,
  verifications: readonly SwitchVerification[],
  within: number,
): Promise<readonly VerifiedSwitch[]> {
  const devices = verifications.map(({ device }) => device)
  await requireAllowed(app, caller, 'task.verify', { devices: devices.map(({ name }) => name) })
  return await withReaders(app, caller, devices, async ({ fleet }) => {
    const end = app.clock.monotonic() + within * 1000
    for (;;) {
      const verified = await judgeDevices(app, caller, fleet, verifications)
      const left = end - app.clock.monotonic()
      if (verified.every(isGood) || left <= 0) return verified
      await app.clock.sleep(Math.min(PAUSE * 1000, left), caller.stop)
    }
  })
}

export function isGood({ results }: VerifiedSwitch): boolean {
  return results.every(({ status }) => status === 'success' || status === 'skipped')
}
