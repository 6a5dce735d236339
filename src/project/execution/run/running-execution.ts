import type { App } from '../../app/app.ts'

// How long a process may take from its first record to its claim, in milliseconds.
const BEGINNING = 500

/** Whether a process runs an execution, or is about to: it claims the execution right behind the record with which it begins. */
export async function isExecutionRunning(
  { claims, clock }: Pick<App, 'claims' | 'clock'>,
  id: string,
): Promise<boolean> {
  if (await claims.isClaimed(id)) return true
  await clock.sleep(BEGINNING)
  return claims.isClaimed(id)
}
