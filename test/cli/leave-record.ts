import { expect } from 'vitest'
import { inProcess } from './in-process.ts'

let copies = 0

/** Has a command leave one record in the store of a project, and a checkpoint over it: that of a backup. */
export async function leaveRecord(dir: string): Promise<void> {
  copies += 1
  const { code, stderr } = await inProcess(['store', 'backup', `copy-${copies}.db`], dir)
  expect(code, stderr).toBe(0)
}
