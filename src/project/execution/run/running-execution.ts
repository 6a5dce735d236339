import type { ProjectStore } from '../../app/store/project-store.ts'

// How long a process may take from its first record to its claim, in milliseconds.
const BEGINNING = 500

/** Whether a process runs an execution, or is about to: it claims the execution right behind the record with which it begins. */
export async function isExecutionRunning(
  { claims, clock }: Pick<ProjectStore, 'claims' | 'clock'>,
  id: string,
): Promise<boolean> {
  if (await claims.isClaimed(id)) return true
  await clock.sleep(BEGINNING)
  return claims.isClaimed(id)
}
